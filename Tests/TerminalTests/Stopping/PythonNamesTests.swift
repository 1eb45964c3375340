import Support
import Testing

/// Live names of the Python context: asked for by Tab and not before, and never in the way of a cell.
@Suite struct PythonNamesTests {
    private static let execute = "POST /api/1.2/commands/execute"

    private func open(columns: Int = 90, rows: Int = 24) async throws -> ScriptedShell {
        let shell = try await ScriptedShell.open(
            ["-l", "python"], columns: columns, rows: rows, prompt: "python @dev>")
        shell.type("x = 1")
        try await shell.prompt(below: "ran x = 1", prompt: "python @dev>")
        return shell
    }

    private func names(_ workspace: ScriptedWorkspace) -> Int {
        workspace.state.works.values.count { $0.asksForNames }
    }

    @Test func cellsAloneAskForNothing() async throws {
        let shell = try await open()
        for number in 2...4 {
            shell.type("x = \(number)")
            try await shell.prompt(below: "ran x = \(number)", prompt: "python @dev>")
        }
        shell.type(".quit")
        #expect(try await shell.pty.exitStatus() == 0)
        #expect(shell.workspace.count(Self.execute) == 4)
        #expect(names(shell.workspace) == 0)
    }

    /// Tab waits for them.
    @Test(arguments: [(80, 24), (120, 40)]) func tabFetchesThem(_ columns: Int, _ rows: Int) async throws {
        let shell = try await open(columns: columns, rows: rows)
        shell.workspace.change { $0.names = ["customers", "customs", "other"] }
        shell.pty.send("cust\t")
        try await shell.wait(for: "what both begin with") { $0.cursorLine == "python @dev> custom" }
        shell.pty.send("\t")
        try await shell.wait(for: "both, as they are known") { screen in
            screen.lines.contains("customers  -- int") && screen.lines.contains("customs    -- int")
        }
        #expect(names(shell.workspace) == 1, "what is known is not asked for again")
        // After a cell they may be others.
        shell.workspace.change { $0.names = ["customary"] }
        shell.pty.send("\u{3}y = 2\r")
        try await shell.prompt(below: "ran y = 2", prompt: "python @dev>")
        shell.pty.send("cust\t")
        try await shell.wait(for: "the new one") { $0.cursorLine == "python @dev> customary" }
        #expect(names(shell.workspace) == 2)
        // No keyword takes the place of a module.
        shell.workspace.change { $0.names = [] }
        shell.pty.send("\u{3}import o\t!")
        try await shell.wait(for: "nothing put in") { $0.cursorLine == "python @dev> import o!" }
    }

    @Test func cellEnteredMeanwhileDoesNotWait() async throws {
        let shell = try await open()
        // The context is busy with the names, and would be for ever.
        shell.workspace.change { $0.names = nil }
        shell.pty.send("cust\t")
        #expect(await shell.workspace.received(Self.execute, times: 2))
        shell.pty.send("omers\r")
        try await shell.prompt(below: "ran customers", prompt: "python @dev>")
        #expect(shell.workspace.count("POST /api/1.2/commands/cancel") == 1)
        #expect(shell.workspace.state.works.values.contains { $0.asksForNames && $0.isCancelled })
    }

    @Test func nothingIsAskedWhileAJobRunsInTheContext() async throws {
        let shell = try await open()
        shell.type(".bg hang")
        try await shell.prompt(below: "[1] ", prompt: "python @dev>")
        shell.pty.send("cust\t!")
        try await shell.wait(for: "the key after Tab") { $0.cursorLine == "python @dev> cust!" }
        #expect(names(shell.workspace) == 0)
    }
}
