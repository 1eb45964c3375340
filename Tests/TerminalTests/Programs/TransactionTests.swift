import Support
import Testing

/// Transactions of several statements on a warehouse: the prompt's mark, the question at the end, what is refused.
@Suite(.timeLimit(.minutes(10))) struct TransactionTests {
    private static let prompt = "sql @starter>"
    private static let open = "sql @starter transaction>"
    private static let aborted = "sql @starter transaction aborted>"

    private func shell() async throws -> ScriptedShell {
        let workspace = try ScriptedWorkspace()
        workspace.server.on("POST", "/api/2.0/sql/sessions", .json(#"{"session_id":"s1"}"#))
        return try await ScriptedShell.open(at: workspace)
    }

    @Test func thePromptSaysHowItStands() async throws {
        let shell = try await shell()
        shell.type("begin transaction;")
        try await shell.prompt(below: "begin transaction", prompt: Self.open)
        shell.type("select 1;&")
        try await shell.prompt(below: "not in the background", prompt: Self.open)
        shell.type("fail;")
        try await shell.prompt(below: "on purpose", prompt: Self.aborted)
        shell.type("select 2;")
        try await shell.prompt(below: "select 2", prompt: Self.aborted)
        shell.type("rollback;")
        try await shell.prompt(below: "rollback", prompt: Self.prompt)
        shell.type("start transaction;")
        try await shell.prompt(below: "start transaction", prompt: Self.open)
        shell.type("commit;")
        try await shell.prompt(below: "commit", prompt: Self.prompt)
    }

    /// Where nothing commits by itself, a statement begins a transaction, and what only sets something does not.
    @Test func autocommitOffBeginsOne() async throws {
        let shell = try await shell()
        shell.type("set autocommit = false;")
        try await shell.prompt(below: "set autocommit", prompt: Self.prompt)
        shell.type("select 1;&")
        try await shell.prompt(below: "not in the background", prompt: Self.prompt)
        shell.type("select 1;")
        try await shell.prompt(below: "select 1", prompt: Self.open)
        shell.type("commit;")
        try await shell.prompt(below: "commit", prompt: Self.prompt)
        shell.type("select 2;")
        try await shell.prompt(below: "select 2", prompt: Self.open)
        shell.type("set autocommit = true;")
        try await shell.prompt(below: "autocommit = true", prompt: Self.prompt)
        shell.type("select 3;")
        try await shell.prompt(below: "select 3", prompt: Self.prompt)
    }

    @Test func leavingWithOneAsks() async throws {
        let shell = try await shell()
        shell.type("begin transaction;")
        try await shell.prompt(below: "begin transaction", prompt: Self.open)
        shell.type(".quit")
        try await shell.wait(for: "the question") { $0.cursorLine.hasSuffix("roll it back? [y/N]") }
        shell.type("")
        try await shell.prompt(below: "[y/N]", prompt: Self.open)
        shell.type(".quit")
        try await shell.wait(for: "the question") { $0.cursorLine.hasSuffix("roll it back? [y/N]") }
        shell.type("y")
        #expect(try await shell.pty.exitStatus() == 0)
    }

    /// Without a session each statement would stand alone: the beginning is not sent.
    @Test func itIsRefusedWithoutASession() async throws {
        let workspace = try ScriptedWorkspace()
        let home = try ScratchDirectory()
        let run = try await ShellCommand(
            "\(BuiltProduct.path("dbsh")) -X --warehouse \(ScriptedWorkspace.warehouse) -c 'begin transaction'",
            in: home.path, environment: ScriptedShell.variables(workspace)
        ).run()
        #expect(run.status == 2 && run.errors.contains("gives no session"), "\(run.errors)")
        #expect(workspace.count("POST /api/2.0/sql/statements") == 0)
    }

    @Test func aScriptThatForgetsToCommitIsTold() async throws {
        let workspace = try ScriptedWorkspace()
        workspace.server.on("POST", "/api/2.0/sql/sessions", .json(#"{"session_id":"s1"}"#))
        let home = try ScratchDirectory()
        let run = try await ShellCommand(
            "\(BuiltProduct.path("dbsh")) -X --warehouse \(ScriptedWorkspace.warehouse) -c 'begin work' -c 'select 1'",
            in: home.path, environment: ScriptedShell.variables(workspace)
        ).run()
        #expect(run.status == 0 && run.errors.contains("was not committed"), "\(run.errors)")
    }
}
