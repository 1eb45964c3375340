import Glibc
import Support
import Testing

/// Ctrl-Z and `fg`, under a shell with job control: a program that leads its own session cannot be stopped from its terminal.
@Suite struct SuspendTests {
    /// bash on a terminal, which has started dbsh.
    private func open(_ workspace: ScriptedWorkspace) async throws -> PtySession {
        let pty = try PtySession(
            program: "/bin/bash", arguments: ["--norc", "--noprofile", "-i"],
            environment: ScriptedShell.variables(workspace).merging(["PS1": "bash> "]) { $1 }, columns: 90)
        try await pty.wait(for: "bash") { $0.cursorLine == "bash>" }
        try #require(symlink(BuiltProduct.path("dbsh"), pty.home.path("dbsh")) == 0)
        pty.send("./dbsh -q --cluster \(ScriptedWorkspace.cluster) --warehouse starter\r")
        try await pty.wait(for: "the prompt") { $0.cursorLine == "sql @starter>" }
        return pty
    }

    /// bash says Stopped when waitpid(2) has told it so (WUNTRACED); `jobs -l` has it from the same place.
    private func stopped(_ pty: PtySession) async throws {
        pty.send("\u{1A}")
        try await pty.wait(for: "the stop") { screen in
            screen.cursorLine == "bash>" && screen.lines.contains { $0.hasPrefix("[1]+  Stopped") }
        }
    }

    @Test func suspendedShellComesBackWithItsLine() async throws {
        let workspace = try ScriptedWorkspace()
        let pty = try await open(workspace)
        pty.send("select kept\ronce")
        try await pty.wait(for: "what is typed") { $0.cursorLine == "         ...> once" }
        try await stopped(pty)
        pty.send("clear; fg\r")
        try await pty.wait(for: "the line as it was") {
            $0.text.hasSuffix("sql @starter> select kept\n         ...> once")
        }
        pty.send("!;\r")
        try await pty.wait(for: "the result") { screen in
            screen.cursorLine == "sql @starter>" && screen.text.contains("│ kept once! │")
        }
        pty.send("\u{4}")
        try await pty.wait(for: "bash, with its terminal") { $0.cursorLine == "bash>" }
    }

    /// The picture that is left behind, and the one drawn after `fg`: no more, however often it is stopped.
    @Test func eachStopDrawsTheLineOnce() async throws {
        let workspace = try ScriptedWorkspace()
        let pty = try await open(workspace)
        pty.send("select kept")
        try await pty.wait(for: "what is typed") { $0.cursorLine == "sql @starter> select kept" }
        for round in 1...6 {
            pty.send("\u{1A}")
            try await pty.wait(for: "the shell, in round \(round)") { screen in
                screen.cursorLine == "bash>" && screen.lines.contains { $0.hasPrefix("[1]+  Stopped") }
            }
            // The one that is left behind.
            #expect(pty.screen.lines.count { $0.hasPrefix("sql @starter> select kept") } == 1)
            pty.send("clear\r")
            try await pty.wait(for: "an empty screen") { $0.text == "bash>" }
            pty.send("fg\r")
            try await pty.wait(for: "the line, in round \(round)") { screen in
                screen.lines.dropFirst(2).first == "sql @starter> select kept" && screen.row == 2
                    && screen.lines[3] == ""
            }
        }
        pty.send(";\r")
        try await pty.wait(for: "the result") { $0.text.contains("│ kept ") }
        #expect(pty.screen.lines.count { $0.hasPrefix("sql @starter> select kept") } == 1)
    }

    /// The screen is given back as it was, and `fg` draws the browser again.
    @Test func suspendedBrowserComesBack() async throws {
        let workspace = try ScriptedWorkspace()
        let pty = try await open(workspace)
        pty.send("select kept;\r")
        try await pty.wait(for: "the result") { $0.cursorLine == "sql @starter>" && $0.text.contains("│ kept ") }
        for start in ["\u{1B}OR", ".browse\r"] {
            pty.send(start)
            try await pty.wait(for: "the browser") { $0.modes["1049"] == true && $0.lines[3] == "kept" }
            for _ in 1...2 {
                pty.send("\u{1A}")
                try await pty.wait(for: "the stop, on the screen as it was") { screen in
                    screen.modes["1049"] == false && screen.cursorLine == "bash>"
                        && screen.lines.contains { $0.hasPrefix("[1]+  Stopped") }
                }
                pty.send("clear; fg\r")
                try await pty.wait(for: "the browser again") { screen in
                    screen.modes["1049"] == true && screen.lines[3] == "kept"
                        && screen.lines[23].hasPrefix("row 1 of 1 · x")
                }
            }
            pty.send("q!\u{3}")
            try await pty.wait(for: "the prompt") { $0.modes["1049"] == false && $0.cursorLine == "sql @starter>" }
        }
        pty.send("\u{4}")
        try await pty.wait(for: "bash, with its terminal") { $0.cursorLine == "bash>" }
    }

    @Test func suspendedCellGoesOnAndCanBeCancelled() async throws {
        let workspace = try ScriptedWorkspace()
        let pty = try await open(workspace)
        pty.send("hang a;\r")
        try await pty.wait(for: "the status line") { $0.cursorLine.hasSuffix("RUNNING") }
        try await stopped(pty)
        let before = workspace.server.log.entries.count
        pty.send("fg\r")
        #expect(await workspace.server.log.wait { $0.count > before }, "it asks after the statement again")
        pty.send("\u{3}")
        try await pty.wait(for: "the prompt") { screen in
            screen.cursorLine == "sql @starter>" && screen.lines.contains { $0.contains("cancelled 01ef-1") }
        }
        #expect(workspace.count("POST /api/2.0/sql/statements/01ef-1/cancel") == 1)
    }
}
