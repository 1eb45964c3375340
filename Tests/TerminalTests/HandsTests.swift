import Glibc
import Support
import Testing

@testable import Terminal

extension EditorTests {
    /// What hands expect that come from other shells.
    @Suite struct Hands {
        @Test func editsInAnotherProgram() async throws {
            let configure: (inout EditorOptions) -> Void = { options in
                options.editElsewhere = { text in text == "nothing" ? nil : "edited " + text + ";\n\n" }
            }
            for (editrc, keys) in [("", Key.control("X") + Key.control("E")), ("bind -v\n", Key.escape + "v")] {
                try await EditorSession.with(editrc: editrc, configure: configure) { session in
                    let read = try await session.read()
                    session.pty.send("f(\r1)")
                    try await session.pty.wait(for: "the text") {
                        $0.cursorLine.hasSuffix("> 1)") || $0.cursorLine.hasSuffix(">     1)")
                    }
                    session.pty.send(keys)
                    try await session.pty.wait(for: "what was edited") {
                        $0.text.hasPrefix("> edited f(\n") && $0.cursorLine.hasSuffix("1);")
                    }
                    #expect(session.pty.isRaw)
                    session.pty.send("\r")
                    guard case .line(let text) = await read.value else { throw CancellationError() }
                    #expect(text.hasPrefix("edited f(\n") && text.hasSuffix("1);"))
                }
            }
            // One that fails leaves the text as it was.
            try await EditorSession.with(configure: configure) { session in
                let read = try await session.read()
                session.pty.send("nothing" + Key.control("X") + Key.control("E"))
                try await session.pty.wait(for: "a bell") { $0.bells == 1 && $0.cursorLine == "> nothing" }
                session.pty.send(";\r")
                #expect(await read.value == .line("nothing;"))
            }
        }

        @Test func remarkStandsBelowUntilTheNextKey() async throws {
            try await EditorSession.with(configure: { options in
                options.remark = { $0.hasSuffix(".quit") ? "a statement is open: ; runs it, Ctrl-C drops it" : nil }
            }) { session in
                let read = try await session.read()
                session.pty.send("select\r.quit\r")
                try await session.pty.wait(
                    forScreen: "> select\n...> .quit\n...>\na statement is open: ; runs it, Ctrl-C\ndrops it")
                session.pty.send("x")
                try await session.pty.wait(forScreen: "> select\n...> .quit\n...> x")
                session.pty.send("\u{3}")
                #expect(await read.value == .interrupted)
            }
        }

        @Test func bracketAtTheCursorShowsItsPartner() async throws {
            try await EditorSession.with { session in
                let read = try await session.read()
                session.pty.send("f(a[1], ')')")
                try await session.pty.wait(forScreen: "> f(a[1], ')')")
                // Behind the last: columns count the prompt.
                let screen = session.pty.screen
                #expect((0..<14).filter { screen.look(0, $0).isUnderlined } == [3, 13])
                session.pty.send(Key.home + Key.right + Key.right + Key.right)
                try await session.pty.wait(for: "the inner pair") { $0.column == 5 && $0.look(0, 5).isUnderlined }
                let inner = session.pty.screen
                #expect((0..<14).filter { inner.look(0, $0).isUnderlined } == [5, 7])
                session.pty.send("\u{3}")
                _ = await read.value
            }
        }

        @Test func linesStandBelowOneAnother() async throws {
            try await EditorSession.with(columns: 60) { session in
                let task = Task { await session.editor.readLine(Prompt("sql main.x> ")) }
                try await session.pty.wait(for: "a prompt") { $0.cursorLine == "sql main.x>" }
                session.pty.send("select 1,\r2")
                try await session.pty.wait(forScreen: "sql main.x> select 1,\n       ...> 2")
                session.pty.send(";\r")
                #expect(await task.value == .line("select 1,\n2;"))
            }
        }

