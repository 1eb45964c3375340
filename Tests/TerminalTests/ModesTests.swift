import Glibc
import Support
import Testing

@testable import Terminal

extension EditorTests {
    @Suite struct Modes {
        // MARK: - Key bindings

        @Test func viKeys() async throws {
            try await EditorSession.with(editrc: "bind -v\n") { session in
                let read = try await session.read()
                session.pty.send("select abc")
                try await session.wait(forCursorAt: 0, 12)
                session.pty.send(Key.escape)
                try await session.wait(forCursorAt: 0, 11)
                session.pty.send("0xA!" + Key.left + Key.left + "Z" + Key.end + Key.enter)
                try await session.pty.wait(forScreen: "> elect abZc!\n...>")
                // A paste is text in command mode too, which ESC alone begins.
                session.pty.send("x" + Key.escape)
                try await session.wait(forCursorAt: 1, 5)
                session.pty.paste("p\nq;")
                try await session.pty.wait(forScreen: "> elect abZc!\n...> p\n...> q;x")
                session.pty.send("x\r")
                #expect(await read.value == .line("elect abZc!\np\nq;"))
                let again = try await session.read()
                session.pty.send("x" + Key.escape)
                try await session.pty.wait(for: "command mode") { $0.column == 2 }
                session.pty.send("xk")
                try await session.pty.wait(for: "the entry") { $0.text.hasSuffix("> elect abZc!\n...> p\n...> q;") }
                session.pty.send("\r")
                #expect(await again.value == .line("elect abZc!\np\nq;"))
            }
        }

        /// Each line of keys is typed at `select f(a, "b c") x`, in command mode with the cursor on its last character.
        @Test(
            arguments: [
                ("ciwyz", "select f(a, \"b c\") yz"), ("F\"ci\"q", "select f(a, \"q\") x"), ("Fadi(", "select f() x"),
                ("Fada(", "select f x"), ("Fadi(u", "select f(a, \"b c\") x"), ("daw", "select f(a, \"b c\")"),
                // What libedit does itself goes on, counts too.
                ("02dw", "(a, \"b c\") x"), ("0d2w", "(a, \"b c\") x"), ("0yw$p", "select f(a, \"b c\") xselect"),
                ("Fayi(Pa", "select f(a, \"b c\"a, \"b c\") x"), ("ddia", "a"), ("0df\"x", " c\") x"),
                ("diq", "select f(a, \"b c\") x"),
            ] as [(String, String)])
        func viTextObjects(keys: String, text: String) async throws {
            try await EditorSession.with(columns: 60, editrc: "bind -v\n") { session in
                let read = try await session.read()
                session.pty.send("select f(a, \"b c\") x")
                try await session.wait(forCursorAt: 0, 22)
                session.pty.send(Key.escape)
                try await session.wait(forCursorAt: 0, 21)
                session.pty.send(keys)
                try await session.pty.wait(for: text) { $0.cursorLine == "> " + text }
                session.pty.send("\u{3}")
                _ = await read.value
            }
        }

        /// Settings that libedit itself would crash on or stop at are passed over; those for other programs are not ours.
        @Test func usersBindingsWin() async throws {
            let editrc = """
                # a comment
                bind '^X foo
                bind ^T no-such-command
                edit off
                other:bind ^G dbsh-up
                dbsh:bind ^G ed-move-to-beg
                bind "\\e[A" dbsh-newline
                """
            try await EditorSession.with(editrc: editrc) { session in
                let read = try await session.read()
                session.pty.send("b" + Key.control("G") + "a" + Key.end + Key.up + "c;\r")
                #expect(await read.value == .line("ab\nc;"))
            }
        }

        // MARK: - Without editing

        static func dumb(_ options: inout EditorOptions) { options.terminalType = "dumb" }

        @Test func dumbTerminalReadsWholeLines() async throws {
            try await EditorSession.with(configure: Self.dumb) { session in
                #expect(!session.editor.isInteractive)
                let read = Task { await session.editor.readLine(Prompt("> ")) }
                try await session.pty.wait(forScreen: ">")
                session.pty.send("select '1\r")
                try await session.pty.wait(forScreen: "> select '1\n'>")
                session.pty.send("2';\r")
                #expect(await read.value == .line("select '1\n2';"))
                let interrupted = Task { await session.editor.readLine(Prompt("> ")) }
                try await session.pty.wait(for: "a prompt") { $0.row == 2 && $0.cursorLine == ">" }
                session.interrupts.deliver(SIGINT)
                #expect(await interrupted.value == .interrupted)
                let ended = Task { await session.editor.readLine(Prompt("> ")) }
                try await session.pty.wait(for: "a prompt") { $0.row == 3 && $0.cursorLine == ">" }
                session.pty.send(Key.control("D"))
                #expect(await ended.value == .endOfFile)
            }
        }

