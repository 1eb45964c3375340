import Glibc
import Support
import Testing

@testable import LocalWorkspace

/// A session by Spark Connect that outlives its tokens: a service principal's, which end after two seconds here.
@Suite struct ConnectTokenSparkTests {
    @Test func cellsRunOnWithNewTokens() async throws {
        let environment = ["DBSH_ENGINE", "XDG_CACHE_HOME", "HOME"].reduce(into: [String: String]()) { all, name in
            all[name] = getenv(name).map { String(cString: $0) }
        }
        let requests = Guarded<[String]>([])
        var options = LocalWorkspace.Options(
            dataDirectory: "", engine: try .find(environment: environment, home: environment["HOME"] ?? "/"))
        options.ephemeral = true
        options.accessTokenLifetime = .seconds(2)
        options.log = { line in requests.withLock { $0.append(line) } }
        let workspace = try await LocalWorkspace.start(options)
        let scratch = try ScratchDirectory()
        let variables = [
            "PATH": ServedWorkspace.binary.prefix(upTo: ServedWorkspace.binary.lastIndex(of: "/")!) + ":/usr/bin:/bin",
            "DATABRICKS_HOST": workspace.url, "DATABRICKS_CLIENT_ID": workspace.clientID,
            "DATABRICKS_CLIENT_SECRET": workspace.clientSecret,
            "DBSH_CONNECT": getenv("DBSH_CONNECT").map { String(cString: $0) } ?? "",
        ]
        let cells = (1...6).map { "-c 'import time; time.sleep(1); spark.range(\($0)).count()'" }
        let command = ShellCommand(
            "dbsh --serverless --debug -l python \(cells.joined(separator: " "))", in: scratch.path,
            environment: variables.mapValues { String($0) })
        let result = try await command.run()
        #expect(result.output == "1\n2\n3\n4\n5\n6\n" && result.status == 0)
        #expect(!result.errors.contains(workspace.clientSecret) && !result.errors.contains("local-"))
        let signIns = requests.withLock { all in all.count { $0.contains("/oidc/v1/token") } }
        #expect(signIns > 2, "six seconds of work with tokens of two seconds")
        await workspace.stop()
    }
}
