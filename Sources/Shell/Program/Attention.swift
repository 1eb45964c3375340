import Terminal
import Text

/// Draws the user's attention: the terminal's title says what runs, the bell rings when something long has ended. Both
/// are off until asked for (`.title on`, `.bell 10`), and go to a terminal only.
final class Attention {
    private let session: Session
    /// Whether the terminal's title is ours.
    private var hasTitle = false

    init(_ session: Session) { self.session = session }

    private var isPossible: Bool {
        let environment = session.environment
        return environment.errorIsTerminal && !["", "dumb", "linux"].contains(environment["TERM"] ?? "")
    }

    /// A cell begins.
    func begin(_ text: String) {
        guard session.settings.setsTitle, isPossible else { return }
        let line = Sanitizer.oneLine(text.split(whereSeparator: \.isWhitespace).joined(separator: " "))
        set(title: "dbsh: \(line.prefix(60))")
    }

    private func set(title: String) {
        // xterm and those after it keep a stack of titles; others ignore this (ctlseqs, XTWINOPS 22).
        if !hasTitle { session.console.signal("\u{1b}[22;2t") }
        hasTitle = true
        session.console.signal("\u{1b}]2;\(title)\u{1b}\\")
    }

    /// Gives the terminal the title back that it had.
    func leave() {
        if hasTitle { session.console.signal("\u{1b}[23;2t") }
        hasTitle = false
    }

    /// It has ended.
    func end(after elapsed: Duration) {
        guard isPossible else { return }
        if !session.settings.setsTitle { leave() }
        if session.settings.setsTitle { set(title: "dbsh") }
        if let limit = session.settings.bellAfter, elapsed >= .seconds(limit) { session.console.signal("\u{7}") }
    }
}