        @Test func pipeHasNoPrompts() async throws {
            var (input, output): ([Int32], [Int32]) = ([0, 0], [0, 0])
            pipe(&input)
            pipe(&output)
            var options = EditorOptions()
            (options.input, options.output) = (input[0], output[1])
            options.isComplete = EditorSession.isComplete
            let editor = LineEditor(options: options, interrupts: Interrupts(isProcessWide: false))
            writeAll(input[1], "select\r\n1;\nlast")
            close(input[1])
            #expect(await editor.readLine(Prompt("> ")) == .line("select\n1;"))
            #expect(await editor.readLine(Prompt("> ")) == .line("last"))
            #expect(await editor.readLine(Prompt("> ")) == .endOfFile)
            await editor.close()
            close(output[1])
            var byte: UInt8 = 0
            #expect(Glibc.read(output[0], &byte, 1) == 0)
            close(output[0])
            close(input[0])
        }

        // MARK: - Secrets and questions

        @Test func secretIsNotShownAndNotKept() async throws {
            try await EditorSession.with { session in
                let read = Task { await session.editor.readSecret(Prompt("token: ")) }
                try await session.pty.wait(for: "the question") { $0.text == "token:" && $0.modes["2004"] == true }
                #expect(session.pty.isRaw)
                session.pty.send("dapiX" + Key.backspace + Key.up)
                session.pty.paste("12漢\n")
                session.editor.print("above\n")
                try await session.pty.wait(forScreen: "above\ntoken:")
                session.pty.send("\r")
                #expect(await read.value == .line("dapi12漢"))
                #expect(!session.pty.screen.text.contains("dapi"))
                #expect(session.history.entries == [])
                let interrupted = Task { await session.editor.readSecret(Prompt("again: ")) }
                try await session.pty.wait(for: "the question") {
                    $0.cursorLine == "again:" && $0.modes["2004"] == true
                }
                session.pty.send("x\u{3}")
                #expect(await interrupted.value == .interrupted)
            }
        }

        @Test func secretIsNotShownByADumbTerminalEither() async throws {
            try await EditorSession.with(configure: Self.dumb) { session in
                let read = Task { await session.editor.readSecret(Prompt("token: ")) }
                try await session.pty.wait(forScreen: "token:")
                session.pty.send("dapi\r")
                #expect(await read.value == .line("dapi"))
                session.editor.print("next\n")
                try await session.pty.wait(forScreen: "token:\nnext")
                #expect(session.pty.screen.modes == [:])
            }
        }

        @Test func questionIsOneLineAndNotKept() async throws {
            try await EditorSession.with { session in
                let read = Task { await session.editor.ask(Prompt("sure? ")) }
                try await session.pty.wait(for: "the question") { $0.text == "sure?" && $0.modes["2004"] == true }
                session.pty.paste("y\nz")
                session.pty.send("\r")
                #expect(await read.value == .line("y z"))
                #expect(session.history.entries == [])
            }
        }

        // MARK: - Ends

        @Test(arguments: [SIGTERM, SIGHUP]) func terminationEndsTheRead(signal: Int32) async throws {
            try await EditorSession.with { session in
                let read = try await session.read()
                session.interrupts.deliver(signal)
                #expect(await read.value == .terminated)
                #expect(!session.pty.isRaw)
                // And every further one at once.
                #expect(await session.editor.readLine(Prompt("> ")) == .terminated)
            }
        }

        @Test func cancelledTaskGivesTheTerminalBack() async throws {
            try await EditorSession.with { session in
                let read = try await session.read()
                read.cancel()
                #expect(await read.value == .interrupted)
                #expect(!session.pty.isRaw)
                #expect(try await session.read(typing: "x;\r") == .line("x;"))
            }
        }

        @Test func closingEndsWhatIsBeingRead() async throws {
            try await EditorSession.with { session in
                let read = try await session.read()
                await session.editor.close()
                #expect(await read.value == .terminated)
                #expect(await session.editor.readLine(Prompt("> ")) == .terminated)
            }
        }

        @Test func readsWaitForEachOther() async throws {
            try await EditorSession.with { session in
                let first = try await session.read()
                let second = Task { await session.editor.ask(Prompt("second: ")) }
                session.pty.send("1;\r")
                #expect(await first.value == .line("1;"))
                try await session.pty.wait(for: "the second") { $0.cursorLine == "second:" && $0.modes["2004"] == true }
                session.pty.send("2\r")
                #expect(await second.value == .line("2"))
            }
        }

        @Test func typingAheadIsKept() async throws {
            try await EditorSession.with { session in
                let first = try await session.read()
                session.pty.send("1;\r2;\r")
                #expect(await first.value == .line("1;"))
                #expect(await session.editor.readLine(Prompt("> ")) == .line("2;"))
            }
        }
    }
}
