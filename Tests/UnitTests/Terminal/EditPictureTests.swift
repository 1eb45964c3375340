import Testing

@testable import Terminal

@Suite struct EditPictureTests {
    struct Layout: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var text: String
        var cursor: Int?
        var columns = 10
        var rows: [String]
        /// Row and column.
        var at: [Int]
    }

    /// The prompt is `> `, the continuation prompt `. `.
    static let layouts = [
        Layout(testDescription: "empty", text: "", rows: ["> "], at: [0, 2]),
        Layout(testDescription: "cursor within", text: "abc", cursor: 1, rows: ["> abc"], at: [0, 3]),
        Layout(testDescription: "lines", text: "a\nb", rows: ["> a", ". b"], at: [1, 3]),
        Layout(testDescription: "cursor on a newline", text: "a\nb", cursor: 1, rows: ["> a", ". b"], at: [0, 3]),
        Layout(testDescription: "long line", text: "123456789", rows: ["> 12345678", "9"], at: [1, 1]),
        Layout(testDescription: "behind a full row", text: "12345678", rows: ["> 12345678", ""], at: [1, 0]),
        Layout(
            testDescription: "no blank row between a full row and a line", text: "12345678\nx",
            rows: ["> 12345678", ". x"], at: [1, 3]),
        Layout(testDescription: "wide at the margin", text: "1234567漢", rows: ["> 1234567", "漢"], at: [1, 2]),
        Layout(testDescription: "cluster", text: "👩‍🔬x", cursor: 3, rows: ["> 👩‍🔬x"], at: [0, 4]),
        Layout(testDescription: "cursor inside a cluster", text: "👩‍🔬x", cursor: 1, rows: ["> 👩‍🔬x"], at: [0, 2]),
        Layout(testDescription: "combining", text: "e\u{301}x", cursor: 2, rows: ["> e\u{301}x"], at: [0, 3]),
        Layout(testDescription: "tab", text: "\tx", rows: [">       x"], at: [0, 9]),
        Layout(testDescription: "control characters", text: "a\u{1B}\u{7F}", rows: ["> a^[^?"], at: [0, 7]),
        Layout(testDescription: "reversing text", text: "a\u{202E}b", rows: ["> a\u{FFFD}b"], at: [0, 5]),
        Layout(testDescription: "too narrow", text: "漢", columns: 1, rows: ["> ", "漢", ""], at: [2, 0]),
    ]

    @Test(arguments: layouts) func layout(_ layout: Layout) {
        var picture = EditPicture(prompt: [StyledText("> ")], text: layout.text)
        picture.cursor = layout.cursor ?? layout.text.unicodeScalars.count
        picture.continuationPrompts = [". "]
        let frame = picture.frame(size: TerminalSize(rows: 10, columns: layout.columns), policy: .clusters)
        #expect(frame.rows.map(\.text) == layout.rows)
        #expect([frame.cursorRow, frame.cursorColumn] == layout.at)
    }

    @Test func stylesBeginAndEndInEachRow() {
        var picture = EditPicture(prompt: [StyledText(">", "1")], text: "é'abcd'")
        picture.spans = [Span(2..<8, "32")]  // offsets of UTF-8: é takes two
        let frame = picture.frame(size: TerminalSize(rows: 10, columns: 5), policy: .clusters)
        #expect(frame.rows.map(\.text) == ["\u{1B}[1m>\u{1B}[0mé\u{1B}[32m'ab\u{1B}[0m", "\u{1B}[32mcd'\u{1B}[0m"])
        #expect(frame.rows.map(\.columns) == [5, 3])
    }

    @Test func eachLineHasItsPrompt() {
        var picture = EditPicture(prompt: [StyledText("> ")], text: "a\nb\nc\nd")
        picture.continuationPrompts = ["1> ", "2> "]
        let frame = picture.frame(size: TerminalSize(rows: 10, columns: 20), policy: .clusters)
        #expect(frame.rows.map(\.text) == ["> a", "1> b", "2> c", "2> d"])
    }

    @Test func rightPromptGivesWay() {
        var picture = EditPicture(prompt: [StyledText("> ")], text: "ab")
        picture.right = [StyledText("[漢]")]
        func row(_ columns: Int) -> String {
            picture.frame(size: TerminalSize(rows: 3, columns: columns), policy: .clusters).rows[0].text
        }
        #expect(row(12) == "> ab   [漢]")
        #expect(row(10) == "> ab")
    }

    @Test func menuHasTheRoomThatIsLeft() {
        var picture = EditPicture(prompt: [], text: "a\nb")
        picture.menu = (1...5).map { StyledText("\($0)") }
        let frame = picture.frame(size: TerminalSize(rows: 4, columns: 20), policy: .clusters)
        #expect(frame.rows.map(\.text) == ["a", "b", "1", "2"])
    }

    @Test func suggestionShowsItsFirstLine() {
        var picture = EditPicture(prompt: [], text: "sel", cursor: 3)
        picture.suggestion = "ect\nx"
        let frame = picture.frame(size: TerminalSize(rows: 4, columns: 20), policy: .clusters)
        #expect(frame.rows.map(\.text) == ["sel\u{1B}[90mect …\u{1B}[0m"])
        #expect(frame.cursorColumn == 3)
    }

    /// Each line's prompt says what the lines before leave open, and is asked for only when they have changed.
    @Test func continuationPromptsFollowTheText() {
        var options = EditorOptions()
        options.isComplete = { text in
            text.count { $0 == "(" } > text.count { $0 == ")" } ? .incomplete(prompt: "(> ") : .complete
        }
        var prompts = ContinuationPrompts()
        #expect(prompts.prompts(for: "one", options) == [])
        #expect(prompts.prompts(for: "f(\n1\n)\nx", options) == ["(> ", "(> ", "...> "])
        #expect(prompts.prompts(for: "f\n1\n)\nx", options) == ["...> ", "...> ", "...> "])
        #expect(prompts.prompts(for: "f\n(", options) == ["...> "])
        options.continuationPrompts = { text in ["\(text.count)"] }
        #expect(prompts.prompts(for: "f\n1", options) == ["3"])
    }
}
