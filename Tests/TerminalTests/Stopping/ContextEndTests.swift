import Glibc
import Support
import Testing

/// Execution contexts are destroyed on every way out, and their loss is said: judged by what the server was asked.
@Suite struct ContextEndTests {
    /// How a shell with a context is left.
    enum Way: String, CaseIterable, Sendable {
        case quit, endOfInput, quitWhileAJobRuns, terminated, hungUp, closedTerminal, terminatedInACell, closedInACell
    }

    @Test(arguments: Way.allCases) func noContextIsLeftBehind(_ way: Way) async throws {
        let shell = try await ScriptedShell.open()
        let workspace = shell.workspace
        shell.type("%python x")
        try await shell.prompt(below: "ran x")
        #expect(workspace.contextsLeftBehind.count == 1)
        let status = try await leave(shell, way)
        let expected: [Int32] =
            switch way {
            case .quit, .endOfInput, .quitWhileAJobRuns: [0]
            case .terminated, .terminatedInACell: [128 + SIGTERM]
            case .hungUp, .closedInACell: [128 + SIGHUP]
            // The end of the input and the signal come together.
            case .closedTerminal: [0, 128 + SIGHUP]
            }
        #expect(expected.contains(status), "it was \(status)")
        if way != .closedTerminal, way != .closedInACell {
            try await shell.pty.closed()
            #expect(shell.pty.mode == shell.pty.initialMode)
            #expect(shell.pty.screen.modes["2004"] != true && shell.pty.screen.modes["25"] != false)
        }
        #expect(workspace.contextsLeftBehind == [])
        #expect(workspace.count("POST /api/1.2/contexts/create") == 1)
        if [.quitWhileAJobRuns, .terminatedInACell, .closedInACell].contains(way) {
            #expect(workspace.count("POST /api/1.2/commands/cancel") == 1)
        }
    }

    private func leave(_ shell: ScriptedShell, _ way: Way) async throws -> Int32 {
        switch way {
        case .quit: shell.type(".quit")
        case .endOfInput: shell.pty.send("\u{4}")
        case .quitWhileAJobRuns:
            shell.type(".bg %python hang")
            try await shell.prompt(below: "[1] ")
            shell.type(".quit")
            try await shell.wait(for: "the question") { $0.cursorLine.hasSuffix("[y/N]") }
            shell.type("y")
        case .terminated: shell.pty.signal(SIGTERM)
        case .hungUp: shell.pty.signal(SIGHUP)
        case .closedTerminal: await shell.pty.hangUp()
        case .terminatedInACell, .closedInACell:
            shell.type("%python hang")
            try await shell.status("RUNNING")
            if way == .closedInACell { await shell.pty.hangUp() } else { shell.pty.signal(SIGTERM) }
        }
        return try await shell.pty.exitStatus()
    }

    @Test(arguments: [SIGTERM, SIGHUP]) func scriptThatIsEndedLeavesNoContext(_ signal: Int32) async throws {
        let shell = try await ScriptedShell.open(["-c", "%python x", "-c", "%python hang"], prompt: nil)
        try await shell.status("RUNNING")
        shell.pty.signal(signal)
        #expect(try await shell.pty.exitStatus() == 128 + signal)
        #expect(shell.workspace.count("POST /api/1.2/commands/cancel") == 1)
        #expect(shell.workspace.state.contexts.count == 1)
        #expect(shell.workspace.contextsLeftBehind == [])
    }

    /// The program that reads the results goes away in the middle.
    @Test func readerThatGoesAwayLeavesNoContext() async throws {
        let workspace = try ScriptedWorkspace()
        let home = try ScratchDirectory()
        let text = String(repeating: "x", count: 200_000)
        let cells = "print('\(text)')\n# %%\nprint('\(text)')\n"
        try home.write(cells, to: "s.py")
        let result = try await ShellCommand(
            "\(BuiltProduct.path("dbsh")) -l python --cluster \(ScriptedWorkspace.cluster) -f s.py | head -c 10",
            in: home.path, environment: ScriptedShell.variables(workspace)
        ).run()
        #expect(result.output.utf8.count == 10)
        #expect(result.errors == "")
        #expect(workspace.state.contexts.count == 1)
        #expect(workspace.contextsLeftBehind == [])
    }

    @Test func lossIsSaidAndNothingIsRunAgain() async throws {
        let shell = try await ScriptedShell.open()
        let workspace = shell.workspace
        shell.type("%python first")
        try await shell.prompt(below: "ran first")
        workspace.loseContext()
        shell.type("%python second")
        try await shell.wait(for: "the cell, offered again") { screen in
            screen.cursorLine == "sql @starter> %python second"
                && ["the context is lost", "nothing was run again"].allSatisfy(screen.text.contains)
        }
        #expect(workspace.count("POST /api/1.2/commands/execute") == 2)
        #expect(workspace.count("POST /api/1.2/contexts/create") == 1)
        shell.type("")
        try await shell.prompt(below: "ran second")
        #expect(workspace.count("POST /api/1.2/contexts/create") == 2)
        shell.type(".rerun 1")
        try await shell.prompt(below: "ran first")
        shell.type(".quit")
        #expect(try await shell.pty.exitStatus() == 0)
        #expect(workspace.contextsLeftBehind == [])
    }

    /// A service that answers nonsense once has not lost the context: what the shell lets go of it destroys.
    @Test(arguments: ["/api/1.2/contexts/status", "/api/2.1/clusters/get"])
    func contextThatSeemsLostIsDestroyedNonetheless(_ path: String) async throws {
        let shell = try await ScriptedShell.open()
        shell.type("%python first")
        try await shell.prompt(below: "ran first")
        let broken = FaultServer.Reply.json(#"{"error":"InternalError: something"}"#, status: 500)
        shell.workspace.server.on("POST", "/api/1.2/commands/execute", broken)
        shell.workspace.server.on("GET", path, path.hasSuffix("status") ? broken : .json(#"{"not":"a cluster"}"#))
        shell.type("%python second")
        try await shell.wait(for: "the loss") {
            $0.text.contains("the context is lost") && $0.cursorLine.hasSuffix("%python second")
        }
        shell.pty.send("\u{3}")
        shell.type(".quit")
        #expect(try await shell.pty.exitStatus() == 0)
        #expect(shell.workspace.contextsLeftBehind == [])
    }

    @Test func attachedContextIsUsedAndTheOneBeforeDestroyed() async throws {
        let shell = try await ScriptedShell.open()
        let workspace = shell.workspace
        shell.type("%python first")
        try await shell.prompt(below: "ran first")
        workspace.change { $0.contexts["other"] = ScriptedWorkspace.Context() }
        shell.type(".context attach nowhere")
        try await shell.prompt(below: "error: ")
        shell.type(".context attach other")
        try await shell.prompt(below: "code goes to context other")
        shell.type("%python second")
        try await shell.prompt(below: "ran second")
        #expect(workspace.state.works.values.contains { $0.text == "second" && $0.context == "other" })
        #expect(workspace.contextsLeftBehind == ["other"])
        shell.type(".quit")
        #expect(try await shell.pty.exitStatus() == 0)
        #expect(workspace.contextsLeftBehind == [])
    }
}
