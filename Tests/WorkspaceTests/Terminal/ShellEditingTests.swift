import Glibc
import Support
import Testing

/// Editing with the whole shell around it: what the editor's own tests cannot see.
@Suite struct ShellEditingTests {
    @Test func threeHundredLinesPastedAreOneEditAndOneCell() async throws {
        try await withReplayShell { replay in
            let lines = ["select 'first'"] + (2...299).map { "  , \($0) as \"é漢 \($0)\"" } + ["  from t"]
            replay.shell.paste(lines.joined(separator: "\n"))
            try await replay.shell.wait(for: "the end of the text, nothing run") {
                $0.cursorLine == "       ...>   from t"
            }
            #expect(try await replay.statements("select") == 0)
            replay.type(";")
            try await replay.prompt(below: "│ 'first'")
            #expect(try await replay.statements("select") == 1)
            // Every line once, in order.
            let screen = replay.shell.screen
            let shown = (screen.scrollback + screen.lines).filter { $0.hasPrefix("       ...>   , ") }
            #expect(shown == (2...299).map { "       ...>   , \($0) as \"é漢 \($0)\"" })
            replay.shell.send("\u{1B}[A")
            try await replay.shell.wait(for: "the whole cell back, at its end") {
                $0.cursorLine == "       ...>   from t;"
            }
            replay.shell.send("\u{3}")
            try await replay.prompt()
            #expect(replay.shell.home.contents(".local/state/dbsh/history")?.split(separator: "\n").count == 1)
        }
    }

    @Test func aPastedScriptIsOneEditAndRunsCellByCell() async throws {
        try await withReplayShell { replay in
            replay.shell.paste("select 'a';\nselect 'b';\n.echo c\nselect 'd';\n")
            try await replay.shell.wait(for: "the text, nothing run") {
                $0.text.contains("...> select 'd';") && $0.cursorLine == "       ...>"
            }
            #expect(try await replay.statements("select") == 0)
            replay.type("")
            try await replay.prompt(below: "│ 'a'", "│ 'b'", "c", "│ 'd'")
            #expect(try await replay.statements("select") == 3)
        }
    }

    /// The terminal rewraps what stands on it, as most do, or leaves it as it is.
    @Test(arguments: [true, false]) func theWindowMayChangeWhileAWrappedCellIsTyped(_ rewraps: Bool) async throws {
        try await withReplayShell(columns: 40, rows: 12) { replay in
            let digits = String(repeating: "0123456789", count: 6)
            replay.type(".echo above")
            try await replay.prompt(below: "above")
            replay.shell.send("select '\(digits)',\r  '漢字")
            try await replay.shell.wait(for: "the cell in four rows") {
                $0.cursorLine == "       ...>   '漢字" && $0.row == 5
            }
            for (columns, text, column) in [
                (100, "é", 20), (40, "x", 21), (30, "y", 22), (77, "z", 23), (40, "1", 24), (100, "2", 25),
            ] {
                replay.shell.resize(columns: columns, rows: 12, rewraps: rewraps)
                replay.shell.send(text)
                try await replay.shell.wait(for: "\(text) at its place in \(columns) columns") {
                    $0.cursorLine.hasSuffix(text) && $0.column == column
                }
            }
            // Nothing is left of the cell as it was: in front of it is what was said before it. The key may have been drawn before
            // the window's new size was heard of, so that this too is waited for.
            let cell = "sql @local> select '\(digits)',\n       ...>   '漢字éxyz12"
            try await replay.shell.wait(for: "the cell, drawn for the last window") { screen in
                rewraps ? screen.text == "sql @local> .echo above\nabove\n" + cell : screen.text.hasSuffix(cell)
            }
            replay.shell.send("';\r")
            try await replay.prompt(below: "│ '\(digits)',")
            #expect(try await replay.statements("select") == 1)
        }
    }

    @Test func twoSessionsWriteOneHistory() async throws {
        let home = try ScratchDirectory()
        try await withReplayShell(environment: ["HOME": home.path]) { first in
            let second = try ReplayShell.open(first.client.workspace, [], ["HOME": home.path])
            try await second.wait(for: "the prompt") { $0.cursorLine == ReplayShell.prompt }
            for number in 1...25 {
                first.type(".echo first \(number)")
                second.send(".echo second \(number)\r")
            }
            try await first.prompt(below: "first 25")
            try await second.wait(for: "its last") { $0.lines.contains("second 25") }
            let entries = (home.contents(".local/state/dbsh/history") ?? "").split(separator: "\n").map(String.init)
            #expect(entries.count == 50)
            for name in ["first", "second"] {
                #expect(entries.filter { $0.contains(name) } == (1...25).map { ".echo \(name) \($0)" })
            }
            var status = stat()
            #expect(stat(home.path(".local/state/dbsh/history"), &status) == 0 && status.st_mode & 0o777 == 0o600)
            // What the other has typed is there, too.
            second.send(".echo from the other\r")
            try await second.wait(for: "it to be said") { $0.lines.contains("from the other") }
            first.type(".echo wake up")
            try await first.prompt(below: "wake up")
            first.shell.send("\u{12}the other")
            try await first.shell.wait(for: "the other's cell") {
                $0.cursorLine.hasSuffix("(reverse-i-search)`the other': .echo from the other")
            }
            first.shell.send("\r")
            try await first.prompt(below: "from the other")
        }
    }

    @Test func aDumbTerminalGetsTextAlone() async throws {
        try await withReplayShell(environment: ["TERM": "dumb"]) { replay in
            replay.type("select 'plain'")
            replay.type(";")
            try await replay.prompt(below: "│ 'plain'")
            #expect(replay.shell.screen.modes.isEmpty && replay.shell.screen.titles.isEmpty)
            let screen = replay.shell.screen
            for row in 0..<24 { for column in 0..<90 { #expect(screen.look(row, column) == Look()) } }
            replay.type(".quit")
            #expect(try await replay.shell.exitStatus() == 0)
        }
    }

    /// Far more than the window holds, with wide characters at the edges.
    @Test func aVeryLongLineIsEditedAtBothEnds() async throws {
        try await withReplayShell(columns: 61, rows: 10, isQuiet: false) { replay in
            let middle = String(repeating: "漢字é", count: 500)
            replay.shell.paste(" 'x\(middle)y'")
            try await replay.shell.wait(for: "the end") { $0.cursorLine.hasSuffix("y'") }
            replay.shell.send("\u{1}select\u{5};")
            try await replay.shell.wait(for: "the end again") { $0.cursorLine.hasSuffix("';") }
            replay.shell.send("\r")
            try await replay.prompt(below: "1 row · ")
            #expect(
                replay.shell.home.contents(".local/state/dbsh/history") == "select 'x\(middle)y';\n")
        }
    }

    @Test func keysOfViComeFromTheUsersFile() async throws {
        let home = try ScratchDirectory()
        try home.write("bind -v\n", to: ".editrc")
        try await withReplayShell(environment: ["HOME": home.path]) { replay in
            replay.shell.send("selec 'vi';\u{1B}")
            replay.shell.send("0ea")
            replay.shell.send("t\u{1B}A\r")
            try await replay.prompt(below: "│ 'vi'")
        }
    }
}
