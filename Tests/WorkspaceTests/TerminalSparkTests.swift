import Glibc
import Support
import Testing

/// The shell at a terminal on a local workspace of its own: what a person sees from the first prompt to the last.
@Suite struct TerminalSparkTests {
    /// dbsh on a terminal, with the engine of this machine and a HOME of its own.
    static func open(_ arguments: [String], _ variables: [String: String] = [:]) throws -> PtySession {
        var environment = variables
        for name in ["DBSH_ENGINE", "DBSH_CONNECT", "XDG_CACHE_HOME"] {
            environment[name] = getenv(name).map { String(cString: $0) }
        }
        return try PtySession(
            program: ServedWorkspace.binary, arguments: arguments, environment: environment, columns: 100, rows: 30)
    }

    @Test func sqlThenPythonThenAnErrorThenCtrlCThenQuit() async throws {
        let shell = try Self.open(["--local"])
        try await shell.wait(for: "the prompt, before the engine is up") { $0.cursorLine == "sql @local>" }

        shell.send("create table sales as select id, id * 1.5 as amount from range(3);\r")
        try await shell.wait(for: "the number of rows made") { screen in
            screen.lines.contains("│                 3 │                 3 │") && screen.cursorLine == "sql @local>"
        }
        shell.send("select * from sales order by id;\r")
        try await shell.wait(for: "the table") { screen in
            screen.text.contains(
                """
                ┌────────┬───────────────┐
                │     id │        amount │
                │ BIGINT │ DECIMAL(23,1) │
                ├────────┼───────────────┤
                │      0 │           0.0 │
                │      1 │           1.5 │
                │      2 │           3.0 │
                └────────┴───────────────┘
                """) && screen.cursorLine == "sql @local>"
        }
        shell.send("%python print('sum', spark.table('sales').selectExpr('sum(amount)').first()[0])\r")
        try await shell.wait(for: "what Python printed") { $0.lines.contains("sum 4.5") }

        shell.send("%python 1/0\r")
        try await shell.wait(for: "the error and its traceback") { screen in
            screen.lines.contains("error: ZeroDivisionError: division by zero")
                && screen.text.contains("----> 1 1/0") && screen.cursorLine == "sql @local>"
        }

        // The cell says that it has begun, so that Ctrl-C meets it running and not on its way.
        shell.send("%python open('begun', 'w').close(); import time; time.sleep(60)\r")
        try await shell.wait(for: "the status line") { $0.text.contains("RUNNING") }
        shell.send("\u{3}")
        try await shell.wait(for: "the prompt again") { screen in
            screen.lines.contains { $0.hasPrefix("cancelled ") } && screen.cursorLine == "sql @local>"
        }
        shell.send("%python 'still ' + 'alive'\r")
        try await shell.wait(for: "the session to go on") { $0.lines.contains("'still alive'") }

        shell.send(".quit\r")
        #expect(try await shell.exitStatus() == 0)
        #expect(Processes.mentioning(shell.home.path) == [], "processes of the workspace are left")
    }

    @Test(arguments: [SIGTERM, SIGHUP]) func signalsEndEverything(_ signal: Int32) async throws {
        let shell = try Self.open(["--local"])
        try await shell.wait(for: "the prompt") { $0.cursorLine == "sql @local>" }
        shell.send("%python 6 * 7\r")
        try await shell.wait(for: "a context") { $0.lines.contains("42") && $0.cursorLine == "sql @local>" }
        #expect(Processes.mentioning(shell.home.path) != [])
        shell.signal(signal)
        #expect(try await shell.exitStatus() == 128 + signal)
        #expect(Processes.mentioning(shell.home.path) == [], "processes of the workspace are left")
    }

    @Test func ctrlCDropsTheLineAndCtrlDLeaves() async throws {
        let shell = try Self.open(["--local"])
        try await shell.wait(for: "the prompt") { $0.cursorLine == "sql @local>" }
        shell.send("select 'never sent\r")
        try await shell.wait(for: "the continuation prompt, with what is open") { $0.cursorLine.hasSuffix("'>") }
        shell.send("\u{3}")
        try await shell.wait(for: "an empty prompt") { $0.cursorLine == "sql @local>" }
        shell.send("\u{4}")
        #expect(try await shell.exitStatus() == 0)
    }
}

/// The processes of this machine, as /proc shows them (proc(5)).
enum Processes {
    /// Ids of the processes whose command line or environment names `text`.
    static func mentioning(_ text: String) -> [Int32] {
        guard let listing = opendir("/proc") else { return [] }
        defer { closedir(listing) }
        var found: [Int32] = []
        while let entry = readdir(listing) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard let id = Int32(name), id != getpid() else { continue }
            let files = ["cmdline", "environ"].compactMap { readFile("/proc/\(id)/\($0)") }
            if files.contains(where: { $0.contains(text) }) { found.append(id) }
        }
        return found
    }
}
