import Support
import Testing

@testable import Terminal

extension EditorTests {
    @Suite struct HistoryAndCompletion {
        // MARK: - History

        @Test func upFindsWhatBeginsAsTyped() async throws {
            try await EditorSession.with { session in
                for text in ["select 1;", "update t;", "select 2;"] { session.history.add(text) }
                let read = try await session.read()
                session.pty.send("up" + Key.up)
                try await session.pty.wait(forScreen: "> update t;")
                session.pty.send(Key.down + Key.control("U") + Key.up + Key.up + Key.up)
                try await session.pty.wait(forScreen: "> select 1;")
                session.pty.send(Key.enter)
                #expect(await read.value == .line("select 1;"))
            }
        }

        @Test func suggestionIsTakenByRight() async throws {
            try await EditorSession.with { session in
                session.history.add("select alpha\nfrom beta;")
                let read = try await session.read()
                session.pty.send("sel")
                try await session.pty.wait(forScreen: "> select alpha …")
                #expect(session.pty.screen.column == 5)
                session.pty.send(Key.right + Key.enter)
                #expect(await read.value == .line("select alpha\nfrom beta;"))
                // It is not left behind when the text is dropped.
                let again = try await session.read()
                session.pty.send("sel")
                try await session.pty.wait(for: "the suggestion") { $0.cursorLine == "> select alpha …" }
                session.pty.send("\u{3}")
                #expect(await again.value == .interrupted)
                try await session.pty.wait(for: "no suggestion") { $0.text.hasSuffix("> sel^C") }
            }
        }

        @Test func controlRSearches() async throws {
            try await EditorSession.with { session in
                for text in ["select 'é漢\n字';", "other;"] { session.history.add(text) }
                let read = try await session.read()
                session.pty.send(Key.control("R") + "漢")
                try await session.pty.wait(forScreen: "(reverse-i-search)`漢': select 'é漢\n'> 字';")
                session.pty.send("x")
                try await session.pty.wait(for: "failure") { $0.text.hasPrefix("(failed reverse-i-search)`漢x'") }
                session.pty.send(Key.backspace + Key.enter)
                #expect(await read.value == .line("select 'é漢\n字';"))
                let again = try await session.read()
                session.pty.send("typed" + Key.control("R") + "oth" + Key.control("G"))
                try await session.pty.wait(for: "the text as it was") { $0.cursorLine == "> typed" }
                session.pty.send(Key.control("R") + "oth\u{3}")
                #expect(await again.value == .interrupted)
            }
        }

        @Test func sessionsShareTheHistory() async throws {
            try await EditorSession.with { session in
                let other = History(path: session.pty.home.path("history"))
                let first = try await session.read(typing: "from one;\r")
                #expect(first == .line("from one;"))
                #expect(other.add("from\nanother;"))
                let read = try await session.read()
                session.pty.send(Key.up + Key.enter)
                #expect(await read.value == .line("from\nanother;"))
                #expect(session.pty.home.contents("history") == "from one;\nfrom\\nanother;\n")
            }
        }

        // MARK: - Completion

        /// Completes the word before the cursor from `words`.
        static func completing(
            _ words: [Candidate], _ configure: @escaping (inout EditorOptions) -> Void = { _ in }
        ) -> (inout EditorOptions) -> Void {
            { options in
                options.complete = { text, cursor in
                    let before = text.utf8.prefix(cursor)
                    let start =
                        before.lastIndex(of: UInt8(ascii: " ")).map { before.index(after: $0) } ?? before.startIndex
                    let word = String(text[start..<before.endIndex])
                    return Completion(
                        replacing: cursor - word.utf8.count..<cursor, words.filter { $0.text.hasPrefix(word) })
                }
                configure(&options)
            }
        }

        static let tables = [
            Candidate("größe_1", note: "table"), Candidate("größe_2", note: "view"), Candidate("main.", suffix: ""),
        ]

