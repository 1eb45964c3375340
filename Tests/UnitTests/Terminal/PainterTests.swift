import Support
import Testing

@testable import Terminal

@Suite struct PainterTests {

    static let pieces = [
        "a", "b", " ", "漢", "é", "e\u{301}", "👩‍🔬", "xyz", "longer word", "🇫🇷", "\t", "\u{1}", "\u{202E}",
    ]

    /// Random texts, each painted over the one before: the screen always shows exactly the frame, and nothing below it.
    @Test(arguments: 0..<200) func screenEqualsFrame(seed: UInt64) {
        var random = SplitMix(seed: seed)
        let size = TerminalSize(
            rows: .random(in: 3...12, using: &random), columns: .random(in: 4...40, using: &random))
        var screen = ScreenEmulator(columns: size.columns, rows: size.rows)
        var painter = Painter()
        var text = ""
        for _ in 0..<60 {
            Self.change(&text, using: &random)
            if Int.random(in: 0..<10, using: &random) == 0 { screen.feed(painter.erase() + "printed above\r\n") }
            let frame = Self.picture(text, using: &random).frame(size: size, policy: .clusters)
            screen.feed(painter.paint(frame, height: size.rows))
            Self.expect(screen, shows: painter.shown!, "seed \(seed), text \(text.debugDescription)")
        }
    }

    static func change(_ text: inout String, using random: inout SplitMix) {
        let place = text.index(text.startIndex, offsetBy: .random(in: 0...text.count, using: &random))
        switch Int.random(in: 0..<8, using: &random) {
        case 0..<4: text += pieces.randomElement(using: &random)!
        case 4: text += "\n"
        case 5: text.removeLast(.random(in: 0...text.count, using: &random))
        case 6: text.insert("Q", at: place)
        default: if place < text.endIndex { text.remove(at: place) }
        }
    }

    static func picture(_ text: String, using random: inout SplitMix) -> EditPicture {
        var picture = EditPicture(prompt: [StyledText("> ", "1;32")], text: text)
        picture.cursor = .random(in: 0...text.unicodeScalars.count, using: &random)
        picture.continuationPrompts = ["' "]
        picture.continuationStyle = "2"
        picture.spans = stride(from: 0, to: text.utf8.count, by: 5).map { Span($0..<$0 + 2, "31") }
        if Bool.random(using: &random) { picture.menu = [StyledText("menu", .dim), StyledText("menu 2")] }
        return picture
    }

    static func expect(_ screen: ScreenEmulator, shows frame: Frame, _ comment: Comment) {
        let top = screen.row - frame.cursorRow
        #expect(screen.column == frame.cursorColumn, comment)
        guard top >= 0 else {
            Issue.record("the frame begins above the screen: \(comment)")
            return
        }
        var alone = ScreenEmulator(columns: screen.columns, rows: screen.rows)
        alone.feed(frame.rows.map(\.text).joined(separator: "\r\n"))
        #expect(Array(screen.lines[top...]) == Array(alone.lines.prefix(screen.rows - top)), comment)
    }

    @Test func rewritesOnlyWhatHasChanged() {
        var painter = Painter()
        let size = TerminalSize(rows: 5, columns: 20)
        func paint(_ text: String) -> String {
            painter.paint(EditPicture(prompt: [], text: text).frame(size: size, policy: .clusters), height: 5)
        }
        _ = paint("select")
        #expect(paint("select") == "")
        #expect(paint("select 1") == "\u{1B}[?25l 1\r\u{1B}[8C\u{1B}[?25h")
    }

    @Test func leavesTheWholeTextBehind() {
        var painter = Painter()
        var screen = ScreenEmulator(columns: 20, rows: 4)
        let text = (1...9).map { "line \($0)" }.joined(separator: "\n")
        let frame = EditPicture(prompt: [], text: text).frame(
            size: TerminalSize(rows: 4, columns: 20), policy: .clusters)
        screen.feed(painter.paint(frame, height: 4))
        #expect(screen.text == "line 6\nline 7\nline 8\nline 9")
        screen.feed(painter.paint(frame, height: .max) + painter.leave() + "next")
        #expect((screen.scrollback + screen.lines).suffix(10).joined(separator: "\n") == text + "\nnext")
    }

    /// What is on the screen after the window got narrower, in a terminal that rewraps.
    @Test func findsItsFirstRowAfterRewrapping() {
        var painter = Painter()
        let text = String(repeating: "x", count: 30)
        let frame = EditPicture(prompt: [], text: text, cursor: 30).frame(
            size: TerminalSize(rows: 10, columns: 40), policy: .clusters)
        _ = painter.paint(frame, height: 10)
        #expect(painter.rewind(width: 12) == "\u{1B}[2A\r")
        #expect(painter.shown == nil)
    }
}
