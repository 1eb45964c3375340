import Text

/// What stands before the text being edited.
package struct Prompt: Sendable, Equatable {
    /// Before the first line.
    package var first: [StyledText]
    /// The look of the prompts before the other lines; their text comes from `EditorOptions`.
    package var continuationStyle: Style
    /// At the right margin, as long as the text is one line and leaves room.
    package var right: [StyledText]

    package init(_ first: [StyledText], continuationStyle: Style = .plain, right: [StyledText] = []) {
        self.first = first
        self.continuationStyle = continuationStyle
        self.right = right
    }

    package init(_ text: String) { self.init([StyledText(text)]) }

    /// A question in a window, broken at words.
    func wrapped(_ columns: Int) -> Prompt {
        let text = first.map(\.text).joined()
        guard DisplayWidth.of(text) >= columns else { return self }
        let end = text.hasSuffix(" ") ? " " : ""
        // The answer begins behind it.
        return Prompt(Wrapping.fitted(text, width: max(2, columns - 2)) + end)
    }
}

/// Whether Enter hands the text in or opens another line.
package enum Completeness: Sendable, Equatable {
    case complete
    /// More is needed. `prompt` stands before the next line and shows what is still open (`'> `, `(> `); `indentation` is
    /// the number of spaces with which that line starts.
    case incomplete(prompt: String = "...> ", indentation: Int = 0)
}

/// How `LineEditor.readLine` ended.
package enum ReadResult: Sendable, Equatable {
    /// The text, without trailing blank lines. It may hold newlines, never ends with one, and may be empty.
    case line(String)
    /// Ctrl-C, or the waiting task was cancelled: the text was dropped.
    case interrupted
    /// Ctrl-D on an empty line, or the input has ended.
    case endOfFile
    /// SIGTERM or SIGHUP came: the program should clean up and go.
    case terminated
}

/// One thing to be read.
struct Read: Sendable {
    enum Kind: Sendable { case cell, question, secret }
    var kind: Kind
    var prompt: Prompt
    var text: String
}