        @Test func tabCompletesAndGoesThroughCandidates() async throws {
            try await EditorSession.with(configure: Self.completing(Self.tables)) { session in
                let read = try await session.read()
                session.pty.send("é m\t")
                try await session.pty.wait(forScreen: "> é main.")
                session.pty.send(" gr\t")
                try await session.pty.wait(forScreen: "> é main. größe_")
                session.pty.send("\t")
                try await session.pty.wait(forScreen: "> é main. größe_\ngröße_1  -- table\ngröße_2  -- view")
                session.pty.send("\t")
                try await session.pty.wait(forScreen: "> é main. größe_1\ngröße_1  -- table\ngröße_2  -- view")
                session.pty.send("\t\t" + Key.backTab)
                try await session.pty.wait(for: "the second") { $0.lines[0] == "> é main. größe_2" }
                session.pty.send("x")
                try await session.pty.wait(forScreen: "> é main. größe_2x")
                session.pty.send(";\r")
                #expect(await read.value == .line("é main. größe_2x;"))
            }
        }

        /// Two Tabs in one burst show the list, and take nothing from it; the third takes the first, as it has been seen.
        @Test func quickTabsShowTheListFirst() async throws {
            try await EditorSession.with(configure: Self.completing(Self.tables)) { session in
                let read = try await session.read()
                session.pty.send("größe_\t\t")
                try await session.pty.wait(forScreen: "> größe_\ngröße_1  -- table\ngröße_2  -- view")
                session.pty.send("\u{15}größe_\t\t\t")
                try await session.pty.wait(forScreen: "> größe_1\ngröße_1  -- table\ngröße_2  -- view")
                session.pty.send(";\r")
                #expect(await read.value == .line("größe_1;"))
            }
        }

        @Test func manyAreShownAfterAsking() async throws {
            let many = (100..<220).map { Candidate("t\($0)") }
            try await EditorSession.with(configure: Self.completing(many)) { session in
                let read = try await session.read()
                session.pty.send("t\t")
                try await session.pty.wait(for: "a beep") { $0.bells == 1 }
                session.pty.send("\t")
                try await session.pty.wait(forScreen: "> t\nDisplay all 120 possibilities? (y or n)")
                session.pty.send("n")
                try await session.pty.wait(forScreen: "> t")
                session.pty.send("\t\ty")
                try await session.pty.wait(for: "columns") {
                    $0.lines[1].hasPrefix(" t100") && $0.lines[1].contains("t1")
                }
                session.pty.send(Key.backspace + "x;\r")
                #expect(await read.value == .line("x;"))
            }
        }

        /// Typing, Ctrl-C and time each end the wait for candidates, and the work on them.
        @Test(arguments: ["x;\r", "\u{3}", ""]) func slowCompletionStopsNobody(keys: String) async throws {
            let (asked, cancelled) = (Journal<String>(), Journal<Void>())
            let configure: (inout EditorOptions) -> Void = { options in
                options.completionTimeout = keys.isEmpty ? .milliseconds(1) : .seconds(3600)
                options.complete = { text, _ in
                    asked.append(text)
                    try? await Task.sleep(for: .seconds(3600))
                    cancelled.append(())
                    return .none
                }
            }
            try await EditorSession.with(configure: configure) { session in
                let read = try await session.read()
                session.pty.send("slow\t")
                #expect(await asked.waitFor(1) == ["slow"])
                try await session.pty.wait(forScreen: "> slow\n…")
                await Task.yield()
                session.pty.send(keys.isEmpty ? ";\r" : keys)
                await cancelled.waitFor(1)
                #expect(await read.value == (keys == "\u{3}" ? .interrupted : .line(keys.isEmpty ? "slow;" : "slowx;")))
            }
        }

        /// Names that come after Tab has given the keys back appear by themselves, as if they had come in time.
        @Test(arguments: [(80, 24), (120, 40)]) func lateNamesAppearByThemselves(_ columns: Int, _ rows: Int)
            async throws
        {
            let released = Journal<Void>()
            let configure = Self.completing(Self.tables) { options in
                options.completionTimeout = .milliseconds(1)
                let complete = options.complete!
                options.complete = { text, cursor in
                    await released.waitFor(1)
                    return await complete(text, cursor)
                }
            }
            try await EditorSession.with(columns: columns, rows: rows, configure: configure) { session in
                let read = try await session.read()
                session.pty.send("größe_\t")
                try await session.pty.wait(forScreen: "> größe_\n…")
                released.append(())
                try await session.pty.wait(forScreen: "> größe_\ngröße_1  -- table\ngröße_2  -- view")
                session.pty.send("\t")
                try await session.pty.wait(forScreen: "> größe_1\ngröße_1  -- table\ngröße_2  -- view")
                session.pty.send(";\r")
                #expect(await read.value == .line("größe_1;"))
            }
        }

