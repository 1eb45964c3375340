import Databricks
import Results
import Terminal
import Text

/// How an error is reported to the user, and the exit code that follows from it. The one place where errors are worded.
struct Report {
    /// What happened, to what: one line.
    var headline: String
    /// Further text, verbatim: the statement with its caret, a traceback.
    var detail: String?
    /// Whether `detail` may contain colour sequences.
    var detailHasColors = false
    /// The line of the script that failed.
    var cell: String?
    /// Where in the cell the error is, for drawing.
    var excerpt: ErrorExcerpt?
    /// What to type next.
    var hint: String?
    /// The names that the error goes by (`ErrorCodes`), and its SQLSTATE.
    var codes: [String] = []
    var sqlState: String?
    /// Where in its script it is, for programs; people read the location before the headline.
    var source: Source?
    var exitCode: ExitCode = .cellFailed
    /// The failure was reported where it happened, in a script that was read.
    var wasShown = false

    /// A place in a script.
    struct Source {
        let name: String
        let line: Int
        let column: Int

        var text: String { "\(name):\(line):\(column)" }
    }

    /// The exit codes, as the README has them.
    enum ExitCode: Int32, CaseIterable {
        case success = 0
        case cellFailed = 1
        case usage = 2
        case unreachable = 3
        case timedOut = 124
        case interrupted = 130

        /// What it says, for help.
        var meaning: String {
            switch self {
            case .success: "all cells succeeded"
            case .cellFailed: "a cell failed"
            case .usage: "bad usage"
            case .unreachable: "workspace not reached"
            case .timedOut: "a time limit passed"
            case .interrupted: "interrupted"
            }
        }
    }

    /// Whether the error is a cancellation by the user.
    static func isCancellation(_ error: any Error) -> Bool {
        error is CancellationError || error is RunCancelled || error is Detached
    }

    /// The message at the prompt for a cancellation that the service has confirmed; nil for everything else.
    static func cancellation(_ error: any Error) -> String? {
        switch error {
        case let error as RunCancelled where error.isConfirmed: error.id.map { "cancelled \($0)" } ?? "cancelled"
        case is CancellationError: "cancelled"
        default: nil
        }
    }

    /// Whether the reader of the output has gone (`dbsh … | head`): there is nothing left to report.
    static func isBrokenPipe(_ error: any Error) -> Bool { (error as? OutputError)?.isBrokenPipe == true }

    init(_ headline: String, detail: String? = nil, hint: String? = nil, exitCode: ExitCode = .cellFailed) {
        self.headline = headline
        self.detail = detail
        self.hint = hint
        self.exitCode = exitCode
    }

    /// The report as it is printed. `location` is `file:line`, put before the headline.
    ///
    /// - Parameter width: the columns of the terminal that it is drawn for; nil where nobody looks.
    func text(color: Bool, location: String? = nil, width: Int? = nil) -> String {
        if let width { return ReportDrawing(report: self, width: width, color: color).text(location: location) }
        func styled(_ sgr: String, _ text: String) -> String { color ? "\u{1b}[\(sgr)m\(text)\u{1b}[0m" : text }
        var lines: [String] = []
        let place = location.map { Sanitizer.oneLine($0) + ": " } ?? ""
        lines.append(place + styled("1;31", "error: ") + styled("1", Sanitizer.oneLine(headline)))
        if let cell, !cell.isEmpty, detail?.contains(cell) != true {
            let line = Sanitizer.oneLine(cell.count > 100 ? cell.prefix(100) + "…" : cell)
            lines.append("  | " + line)
        }
        if let detail, !detail.isEmpty {
            let shown = detailHasColors ? Sanitizer.traceback(detail, color: color) : Sanitizer.text(detail)
            lines.append(shown)
        }
        if let hint { lines.append(styled("36", "  → ") + Sanitizer.oneLine(hint)) }
        return lines.joined(separator: "\n")
    }
}
