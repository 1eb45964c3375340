import Databricks
import Results
import Terminal
import Text

/// How an error is told to a person, and what the program exits with because of it. The one place where errors are worded.
struct Report {
    /// What happened, to what: one line.
    var headline: String
    /// The rest of what is known, as it is: the statement with its caret, a traceback.
    var detail: String?
    /// Whether `detail` may carry colour sequences of its own.
    var detailHasColors = false
    /// The line of the script that failed.
    var cell: String?
    /// What to type next.
    var hint: String?
    var exitCode: ExitCode = .cellFailed
    /// The failure was told where it happened, in a script that was read.
    var wasShown = false

    /// The exit codes of product.md §1.
    enum ExitCode: Int32 {
        case success = 0
        case cellFailed = 1
        case usage = 2
        case unreachable = 3
        case interrupted = 130
    }

    /// Whether the error only says that the user stopped something.
    static func isCancellation(_ error: any Error) -> Bool {
        error is CancellationError || error is RunCancelled || error is Detached
    }

    /// What a person at the prompt is told of what they stopped themselves: only what the service has confirmed is called
    /// cancelled without more words. nil for everything else.
    static func cancellation(_ error: any Error) -> String? {
        switch error {
        case let error as RunCancelled where error.isConfirmed: error.id.map { "cancelled \($0)" } ?? "cancelled"
        case is CancellationError: "cancelled"
        default: nil
        }
    }

    /// The reader of our output has gone (`dbsh … | head`): there is nobody to tell, and nothing left to do.
    static func isBrokenPipe(_ error: any Error) -> Bool { (error as? OutputError)?.isBrokenPipe == true }

    init(_ headline: String, detail: String? = nil, hint: String? = nil, exitCode: ExitCode = .cellFailed) {
        self.headline = headline
        self.detail = detail
        self.hint = hint
        self.exitCode = exitCode
    }

    /// The report as it is printed. `location` is `file:line`, put before the headline.
    func text(color: Bool, location: String? = nil) -> String {
        func styled(_ sgr: String, _ text: String) -> String { color ? "\u{1b}[\(sgr)m\(text)\u{1b}[0m" : text }
        var lines: [String] = []
        let place = location.map { Visible.oneLine($0) + ": " } ?? ""
        lines.append(place + styled("1;31", "error: ") + styled("1", Visible.oneLine(headline)))
        if let cell, !cell.isEmpty, detail?.contains(cell) != true {
            let line = Visible.oneLine(cell.count > 100 ? cell.prefix(100) + "…" : cell)
            lines.append("  | " + line)
        }
        if let detail, !detail.isEmpty {
            let shown = detailHasColors ? Visible.traceback(detail, color: color) : Visible.text(detail)
            lines.append(shown)
        }
        if let hint { lines.append(styled("36", "  → ") + Visible.oneLine(hint)) }
        return lines.joined(separator: "\n")
    }
}