        /// Without the names that matter, what is there is shown, and goes in only when it is chosen.
        @Test func aFallbackIsShownAndNotPutIn() async throws {
            let configure: (inout EditorOptions) -> Void = { options in
                options.complete = { _, cursor in
                    Completion(replacing: cursor..<cursor, [Candidate("fresh.", note: "table")], isPartial: true)
                }
            }
            try await EditorSession.with(configure: configure) { session in
                let read = try await session.read()
                session.pty.send("where \t")
                try await session.pty.wait(forScreen: "> where\nfresh.  -- table")
                session.pty.send("\t;\r")
                #expect(await read.value == .line("where fresh.;"))
            }
        }

        @Test func altFTakesAWordOfTheSuggestion() async throws {
            try await EditorSession.with { session in
                session.history.add("select alpha, beta;")
                let read = try await session.read()
                session.pty.send("sel")
                try await session.pty.wait(forScreen: "> select alpha, beta;")
                session.pty.send("\u{1B}f\u{1B}f")
                try await session.wait(forCursorAt: 0, 14)
                session.pty.send(Key.control("U") + "x;" + Key.enter)
                #expect(await read.value == .line("x;"))
            }
        }

        /// This session's come first, then others; one that failed comes last, for every session.
        @Test func whatSucceededIsSuggested() async throws {
            try await EditorSession.with { session in
                let other = History(path: session.pty.home.path("history"))
                #expect(try await session.read(typing: "select here;\r") == .line("select here;"))
                other.add("select there;")
                other.add("select wrong;")
                other.note("select wrong;", hasFailed: true)
                let read = try await session.read()
                session.pty.send("sel")
                try await session.pty.wait(for: "this session's") { $0.cursorLine == "> select here;" }
                session.pty.send(Key.right + Key.enter)
                #expect(await read.value == .line("select here;"))
                session.history.note("select here;", hasFailed: true)
                let again = try await session.read()
                session.pty.send("sel")
                try await session.pty.wait(for: "the other's") { $0.cursorLine == "> select there;" }
                session.pty.send(Key.control("U") + "select w")
                try await session.pty.wait(for: "what failed") { $0.cursorLine == "> select wrong;" }
                session.pty.send(Key.control("U") + "x;" + Key.enter)
                #expect(await again.value == .line("x;"))
            }
        }

        @Test(arguments: [(80, 24), (120, 40)]) func aHintStandsBelowTheText(_ columns: Int, _ rows: Int) async throws {
            let configure: (inout EditorOptions) -> Void = { options in
                options.hint = { text, cursor in
                    text.utf8.prefix(cursor).contains(UInt8(ascii: "(")) && !text.hasSuffix(")")
                        ? [
                            StyledText("f(", .dim), StyledText("a", .bold),
                            StyledText(")" + String(repeating: "x", count: 200)),
                        ] : []
                }
            }
            try await EditorSession.with(columns: columns, rows: rows, configure: configure) { session in
                let read = try await session.read()
                session.pty.send("f(")
                try await session.pty.wait(for: "the hint, cut to its row") { screen in
                    screen.cursorLine == "> f(" && screen.lines[screen.row + 1].hasPrefix("f(a)xxx")
                        && screen.lines[screen.row + 1].hasSuffix("…") && screen.lines[screen.row + 2] == ""
                }
                session.pty.send("1)")
                try await session.pty.wait(forScreen: "> f(1)")
                session.pty.send(";\r")
                #expect(await read.value == .line("f(1);"))
            }
        }

        @Test func completionThatDoesNotFitTheTextIsNone() async throws {
            let configure: (inout EditorOptions) -> Void = { options in
                options.complete = { _, _ in Completion(replacing: 1..<99, [Candidate("x")]) }
            }
            try await EditorSession.with(configure: configure) { session in
                let read = try await session.read()
                session.pty.send("é\t")
                try await session.pty.wait(for: "a beep") { $0.bells == 1 }
                session.pty.send(";\r")
                #expect(await read.value == .line("é;"))
            }
        }
    }
}