        /// What runs between two reads has the screen; what is typed meanwhile is for the next read.
        @Test func typingAheadIsNotShown() async throws {
            try await EditorSession.with(configure: { $0.hidesTypeAhead = true }) { session in
                #expect(try await session.read(typing: "1;\r") == .line("1;"))
                session.pty.send("2;\r3")
                session.editor.print("status\n")
                try await session.pty.wait(for: "the output") { $0.text.contains("status") }
                #expect(session.pty.screen.text == "> 1;\nstatus")
                let second = Task { await session.editor.readLine(Prompt("> ")) }
                #expect(await second.value == .line("2;"))
                let third = Task { await session.editor.readLine(Prompt("> ")) }
                try await session.pty.wait(for: "the rest") { $0.cursorLine == "> 3" }
                session.pty.send(";\r")
                #expect(await third.value == .line("3;"))
            }
        }
    }
}

/// The same at the shell itself.
@Suite struct ShellHandsTests {
    @Test func habitsFromOtherPrompts() async throws {
        let shell = try await ScriptedShell.open(columns: 80)
        // What turns something on or off says which.
        shell.type("\\x")
        try await shell.prompt(below: ".mode vertical")
        shell.type("select one;")
        try await shell.prompt(below: "x  one")
        shell.type("\\x")
        shell.type("\\timing")
        try await shell.prompt(below: ".mode box", ".timing on")
        shell.type("\\timing")
        try await shell.prompt(below: ".timing off")
        shell.type("\\copy t")
        try await shell.prompt(below: ".import FILE TABLE fills a table from a file")
        shell.type("!echo from the shell")
        try await shell.wait(for: "its output") {
            $0.lines.contains("from the shell") && $0.cursorLine == "sql @starter>"
        }
        shell.type("select")
        shell.type(".quit")
        try await shell.wait(for: "the remark") { $0.text.hasSuffix("a statement is open: ; runs it, Ctrl-C drops it") }
        shell.pty.send("\u{3}")
        try await shell.wait(for: "the prompt") { $0.cursorLine == "sql @starter>" }
        shell.type("exit;")
        #expect(try await shell.pty.exitStatus() == 0)
        #expect(shell.pty.mode == shell.pty.initialMode)
    }

    @Test func editorChangesWhatIsTyped() async throws {
        let workspace = try ScriptedWorkspace()
        let shell = try await ScriptedShell.open(
            at: workspace, environment: ["EDITOR": "sed -i s/wrong/right/"], columns: 80)
        shell.pty.send("select wrong;\u{18}\u{5}")
        try await shell.wait(for: "the edited text") { $0.cursorLine == "sql @starter> select right;" }
        shell.pty.send("\r")
        try await shell.prompt(below: "│ right")
        #expect(!shell.workspace.state.works.values.contains { $0.text.contains("wrong") })
    }

    @Test func typingAheadGoesToTheNextPrompt() async throws {
        let shell = try await ScriptedShell.open(columns: 80)
        shell.type("hang first;")
        try await shell.status("RUNNING")
        shell.type("select second;")
        shell.pty.send("select thi")
        // The status line is drawn anew ten times a second: what was echoed into it would stay behind it.
        try await shell.wait(for: "a later status line") {
            !$0.cursorLine.hasPrefix("0.") && $0.cursorLine.hasSuffix("s · RUNNING")
        }
        #expect(!shell.pty.screen.text.contains("second"))
        shell.workspace.finish("hang first")
        try await shell.wait(for: "what was typed ahead") { screen in
            screen.cursorLine == "sql @starter> select thi" && screen.lines.contains { $0.contains("│ second │") }
        }
        shell.pty.send("rd;\r")
        try await shell.prompt(below: "│ third")
    }

    @Test func startUpScriptGoesOnAfterAnError() async throws {
        let scratch = try ScratchDirectory()
        try scratch.write(".nosuch\n.mode vertical\n", to: "rc.dbsh")
        try #require(mkdir(scratch.path("dbsh"), 0o700) == 0)
        try #require(rename(scratch.path("rc.dbsh"), scratch.path("dbsh/rc.dbsh")) == 0)
        let shell = try await ScriptedShell.open(environment: ["XDG_CONFIG_HOME": scratch.path], columns: 120, rows: 40)
        #expect(shell.pty.screen.text.contains("there is no command .nosuch"))
        shell.type("select one;")
        try await shell.prompt(below: "x  one")
    }
}
