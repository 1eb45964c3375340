import Glibc
import Support
import Testing

@testable import Terminal

extension EditorTests {
    @Suite struct Editing {
        @Test func severalLinesAreOneText() async throws {
            try await EditorSession.with { session in
                let read = try await session.read()
                #expect(session.pty.isRaw)
                session.pty.send("select 1\rfrom t;\r")
                #expect(await read.value == .line("select 1\nfrom t;"))
                try await session.pty.wait(forScreen: "> select 1\n...> from t;")
                #expect(!session.pty.isRaw)
                try await session.pty.wait(for: "the end of bracketed paste") { $0.modes["2004"] == false }
            }
        }

        @Test func promptsShowWhatIsOpenAndLinesAreIndented() async throws {
            try await EditorSession.with { session in
                let read = try await session.read()
                session.pty.send("f(\rg(\r1")
                try await session.pty.wait(forScreen: "> f(\n(>     g(\n(>         1")
                // Within the indentation, Backspace takes a step of it.
                session.pty.send(Key.backspace + Key.backspace + "))\r'a\r';\r")
                #expect(await read.value == .line("f(\n    g(\n    ))\n'a\n';"))
                try await session.pty.wait(forScreen: "> f(\n(>     g(\n(>     ))\n...> 'a\n'> ';")
            }
        }

        @Test func recalledTextIsEditedAsAWhole() async throws {
            try await EditorSession.with { session in
                #expect(try await session.read(typing: "select 1\rfrom t;\r") == .line("select 1\nfrom t;"))
                let read = try await session.read()
                session.pty.send(Key.up)
                try await session.wait(forCursorAt: 3, 12)
                session.pty.send(Key.up + Key.end + "23")
                try await session.wait(forCursorAt: 2, 12)
                session.pty.send(Key.enter)
                #expect(await read.value == .line("select 123\nfrom t;"))
            }
        }

        /// What is typed, what comes of it.
        static let keys: [(keys: String, text: String)] = [
            ("b" + Key.home + "a", "ab"),
            ("a" + Key.left + "b" + Key.end + Key.backspace, "b"),
            ("one two" + Key.control("W") + Key.control("Y") + Key.control("Y"), "one twotwo"),
            ("one two" + Key.control("U") + "x" + Key.control("Y"), "xone two"),
            // Kills in a row are one; an older one comes with Alt-Y.
            ("a b c" + Key.control("W") + Key.control("W") + Key.control("Y"), "a b c"),
            ("a b" + Key.control("W") + Key.home + Key.control("K") + Key.control("Y") + Key.escape + "y", "b"),
            ("one two" + Key.control("_"), "one "),
            ("one two" + Key.escape + "bX", "one Xtwo"),
            ("one two" + Key.home + Key.escape + "d", " two"),
            ("abc" + Key.control("A") + Key.control("D") + Key.control("K"), ""),
            ("x" + Key.altEnter + "y", "x\ny"),
            ("x" + Key.altEnter + "y" + Key.home + Key.backspace, "xy"),
            ("x" + Key.altEnter + "y" + Key.up + "z", "xz\ny"),
            // Clusters are single steps, and Up and Down keep to the column.
            ("漢字é👩‍🔬" + Key.backspace + Key.left + Key.backspace, "漢é"),
            ("xe\u{301}" + Key.backspace, "x"),
            ("漢字漢" + Key.altEnter + "abc" + Key.up + "x", "漢x字漢\nabc"),
            // Keys that mean nothing leave nothing behind.
            ("\u{1B}[15~a\u{1B}[1;2R", "a"),
            ("a\u{1B}xb", "ab"),
        ]

        @Test(arguments: keys.indices) func editing(index: Int) async throws {
            let (keys, text) = Self.keys[index]
            try await EditorSession.with { session in
                let read = try await session.read()
                session.pty.send(keys)
                // The end of the text, and what makes it complete.
                session.pty.send("\u{1B}>;\r")
                #expect(await read.value == .line(text + ";"))
            }
        }

        @Test func controlCDropsTheText() async throws {
            try await EditorSession.with { session in
                let read = try await session.read()
                session.pty.send("select\rhalf")
                try await session.pty.wait(forScreen: "> select\n...> half")
                session.pty.send("\u{3}")
                #expect(await read.value == .interrupted)
                try await session.pty.wait(forScreen: "> select\n...> half^C")
                #expect(session.history.entries == [])
                #expect(try await session.read(typing: "x;\r") == .line("x;"))
            }
        }

