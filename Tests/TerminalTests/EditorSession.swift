import Support
import Testing

@testable import Terminal

/// Everything that runs an editor in this process, one at a time: libedit and the terminal library under it keep state that is the
/// whole process's.
@Suite(.serialized) enum EditorTests {}

/// A line editor on a pseudo-terminal in this process. The primary prompt is `> `.
struct EditorSession {
    let pty: PtySession
    let editor: LineEditor
    /// Where this editor's signals come from.
    let interrupts: Interrupts
    let history: History

    /// Runs `body` with an editor that is closed afterwards, however that ends.
    static func with(
        columns: Int = 40, rows: Int = 10, editrc: String = "", configure: (inout EditorOptions) -> Void = { _ in },
        _ body: (EditorSession) async throws -> Void
    ) async throws {
        let pty = try PtySession(columns: columns, rows: rows)
        try pty.home.write(editrc, to: "editrc")
        var options = EditorOptions()
        options.input = pty.terminal
        options.output = pty.terminal
        options.terminalType = "xterm-256color"
        options.editrcPath = pty.home.path("editrc")
        options.history = History(path: pty.home.path("history"))
        options.isComplete = Self.isComplete
        configure(&options)
        let interrupts = Interrupts(isProcessWide: false)
        let editor = LineEditor(options: options, interrupts: interrupts)
        let session = EditorSession(
            pty: pty, editor: editor, interrupts: interrupts, history: options.history ?? History(path: nil))
        do {
            try await body(session)
        } catch {
            await editor.close()
            throw error
        }
        await editor.close()
        #expect(!pty.isRaw)
    }

    /// Statements end in a semicolon, outside of quotes; lines in parentheses are indented.
    @Sendable static func isComplete(_ text: String) -> Completeness {
        if text.count(where: { $0 == "'" }) % 2 == 1 { return .incomplete(prompt: "'> ") }
        let depth = text.count { $0 == "(" } - text.count { $0 == ")" }
        if depth > 0 { return .incomplete(prompt: "(> ", indentation: 4 * depth) }
        return text.hasSuffix(";") ? .complete : .incomplete()
    }

    /// Begins to read a line, and returns when keys can be typed.
    func read(editing text: String = "") async throws -> Task<ReadResult, Never> {
        // The picture of the read before may still be on its way.
        try await pty.wait(for: "the end of the read before") { $0.modes["2004"] != true }
        let task = Task { await editor.readLine(Prompt("> "), editing: text) }
        try await pty.wait(for: "a prompt") { $0.modes["2004"] == true && $0.column > 0 }
        return task
    }

    /// Reads one line for which `keys` are typed.
    func read(typing keys: String) async throws -> ReadResult {
        let task = try await read()
        pty.send(keys)
        return await task.value
    }

    /// Waits until the cursor's row and column are these.
    func wait(forCursorAt row: Int, _ column: Int) async throws {
        try await pty.wait(for: "the cursor at row \(row), column \(column)") { $0.row == row && $0.column == column }
    }
}

/// Keys as terminals send them.
enum Key {
    static let enter = "\r"
    static let altEnter = "\u{1B}\r"
    static let up = "\u{1B}[A"
    static let down = "\u{1B}[B"
    static let right = "\u{1B}[C"
    static let left = "\u{1B}[D"
    static let home = "\u{1B}[H"
    static let end = "\u{1B}[F"
    static let backspace = "\u{7F}"
    static let escape = "\u{1B}"
    static let tab = "\t"
    static let backTab = "\u{1B}[Z"

    /// Ctrl and a letter.
    static func control(_ letter: Unicode.Scalar) -> String {
        String(Unicode.Scalar(UInt8(letter.value & 0x1F)))
    }
}
