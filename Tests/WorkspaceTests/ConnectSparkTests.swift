import Glibc
import Support
import Testing

/// Python here and Spark on the workspace, at a terminal: what a person sees, and what runs at the server before and after.
@Suite struct ConnectSparkTests {
    private static let slow =
        "spark.range(0, 100000000000, 1, 4).selectExpr('(id ^ 7) % 5 as x').filter('x = 3').count()"

    /// How many operations of a session run at the endpoint, as the server says.
    private static func operations(of session: String, _ workspace: ServedWorkspace) async throws -> Int? {
        let scratch = try ScratchDirectory()
        let command = ShellCommand(
            "dbsh -q -c '.api GET /2.0/dbsh/connect/operations' | grep -c '\(session)'", in: scratch.path,
            environment: workspace.environment)
        return Int(try await command.run().output.filter(\.isNumber))
    }

    /// Opens Spark's session and answers its id.
    private static func session(of shell: PtySession) async throws -> String {
        try await shell.wait(for: "the prompt") { $0.cursorLine == prompt }
        shell.send("spark.range(5).count(); 'id ' + spark.session_id\r")
        try await shell.wait(for: "the session's id") { screen in
            screen.lines.contains { $0.hasPrefix("'id ") } && screen.cursorLine == prompt
        }
        let line = try #require(shell.screen.lines.first { $0.hasPrefix("'id ") })
        return line.dropFirst(4).prefix { $0 != "'" }.description
    }

    private static func open(_ workspace: ServedWorkspace, _ more: [String] = []) throws -> PtySession {
        try PtySession(
            program: ServedWorkspace.binary, arguments: ["--serverless", "-l", "python"] + more,
            environment: workspace.environment, columns: 100, rows: 30)
    }

    private static let prompt = "python @serverless (Python here)>"

    @Test func ctrlCStopsTheServerToo() async throws {
        let workspace = try await ServedWorkspace.shared()
        let shell = try Self.open(workspace)
        let session = try await Self.session(of: shell)
        #expect(shell.screen.text.contains("Python runs on this machine, and Spark on serverless"))
        shell.send(Self.slow + "\r")
        while try await Self.operations(of: session, workspace) == 0 {}
        shell.send("\u{3}")
        try await shell.wait(for: "the prompt") { screen in
            // A machine that has much to do may confirm it later than dbsh waits.
            let isOver = screen.lines.contains { $0.hasPrefix("cancelled ") || $0.hasPrefix("error: stopped waiting") }
            return isOver && screen.cursorLine == Self.prompt
        }
        // The server has been told, and ends it in a thread of its own.
        while try await Self.operations(of: session, workspace) != 0 {}
        shell.send("spark.range(6).count()\r")
        try await shell.wait(for: "the session to go on") { $0.lines.contains("6") && $0.cursorLine == Self.prompt }
        shell.send(".quit\r")
        #expect(try await shell.exitStatus() == 0)
        #expect(Processes.mentioning(shell.home.path) == [], "processes are left")
    }

    @Test func aStockClientConnects() async throws {
        let workspace = try await ServedWorkspace.shared()
        let scratch = try ScratchDirectory()
        let port = try #require(workspace.address.split(separator: ":").last)
        let program =
            "import sys; from pyspark.sql import SparkSession as S; "
            + "print(S.builder.remote(sys.argv[1]).getOrCreate().range(7).count())"
        func run(token: String) async throws -> ShellCommand.Result {
            let python = #"$(sed 's/.*"python": "\([^"]*\)".*/\1/' "$DBSH_CONNECT/connect.json")"#
            let remote = "sc://localhost:\(port)/;token=\(token);x-databricks-cluster-id=$DATABRICKS_CLUSTER_ID"
            return try await ShellCommand(
                "\(python) -E -c '\(program)' \"\(remote)\"", in: scratch.path, environment: workspace.environment
            ).run()
        }
        #expect(try await run(token: "$DATABRICKS_TOKEN").output == "7\n")
        #expect(try await run(token: "other").errors.contains("The token is not valid"))
    }

    @Test(arguments: [SIGKILL, SIGTERM, SIGHUP]) func noEndLeavesWorkBehind(_ signal: Int32) async throws {
        let workspace = try await ServedWorkspace.shared()
        let shell = try Self.open(workspace)
        let session = try await Self.session(of: shell)
        shell.send(Self.slow + "\r")
        while try await Self.operations(of: session, workspace) == 0 {}
        shell.signal(signal)
        // Nothing stops by itself: the server would go on with it for minutes.
        while try await Self.operations(of: session, workspace) != 0 {}
    }
}