        @Test func controlDEndsOnlyAnEmptyText() async throws {
            try await EditorSession.with { session in
                let line = try await session.read(typing: "a" + Key.control("D") + ";" + Key.enter)
                #expect(line == .line("a;"))
                #expect(try await session.read(typing: Key.control("D")) == .endOfFile)
            }
        }

        @Test func pasteIsOneEdit() async throws {
            try await EditorSession.with(rows: 12) { session in
                let read = try await session.read()
                session.pty.paste("select 1,\r\n\t'é漢\u{3}\u{7}';\nselect 2;\n")
                try await session.pty.wait(forScreen: "> select 1,\n...>    'é漢';\n...> select 2;\n...>")
                session.pty.send(Key.enter)
                try await session.pty.wait(for: "a line more, as the text does not end in a semicolon") { $0.row == 4 }
                session.pty.send(Key.control("_") + Key.control("_"))
                try await session.pty.wait(for: "nothing left after undoing the paste") { $0.text == ">" }
                session.pty.send("x;\r")
                #expect(await read.value == .line("x;"))
            }
        }

        @Test func longPasteArrivesWhole() async throws {
            try await EditorSession.with { session in
                let text = (1...300).map { "select \($0) as \"é漢\"," }.joined(separator: "\n") + "\n1;"
                let read = try await session.read()
                session.pty.paste(text)
                session.pty.send(Key.enter)
                #expect(await read.value == .line(text))
                // The scrollback has every line of it, once.
                try await session.pty.wait(for: "the last line") { $0.text.hasSuffix("...> 1;") }
                let rows = session.pty.screen.scrollback + session.pty.screen.lines
                for number in 1...300 { #expect(rows.count { $0.contains("> select \(number) as") } == 1) }
            }
        }

        @Test func textMayBeTallerThanTheWindow() async throws {
            try await EditorSession.with(columns: 20, rows: 5) { session in
                let read = try await session.read()
                session.pty.send("f(" + (1...9).map { "\r\($0)" }.joined())
                try await session.pty.wait(forScreen: "(>     5\n(>     6\n(>     7\n(>     8\n(>     9")
                session.pty.send(String(repeating: Key.up, count: 9) + "X")
                try await session.pty.wait(forScreen: "> f(X\n(>     1\n(>     2\n(>     3\n(>     4")
                session.pty.send("\u{1B}>);\r")
                #expect(await read.value == .line("f(X" + (1...9).map { "\n    \($0)" }.joined() + ");"))
                try await session.pty.wait(for: "the last line") { $0.text.hasSuffix("9);") }
                let rows = session.pty.screen.scrollback + session.pty.screen.lines
                #expect(rows.filter { !$0.isEmpty }.map { $0.filter(\.isNumber) }.suffix(9) == (1...9).map { "\($0)" })
            }
        }

        @Test func longLineWithoutNewlines() async throws {
            try await EditorSession.with(columns: 20, rows: 4) { session in
                let read = try await session.read()
                session.pty.send(String(repeating: "x", count: 140) + Key.control("A"))
                try await session.pty.wait(for: "the text's start") { $0.lines[0].hasPrefix("> xxx") && $0.column == 2 }
                session.pty.send(Key.control("E") + String(repeating: "y", count: 120) + ";\r")
                #expect(
                    await read.value
                        == .line(String(repeating: "x", count: 140) + String(repeating: "y", count: 120) + ";")
                )
            }
        }

        @Test func printsAboveTheLineBeingEdited() async throws {
            try await EditorSession.with { session in
                let read = try await session.read()
                session.pty.send("f(\rtyped" + Key.left + Key.left)
                try await session.wait(forCursorAt: 1, 10)
                session.editor.print("job 1 is done\nin two lines\n")
                try await session.pty.wait(forScreen: "job 1 is done\nin two lines\n> f(\n(>     typed")
                try await session.wait(forCursorAt: 3, 10)
                session.pty.send("X" + Key.end + ");\r")
                #expect(await read.value == .line("f(\n    typXed);"))
                session.editor.print("at once\n")
                try await session.pty.wait(for: "the line") { $0.text.hasSuffix("(>     typXed);\nat once") }
            }
        }

