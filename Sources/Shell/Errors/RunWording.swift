import Databricks
import Results

/// What failed in a statement or a command, and in fetching its result.
extension Report {
    init(statement error: StatementError) {
        let parts = Self.parts(of: error.message)
        self.init(parts.headline, detail: parts.detail)
        // Codes that the message does not repeat.
        let codes = [error.sqlState.map { "SQLSTATE \($0)" }, error.errorCode == "BAD_REQUEST" ? nil : error.errorCode]
            .compactMap { $0 }
            .filter { code in !error.message.contains(code.split(separator: " ").last ?? "") }
        if !codes.isEmpty {
            detail = [detail, "  " + codes.joined(separator: " · ")].compactMap { $0 }.joined(separator: "\n")
        }
        if error.errorCode == "NOT_FOUND" || error.errorCode == "RESOURCE_DOES_NOT_EXIST" {
            hint = ".warehouses lists the warehouses"
        }
        if error.state == .canceled { hint = "somebody cancelled it, or its warehouse stopped" }
    }

    init(result error: ResultError) {
        self.init(error.description)
        switch error.reason {
        case .gone(let message):
            detail = message
            hint = "results can be read for an hour; run the statement again"
        case .blocked(let host, let message):
            headline = "this network does not lead to \(host), the storage that holds the result"
            detail = "  " + message
            hint =
                "let \(host) through the firewall or proxy; results of up to 25 MiB come without it: take fewer rows or columns"
            exitCode = .unreachable
        case .refused, .cut, .malformed, .rowCount:
            hint = "what was fetched is not whole; .last or .export fetches it again while the service keeps it"
        case .otherFormat(let format):
            hint =
                format.request.map { ".export FILE.\($0 == .arrow ? "arrow" : "csv") passes it on unchanged" }
                ?? "dbsh reads JSON, and passes on Arrow and CSV that are not compressed"
        case .volumeOperation: hint = "type PUT, GET or REMOVE as a statement of its own"
        case .notLinked: break
        }
    }

    init(command error: CommandError) {
        if error.isCancelled {
            self.init("cancelled", exitCode: .interrupted)
        } else {
            let parts = Self.parts(of: error.summary)
            let detail = Self.traceback(error) ?? parts.detail
            let isRepetition = detail.map { $0 == parts.headline || parts.headline.hasSuffix(": " + $0) } ?? false
            self.init(parts.headline, detail: isRepetition ? nil : detail)
            detailHasColors = true
            if error.endedContext { hint = "the next cell makes a new context" }
        }
    }

    /// A Python or R traceback is worth reading; an SQL or Scala cause is a long JVM stack that repeats the summary.
    private static func traceback(_ error: CommandError) -> String? {
        switch error.language {
        case .sql, .scala: nil
        case .python, .r, nil: error.cause
        }
    }

    /// The first line that is not blank is the headline; the lines after it are detail.
    static func parts(of message: String) -> (headline: String, detail: String?) {
        let lines = message.split(separator: "\n", omittingEmptySubsequences: false)
        guard let first = lines.firstIndex(where: { line in line.contains { !$0.isWhitespace } }) else {
            return ("the workspace reported an error without a message", nil)
        }
        var rest = lines[(first + 1)...]
        while rest.first?.allSatisfy(\.isWhitespace) == true { rest.removeFirst() }
        while rest.last?.allSatisfy(\.isWhitespace) == true { rest.removeLast() }
        return (String(lines[first]), rest.isEmpty ? nil : rest.joined(separator: "\n"))
    }
}
