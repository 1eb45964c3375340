import Support
import Testing

/// Background jobs at a terminal: their ends are told without disturbing what is typed, and the commands of a context queue.
@Suite struct BackgroundTests {
    /// The whole screen is compared: a cell of several lines, one of them wrapped, with the cursor in its middle.
    @Test func endOfAJobLeavesTheCellBeingTypedAsItWas() async throws {
        let shell = try await ScriptedShell.open(columns: 60, rows: 16)
        shell.type("hang a;&")
        try await shell.prompt(below: "[1] 01ef-")
        let long = "select 'a line that is longer than the window is wide, so that it wraps',"
        shell.pty.send("\(long)\r  'and a second'\u{1B}[D\u{1B}[D\u{1B}[A")
        try await shell.wait(for: "the cell") { $0.lines.contains("         ...>   'and a second'") && $0.row < 6 }
        // The cursor has arrived when a key has: it is taken away again.
        shell.pty.send("#\u{7F}!")
        try await shell.wait(for: "the key") { $0.text.contains("!") && !$0.text.contains("#") }
        let before = shell.pty.screen
        shell.workspace.finish("hang a")
        let first = "sql @starter> select 'a line"
        try await shell.wait(for: "the notice, and the cell below it with the cursor where it was") { screen in
            guard let notice = screen.lines.firstIndex(where: { $0.hasPrefix("[1] done · ") }),
                let cell = screen.lines.firstIndex(where: { $0.hasPrefix(first) }), notice < cell
            else { return false }
            return screen.lines.contains { $0.hasPrefix("         ...>   'and a second") }
                && screen.column == before.column
        }
        let after = shell.pty.screen
        // One line more, above the cell; what is above that and the cell itself are as they were.
        let start = try #require(before.lines.firstIndex { $0.hasPrefix(first) })
        let notice = try #require(after.lines.firstIndex { $0.hasPrefix("[1] done · ") })
        let cell = try #require(after.lines.firstIndex { $0.hasPrefix(first) })
        #expect(notice == start)
        #expect(Array(after.lines[..<notice]) == Array(before.lines[..<start]))
        #expect(after.lines[cell...].prefix(4) == before.lines[start...].prefix(4))
        #expect(after.row - cell == before.row - start && after.column == before.column)
        shell.pty.send("\u{7F}\u{1B}[B\u{1B}[F;\r")
        try await shell.wait(for: "the result of the cell as it was typed") { screen in
            screen.cursorLine == "sql @starter>" && screen.lines.contains { $0.hasPrefix("│ 'a line that is longer") }
        }
        let typed = long + "\n  'and a second'"
        #expect(shell.workspace.state.works.values.contains { $0.text == typed })
    }

    @Test func commandsOfAContextQueueAndStatementsDoNot() async throws {
        let shell = try await ScriptedShell.open(columns: 120)
        let workspace = shell.workspace
        for (number, code) in [(1, "%python hang one"), (2, "%python two"), (3, "hang three")] {
            shell.type(".bg \(code)")
            try await shell.prompt(below: "[\(number)] ")
        }
        shell.type("select four;")
        try await shell.prompt(below: "│ four   │")
        // The second waits for the first, as the service says it; until it has said so, everything is pending.
        try await list(shell) { lines in
            lines.contains { $0.contains("│ running │") && $0.contains("hang one") }
                && lines.contains { $0.contains("│ queued  │") && $0.contains("two") }
                && lines.contains { $0.contains("│ running │") && $0.contains("hang three") }
        }
        workspace.finish("hang one")
        try await shell.prompt(below: "[1] done · ", "[2] done · ")
        shell.type(".result 2")
        try await shell.prompt(below: "ran two")
        shell.type(".cancel")
        try await shell.prompt(below: "[3] cancelled")
        #expect(workspace.count("POST /api/2.0/sql/statements/01ef-") == 1)
        shell.type(".wait")
        try await shell.prompt()
        shell.type(".quit")
        #expect(try await shell.pty.exitStatus() == 0)
        #expect(workspace.contextsLeftBehind == [])
    }

    /// Who asked for the result and waited for it is not told afterwards that it is there.
    @Test func resultThatWasWaitedForNeedsNoNotice() async throws {
        let shell = try await ScriptedShell.open(columns: 120)
        shell.type("hang a;&")
        try await shell.prompt(below: "[1] ")
        shell.type(".result 1")
        try await shell.status("job 1: hang a")
        shell.workspace.finish("hang a")
        try await shell.prompt(below: "│ a      │")
        shell.type(".echo over")
        try await shell.prompt(below: "over")
        #expect(!shell.pty.screen.text.contains("[1] done"))
    }

    @Test func failureIsToldAndItsReasonKept() async throws {
        let shell = try await ScriptedShell.open(columns: 120)
        shell.type("fail a;&")
        try await shell.prompt(below: "[1] failed · ", ".result 1 says why")
        shell.type(".result 1")
        try await shell.prompt(below: "error: on purpose")
        shell.type("hang b;&")
        try await shell.prompt(below: "[2] ")
        shell.type(".wait 2")
        try await shell.status("job 2: hang b")
        shell.workspace.finish("hang b")
        try await shell.prompt(below: "[2] done · ")
    }

    /// Types `.jobs` until the list is so.
    private func list(_ shell: ScriptedShell, until isTrue: ([String]) -> Bool) async throws {
        let deadline = ContinuousClock.now + PtySession.timeout
        var round = 0
        while ContinuousClock.now < deadline {
            round += 1
            shell.pty.send("\u{C}.jobs\r.echo round \(round)\r")
            let end = "round \(round)"
            try await shell.wait(for: "the list") { $0.lines.contains(end) && $0.cursorLine == "sql @starter>" }
            if isTrue(shell.pty.screen.lines) { return }
        }
        Issue.record("the jobs never were so:\n\(shell.pty.screen.picture)")
    }
}