        @Test func manyPrintsWhileTypingLoseNothing() async throws {
            try await EditorSession.with { session in
                let read = try await session.read()
                let printing = Task {
                    for number in 1...200 { session.editor.print("line \(number)\n"); await Task.yield() }
                }
                for letter in "select something long" { session.pty.send(String(letter)) }
                await printing.value
                try await session.pty.wait(for: "text and output") {
                    $0.cursorLine == "> select something long" && $0.text.contains("line 200\n")
                }
                let screen = session.pty.screen
                #expect(
                    (screen.scrollback + screen.lines).filter { $0.hasPrefix("line ") }
                        == (1...200).map { "line \($0)" })
                session.pty.send(";\r")
                #expect(await read.value == .line("select something long;"))
            }
        }

        @Test func followsTheWindowsSize() async throws {
            try await EditorSession.with(columns: 40, rows: 10) { session in
                let read = try await session.read()
                session.pty.send("f('" + String(repeating: "漢", count: 15) + "\rsecond")
                try await session.wait(forCursorAt: 1, 9)
                // The emulator cuts rows and does not rewrap: what is repainted must be right all the same, at the cursor.
                session.pty.resize(columns: 60, rows: 12)
                session.interrupts.deliver(SIGWINCH)
                session.pty.send("!")
                try await session.pty.wait(forScreen: "> f('" + String(repeating: "漢", count: 15) + "\n'> second!")
                session.pty.send(Key.control("U") + "');\r")
                #expect(await read.value == .line("f('" + String(repeating: "漢", count: 15) + "\n');"))
            }
        }

        /// The terminal rewraps at once, and the signals of sizes that have passed come later.
        @Test(arguments: [Array(30...70), Array((21...39).reversed()), Array((25...39).reversed()) + Array(26...52)])
        func draggingAnEdgeLeavesNoFragments(sizes: [Int]) async throws {
            let text = (1...9).map { String(repeating: "\($0)", count: 9) }.joined(separator: " ")
            try await EditorSession.with(columns: 40, rows: 24) {
                $0.resizeDelay = .seconds(1)
            } _: { session in
                let read = try await session.read()
                session.pty.send(text)
                try await session.pty.wait(for: "the text") { $0.text.replacing("\n", with: "") == "> " + text }
                for columns in sizes {
                    session.pty.resize(columns: columns, rows: 24, rewraps: true)
                    session.interrupts.deliver(SIGWINCH)
                }
                let (width, all) = (sizes.last!, Array("> " + text))
                let rows = stride(from: 0, to: all.count, by: width).map {
                    String(all[$0..<min($0 + width, all.count)])
                }
                let trimmed = rows.map { String($0.reversed().drop { $0 == " " }.reversed()) }
                try await session.pty.wait(forScreen: trimmed.joined(separator: "\n"))
                session.pty.send(";\r")
                #expect(await read.value == .line(text + ";"))
            }
        }

        @Test func beginsWithATextToEdit() async throws {
            try await EditorSession.with { session in
                let read = try await session.read(editing: "f(\n    1")
                try await session.pty.wait(forScreen: "> f(\n(>     1")
                session.pty.send("2);\r")
                #expect(await read.value == .line("f(\n    12);"))
            }
        }

        @Test func clearsTheScreen() async throws {
            try await EditorSession.with { session in
                #expect(try await session.read(typing: "a;\r") == .line("a;"))
                let read = try await session.read()
                session.pty.send("b" + Key.control("L") + "c")
                try await session.pty.wait(forScreen: "> bc")
                session.pty.send(";\r")
                #expect(await read.value == .line("bc;"))
            }
        }

        @Test func textIsColouredAndTheTerminalIsAskedForItsWidths() async throws {
            try await EditorSession.with(configure: { $0.highlight = { _ in [Span(0..<3, "31")] } }) { session in
                let read = try await session.read()
                // The emulator draws clusters in two columns.
                session.pty.send("👩‍🔬é")
                try await session.wait(forCursorAt: 0, 5)
                session.pty.send(";\r")
                #expect(await read.value == .line("👩‍🔬é;"))
            }
        }
    }
}
