import Testing

@testable import Terminal

@Suite struct EditBufferTests {
    static func buffer(_ text: String, cursor: Int? = nil) -> EditBuffer {
        let scalars = Array(text.unicodeScalars)
        return EditBuffer(scalars: scalars, cursor: cursor ?? scalars.count)
    }

    @Test(arguments: ["a", "é", "e\u{301}", "漢", "👩‍🔬", "🇫🇷", "👍🏽", "\n"])
    func stepsAreClusters(cluster: String) {
        let buffer = Self.buffer("x" + cluster + "y")
        let end = 1 + cluster.unicodeScalars.count
        #expect(buffer.clusterStart(before: end) == 1)
        #expect(buffer.clusterEnd(after: 1) == end)
    }

    @Test func clustersAreFoundFarIntoTheText() {
        let buffer = Self.buffer(String(repeating: "🇫🇷", count: 100))
        #expect(buffer.clusterStart(before: 200) == 198)
        #expect(Self.buffer(String(repeating: "x ", count: 100) + "e\u{301}").clusterStart(before: 202) == 200)
    }

    @Test func wordsAreLettersDigitsAndUnderscores() {
        let buffer = Self.buffer("select a_1.größe, 漢字")
        #expect(buffer.wordStart(before: 20) == 18)
        #expect(buffer.wordStart(before: 17) == 11)
        #expect(buffer.wordStart(before: 11) == 7)
        #expect(buffer.wordEnd(after: 6) == 10)
        #expect(buffer.wordStart(before: 16, isWord: EditBuffer.isNoBlank) == 7)
    }

    @Test func linesAndIndentation() {
        let buffer = Self.buffer("if x:\n    y\n", cursor: 10)
        #expect(buffer.lineStart(of: 10) == 6)
        #expect(buffer.lineEnd(of: 6) == 11)
        #expect(buffer.lineStart(of: 12) == 12)
        #expect(buffer.indentation == 4)
    }

    @Test func offsetsOfUTF8BecomePositions() {
        let buffer = Self.buffer("é漢a")
        #expect(buffer.cursorOffset == 6)
        #expect(buffer.positions(of: 2..<5) == 1..<2)
        #expect(buffer.positions(of: 5..<6) == 2..<3)
        #expect(buffer.positions(of: 6..<6) == 3..<3)
        #expect(buffer.positions(of: 1..<5) == nil)
        #expect(buffer.positions(of: 5..<7) == nil)
    }

    @Test func undoTakesAWordAtATime() {
        var undo = UndoStack()
        for text in ["s", "se", "sel", "sel ", "sel 1"] { undo.record(Self.buffer(text)) }
        #expect(undo.undo()?.text == "sel ")
        #expect(undo.undo()?.text == "sel")
        #expect(undo.undo()?.text == "")
        #expect(undo.undo() == nil)
    }

    @Test func movingTheCursorEndsAWord() {
        var undo = UndoStack()
        undo.record(Self.buffer("a"))
        undo.record(Self.buffer("a", cursor: 0))
        undo.record(Self.buffer("ba", cursor: 1))
        #expect(undo.undo() == Self.buffer("a", cursor: 0))
    }

    @Test func killsInARunBelongTogether() {
        var ring = KillRing()
        ring.add("b", .forward, before: Self.buffer("ab", cursor: 1), after: Self.buffer("a"))
        ring.add("a", .backward, before: Self.buffer("a"), after: Self.buffer(""))
        #expect(ring.newest == "ab")
        ring.add("x", .forward, before: Self.buffer("x", cursor: 0), after: Self.buffer(""))
        #expect(ring.newest == "x")
        ring.didYankNewest(after: Self.buffer("x"), length: 1)
        #expect(ring.older(than: Self.buffer("y")) == nil)
        let older = ring.older(than: Self.buffer("x"))
        #expect(older?.text == "ab")
        #expect(older?.replaced == 1)
    }

    /// `|` is the cursor, and the object is what stands in `⟨⟩`.
    @Test(
        arguments: [
            ("w", true, "select |abc_1, b", "select ⟨abc_1⟩, b"), ("w", false, "a |bc  d", "a ⟨bc  ⟩d"),
            ("w", false, "a b|c", "a⟨ bc⟩"), ("w", true, "a|, b", "a⟨,⟩ b"), ("W", true, "x a.|b, c", "x ⟨a.b,⟩ c"),
            ("\"", true, "f(\"a |b\")", "f(\"⟨a b⟩\")"), ("\"", false, "f(\"a |b\")", "f(⟨\"a b\"⟩)"),
            ("'", true, "|x = 'a'", "x = '⟨a⟩'"), ("(", true, "f(a, |g(b))", "f(⟨a, g(b)⟩)"),
            ("b", false, "f(a, g(|b))", "f(a, g⟨(b)⟩)"), (")", true, "f(a\n|b)", "f(⟨a\nb⟩)"),
            ("(", true, "f|()", "f(⟨⟩)"),
            ("(", true, "f(|)", "f(⟨⟩)"), ("{", false, "x {a|} y", "x ⟨{a}⟩ y"), ("[", true, "[[1], |2]", "[⟨[1], 2⟩]"),
            ("(", true, "(a) |b", "(a) b"), ("x", true, "|abc", "abc"), ("w", true, "|", ""),
        ] as [(String, Bool, String, String)])
    func textObjects(_ key: String, _ isInner: Bool, _ text: String, _ expected: String) throws {
        let cursor = try #require(text.unicodeScalars.firstIndex(of: "|"))
        var buffer = EditBuffer(scalars: text.unicodeScalars.filter { $0 != "|" })
        buffer.cursor = text.unicodeScalars.distance(from: text.unicodeScalars.startIndex, to: cursor)
        var shown = buffer.text.unicodeScalars.map(String.init)
        if let range = buffer.textObject(key.unicodeScalars.first!, isInner: isInner) {
            shown.insert("⟩", at: range.upperBound)
            shown.insert("⟨", at: range.lowerBound)
        }
        #expect(shown.joined() == expected)
    }
}
