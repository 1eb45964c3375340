import Support
import Testing

/// The connector's surface as a user of dbsh has it. The server is a script, or the local workspace without Spark.
protocol ConnectorSuite {}

extension ConnectorSuite {
    static var secret: String { "dapi-s3cret-value" }

    /// Runs dbsh against `server` as somebody with a token, in a directory of its own, and checks that no secret got out.
    func dbsh(
        _ arguments: String, _ server: String, in scratch: ScratchDirectory, input: String = "",
        environment: [String: String] = [:], flags: String = "-X"
    ) async throws -> ShellCommand.Result {
        var variables = [
            "PATH": ServedWorkspace.binary.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 }
                + ":/usr/bin:/bin",
            "DATABRICKS_HOST": server, "DATABRICKS_TOKEN": Self.secret,
        ]
        variables.merge(environment) { $1 }
        let command = "dbsh \(flags) \(arguments)"
        let line = input.isEmpty ? command : "printf '%s' '\(input)' | \(command)"
        let result = try await ShellCommand(
            line, in: scratch.path, environment: variables.filter { !$0.value.isEmpty }
        ).run()
        for name in ["DATABRICKS_TOKEN", "DATABRICKS_CLIENT_SECRET"] {
            guard let secret = variables[name], !secret.isEmpty else { continue }
            #expect(!result.output.contains(secret) && !result.errors.contains(secret))
        }
        return result
    }
}
