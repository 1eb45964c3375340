import Glibc
import Support
import Testing

/// What scripts and the read-only gate have to do with a terminal: Ctrl-C ends a script with 130, and what destroys is
/// asked about once.
@Suite struct ScriptTerminalSparkTests {
    @Test func ctrlCEndsAScriptWith130AfterTheRemoteWorkWasCancelled() async throws {
        let shell = try TerminalSparkTests.open([
            "--local", "--ephemeral", "-c", "select 'first';", "-c", "%python import time; time.sleep(60)", "-c",
            "select 'never';",
        ])
        try await shell.wait(for: "the cell to run") { $0.text.contains("first") && $0.text.contains("RUNNING") }
        shell.send("\u{3}")
        try await shell.wait(for: "the word that it was cancelled") { $0.text.contains("cancelled") }
        #expect(try await shell.exitStatus() == 130)
        #expect(!shell.screen.text.contains("never"))
        #expect(Processes.mentioning(shell.home.path) == [], "processes of the workspace are left")
    }

    @Test func aTerminalAsksOnceBeforeADropAndTheGateHolds() async throws {
        let shell = try TerminalSparkTests.open(["--local", "--ephemeral"])
        try await shell.wait(for: "the prompt") { $0.cursorLine == "sql @local>" }
        shell.send("create table kept as select 42 as answer;\r")
        try await shell.wait(for: "the table") { $0.text.contains("row") && $0.cursorLine == "sql @local>" }
        shell.send("drop table kept;\r")
        try await shell.wait(for: "the question") { $0.cursorLine == "DROP TABLE: run it? [y/N]" }
        shell.send("n\r")
        try await shell.wait(for: "the prompt") { $0.text.contains("cancelled") && $0.cursorLine == "sql @local>" }
        shell.send("select answer + 1 as next from kept;\r")
        try await shell.wait(for: "the table to be there still") {
            $0.text.contains("43") && $0.cursorLine == "sql @local>"
        }
        shell.send(".readonly on\r")
        shell.send("drop table kept;\r")
        try await shell.wait(for: "the refusal, without a question") { screen in
            screen.lines.contains("error: the session is read-only, and DROP writes")
                && screen.cursorLine == "sql @local read-only>"
        }
        shell.send(".readonly off\r")
        shell.send("drop table kept;\r")
        try await shell.wait(for: "the question again") { $0.cursorLine == "DROP TABLE: run it? [y/N]" }
        shell.send("y\r")
        try await shell.wait(for: "the prompt") { $0.cursorLine == "sql @local>" }
        shell.send("select count(*) + 7000 as c from kept;\r")
        try await shell.wait(for: "the table to be gone") { $0.text.contains("TABLE_OR_VIEW_NOT_FOUND") }
        shell.send(".quit\r")
        #expect(try await shell.exitStatus() == 0)
    }
}
