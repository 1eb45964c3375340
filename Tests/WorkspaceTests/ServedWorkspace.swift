import Glibc
import Support
import Testing

/// `dbsh serve`, running for all tests of this process. It is on a terminal of its own, so that it gets SIGHUP and ends
/// when the tests do, however they end.
final class ServedWorkspace: Sendable {
    let address: String
    let token: String
    private let session: PtySession

    private static let starting = Task { try await ServedWorkspace() }

    /// The one workspace; its first use starts it.
    static func shared() async throws -> ServedWorkspace { try await starting.value }

    /// The dbsh that was built together with the tests.
    static var binary: String { binaryDirectory + "/dbsh" }

    private static var binaryDirectory: String {
        // The test bundle lies beside the products of the same build.
        let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? CommandLine.arguments[0]
        return String(bundle.prefix(upTo: bundle.lastIndex(of: "/") ?? bundle.startIndex))
    }

    /// What a client needs to use it, and nothing that belongs to the person who runs the tests.
    var environment: [String: String] {
        [
            "PATH": "\(Self.binaryDirectory):/usr/bin:/bin", "DATABRICKS_HOST": address, "DATABRICKS_TOKEN": token,
            "DATABRICKS_CLUSTER_ID": "0101-000000-local001", "DATABRICKS_WAREHOUSE_ID": "00000000000010ca",
            "DBSH_CONNECT": getenv("DBSH_CONNECT").map { String(cString: $0) } ?? "",
        ]
    }

    /// Fails the test when the token is in anything that a command printed.
    func expectNoSecret(in result: ShellCommand.Result, of command: String) {
        #expect(!result.output.contains(token) && !result.errors.contains(token), "the token is shown by: \(command)")
    }

    private init() async throws {
        var inherited = ["DBSH_ENGINE": "", "XDG_CACHE_HOME": ""]
        for name in ["DBSH_ENGINE", "XDG_CACHE_HOME"] {
            inherited[name] = getenv(name).map { String(cString: $0) }
        }
        let session = try PtySession(
            program: Self.binary, arguments: ["serve", "--ephemeral"], environment: inherited, columns: 120)
        try await session.wait(for: "the address and token") { $0.text.contains("DATABRICKS_WAREHOUSE_ID=") }
        func value(_ name: String) -> String {
            let line = session.screen.lines.first { $0.contains("\(name)=") } ?? ""
            return String(line.drop { $0 != "=" }.dropFirst())
        }
        self.session = session
        address = value("DATABRICKS_HOST")
        token = value("DATABRICKS_TOKEN")
        // Transcripts show states, so they begin when everything runs.
        let home = try ScratchDirectory()
        _ = try await ShellCommand("dbsh -c 'select 1' -c '%python 1'", in: home.path, environment: self.environment)
            .run()
    }
}
