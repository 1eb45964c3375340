import Glibc
import Support
import Testing

/// The second Ctrl-C, scripts that are interrupted, and a context that is being made.
@Suite struct CtrlCTwiceTests {
    /// Neither the statement nor the command reacts to being cancelled.
    @Test(arguments: [
        ("deaf one;", "01ef-1", "POST /api/2.0/sql/statements/01ef-1/cancel", "RUNNING"),
        ("%python deaf", "cmd2", "POST /api/1.2/commands/cancel", "CANCELLING"),
    ]) func secondCtrlCDetachesAndKeepsTheID(
        _ line: String, _ id: String, _ cancel: String, _ state: String
    ) async throws {
        let shell = try await ScriptedShell.open()
        shell.type(line)
        try await shell.status("RUNNING")
        shell.pty.send("\u{3}")
        try await shell.wait(for: "that it cancels") { $0.text.contains("cancelling \(id) …") }
        #expect(await shell.workspace.received(cancel))
        shell.pty.send("\u{3}")
        try await shell.prompt(below: "left before the cancel was confirmed", "\(id) may still be running")
        // The id is good for looking after it.
        shell.type(id.hasPrefix("cmd") ? ".command \(id)" : ".statement \(id)")
        try await shell.prompt(below: state)
        shell.type("select next;")
        try await shell.prompt(below: "│ next   │")
    }

    /// A shell that a second Ctrl-C has made give up a context, whose creation the server has not answered yet.
    private func withCreationGivenUp() async throws -> (ScriptedShell, HeldReply) {
        let creation = HeldReply("/api/1.2/contexts/create")
        let shell = try await ScriptedShell.open(at: try ScriptedWorkspace(trouble: creation))
        shell.type("%python x")
        #expect(await creation.arrived())
        shell.pty.send("\u{3}")
        try await shell.wait(for: "that it cancels") { $0.text.contains("cancelling …") }
        shell.pty.send("\u{3}")
        try await shell.prompt(below: "left before the cancel was confirmed")
        return (shell, creation)
    }

    /// The reply that makes the context comes after the second Ctrl-C; what it made is destroyed all the same.
    @Test func contextThatComesTooLateIsDestroyed() async throws {
        let (shell, creation) = try await withCreationGivenUp()
        let workspace = shell.workspace
        // What is left to itself draws nothing over what is typed.
        creation.letGo()
        shell.pty.send("select 'some")
        #expect(await workspace.received("POST /api/1.2/contexts/destroy"))
        shell.pty.send("thing';\r")
        try await shell.prompt(below: "sql @starter> select 'something';", "│ 'something' │")
        shell.type(".quit")
        #expect(try await shell.pty.exitStatus() == 0)
        #expect(workspace.count("POST /api/1.2/contexts/create") == 1)
        #expect(workspace.contextsLeftBehind == [])
    }

    /// The next cell neither gets the context that was given up nor is taken for cancelled.
    @Test func cellAfterThatGetsAContextOfItsOwn() async throws {
        let (shell, creation) = try await withCreationGivenUp()
        let workspace = shell.workspace
        shell.type("%python y")
        try await shell.status("execution context")
        creation.letGo()
        try await shell.prompt(below: "ran y")
        shell.type(".quit")
        #expect(try await shell.pty.exitStatus() == 0)
        #expect(workspace.count("POST /api/1.2/contexts/create") == 2)
        #expect(workspace.contextsLeftBehind == [])
    }

    @Test(arguments: [["-f", "s.dbsh"], ["-c", "select first;hang in script;select never;"]])
    func interruptedScriptCancelsAndExits130(_ arguments: [String]) async throws {
        let workspace = try ScriptedWorkspace()
        let shell = try await ScriptedShell.open(
            ["-c", ".sh printf 'select first;\\nhang in script;\\nselect never;\\n' >s.dbsh"] + arguments,
            at: workspace, prompt: nil)
        try await shell.status("RUNNING")
        shell.pty.send("\u{3}")
        #expect(try await shell.pty.exitStatus() == 130)
        try await shell.pty.closed()
        #expect(shell.pty.screen.text.contains("cancelling 01ef-2 …") && shell.pty.screen.text.contains("cancelled"))
        #expect(workspace.count("POST /api/2.0/sql/statements/01ef-2/cancel") == 1)
        #expect(!workspace.state.works.values.contains { $0.text.contains("never") })
    }

    /// A script that waits for a cluster's command, with nobody at a terminal. The shell that runs it sees that Ctrl-C ended
    /// it, and does not go on with what stands after it.
    @Test func interruptedScriptWithoutATerminalDoesToo() async throws {
        let workspace = try ScriptedWorkspace()
        let home = try ScratchDirectory()
        // With job control (-m) a command in the background does not ignore SIGINT.
        try home.write(
            """
            set -m
            bash -c "\(BuiltProduct.path("dbsh")) --cluster \(ScriptedWorkspace.cluster) -c '%python hang'; echo went on" & pid=$!
            until [ -e go ]; do sleep 0.05; done; kill -INT -$pid; wait $pid
            """, to: "run")
        let environment = ScriptedShell.variables(workspace)
        async let run = ShellCommand("bash run", in: home.path, environment: environment).run()
        #expect(await workspace.received("GET /api/1.2/commands/status"))
        try home.write("", to: "go")
        let result = try await run
        #expect(result.status == 130)
        #expect(result.output == "")
        #expect(workspace.count("POST /api/1.2/commands/cancel") == 1)
        #expect(workspace.contextsLeftBehind == [])
    }
}
