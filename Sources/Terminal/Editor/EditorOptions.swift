import Glibc

/// What a line editor reads from, and what it asks about the text. The closures run on the editor's thread, or for `complete` on
/// no particular one, and between two keys: they must answer at once and from what is already known.
package struct EditorOptions: Sendable {
    /// The terminal to read keys from and the one to draw on. Both must be terminals for there to be any editing.
    package var input: Int32 = STDIN_FILENO
    package var output: Int32 = STDOUT_FILENO
    /// The kind of terminal; nil means `$TERM`. `dumb`, `emacs` and none at all get plain lines without editing.
    package var terminalType: String?
    /// The name by which `~/.editrc` addresses this program (`dbsh:bind …`).
    package var programName = "dbsh"
    /// libedit's settings file; nil means `$EDITRC`, else `~/.editrc` (editrc(5)).
    package var editrcPath: String?
    /// Where entries are kept and found; nil means no history.
    package var history: History?
    /// Without colours there is no highlighting and no suggestion, as it could not be told from what was typed.
    package var color = true
    /// Told when the user has typed something.
    package var onInput: @Sendable () -> Void = {}
    /// Asked on Enter with the whole text, and with the text before the cursor for the indentation of a new line.
    package var isComplete: @Sendable (_ text: String) -> Completeness = { _ in .complete }
    /// The prompts of all lines but the first, in one pass over the text. Without it, each is what `isComplete` says about
    /// the lines before, which costs time that grows with the square of the text, so long texts show `...> `.
    package var continuationPrompts: (@Sendable (_ text: String) -> [String])?
    /// Spans in ascending order that do not overlap.
    package var highlight: (@Sendable (_ text: String) -> [Span])?
    /// Candidates for the place `cursor` (an offset into the text's UTF-8). Cancelled when the user types on.
    package var complete: (@Sendable (_ text: String, _ cursor: Int) async -> Completion)?
    /// What to say below the text while the cursor (an offset into the text's UTF-8) is where it is; empty for nothing.
    package var hint: (@Sendable (_ text: String, _ cursor: Int) -> [StyledText])?
    /// Told when the text has changed.
    package var onEdit: (@Sendable (_ text: String) -> Void)?
    /// Asked when Enter has opened a line: what to say about it below the text, until the next key.
    package var remark: (@Sendable (_ text: String) -> String?)?
    /// Edits the text in a program that has the terminal meanwhile; nil leaves it as it is.
    package var editElsewhere: (@Sendable (_ text: String) async -> String?)?
    /// Shows something on the whole screen, which has the terminal meanwhile: gets what was typed after the key, and gives back
    /// what it has not used.
    package var browse: (@Sendable (_ typed: [UInt8]) async -> [UInt8])?
    /// Whether what is typed between two reads is kept for the next without being shown.
    package var hidesTypeAhead = false
    /// How long Tab keeps the keys waiting for `complete`. Candidates that come later appear by themselves, unless something was typed.
    package var completionTimeout: Duration = .milliseconds(400)
    /// More candidates than this are shown only after asking.
    package var candidatesBeforeAsking = 100
    /// How long the window must keep its size before the text is drawn anew.
    package var resizeDelay: Duration = .milliseconds(60)
    /// How the terminal measures clusters; nil means: ask it.
    package var widthPolicy: WidthPolicy?

    package init() {}

    /// Whether keys can be read one by one and the screen can be drawn on.
    var canEdit: Bool {
        let type = terminalType ?? environmentVariable("TERM")
        return isatty(input) == 1 && isatty(output) == 1 && TerminalType.canMoveCursor(type) && type != "emacs"
            && environmentVariable("INSIDE_EMACS") == nil
    }
}
