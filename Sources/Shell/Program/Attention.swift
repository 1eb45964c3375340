import Terminal
import Text

/// Draws the user's attention: the terminal's title says what runs, the bell rings when something long has ended. Both
/// are off until asked for (`.title on`, `.bell 10`), and go to a terminal only.
struct Attention {
    let session: Session

    private var isPossible: Bool {
        let environment = session.environment
        return environment.errorIsTerminal && !["", "dumb", "linux"].contains(environment["TERM"] ?? "")
    }

    /// A cell begins.
    func begin(_ text: String) {
        guard session.settings.setsTitle, isPossible else { return }
        let line = Visible.oneLine(text.split(whereSeparator: \.isWhitespace).joined(separator: " "))
        session.console.signal("\u{1b}]2;dbsh: \(line.prefix(60))\u{1b}\\")
    }

    /// It has ended.
    func end(after elapsed: Duration) {
        guard isPossible else { return }
        if session.settings.setsTitle { session.console.signal("\u{1b}]2;dbsh\u{1b}\\") }
        if let limit = session.settings.bellAfter, elapsed >= .seconds(limit) { session.console.signal("\u{7}") }
    }
}
