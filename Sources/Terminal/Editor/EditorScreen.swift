/// What the editor has on the screen, and what it knows about the terminal's way of drawing.
struct EditorScreen {
    var painter = Painter()
    var continuations = ContinuationPrompts()
    /// What the picture suggests behind the text, which Right takes over.
    var suggestion = ""
    var mustBeep = false
    /// Stands in place of the prompt: incremental search.
    var promptReplacement: String?
    /// The window has got another size, which has not been drawn for yet.
    var isResizing = false
    private(set) var policy: WidthPolicy
    /// Whether the terminal is still to be asked how it measures clusters.
    private(set) var mustAskForWidth: Bool

    /// One woman scientist: two columns where clusters are drawn as one, four or more where scalars are added up.
    private static let probe = "\u{1F469}\u{200D}\u{1F52C}"

    init(policy: WidthPolicy?) {
        self.policy = policy ?? .scalars
        mustAskForWidth = policy == nil
    }

    /// Draws a cluster, asks for the cursor's column (DSR 6, ECMA-48 §8.3.35) and wipes it again. Nothing waits for the answer: it
    /// comes among the keys.
    mutating func askForWidth() -> String {
        mustAskForWidth = false
        return painter.erase() + Self.probe + "\u{1B}[6n\r\u{1B}[K"
    }

    /// The answer to `askForWidth`: the column in which the cursor stood behind the cluster, counted from 1.
    mutating func setWidthPolicy(reportedColumn column: Int) { policy = column == 3 ? .clusters : .scalars }
}
