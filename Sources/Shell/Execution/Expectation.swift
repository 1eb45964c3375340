import Databricks
import Results
import Text

/// What `.expect` demands of the result before it.
enum Expectation: Equatable {
    case rows(Int)
    case value(String)
    case columns([String])
    case empty
    case error(String?)
    case match(String)

    /// Whether a command that judges says that the cell before it had to fail.
    static func isForError(_ cell: Cell) -> Bool {
        guard case .meta(let line) = cell.content else { return false }
        let words = line.split { $0 == " " || $0 == "\t" }
        return words.count > 1 && words[1].lowercased() == "error"
    }

    /// - Throws: `ExpectationFailed`.
    func judge(_ entry: SessionLog.Entry) throws {
        if case .error(let code) = self { return try judgeError(code, entry) }
        if case .failed(let failure) = entry.state {
            throw ExpectationFailed(message: "the cell failed: \(failure.headline)", detail: failure.detail)
        }
        switch self {
        case .rows(let count): try judgeRows(count, entry)
        case .value(let value): try judgeValue(value, entry)
        case .columns(let names): try judgeColumns(names, entry)
        case .empty:
            let rows = entry.tables.last?.rowCount ?? 0
            if rows > 0 { throw ExpectationFailed(message: "expected no rows, there \(Self.are(rows))") }
            let text = entry.text.trimmingBlanks()
            if !text.isEmpty { throw ExpectationFailed(message: "expected nothing, it printed “\(Self.short(text))”") }
        case .match(let pattern): try judgeMatch(pattern, entry)
        case .error: break
        }
    }

    private func judgeError(_ code: String?, _ entry: SessionLog.Entry) throws {
        guard case .failed(let failure) = entry.state else {
            throw ExpectationFailed(message: "expected \(code.map { "error \($0)" } ?? "an error"), the cell succeeded")
        }
        guard let code, !ErrorCodes.matches(code, failure.codes) else { return }
        let codes = failure.codes.isEmpty ? "it has no code" : "it is " + failure.codes.joined(separator: ", ")
        throw ExpectationFailed(
            message: "expected error \(code), \(codes): \(failure.headline)", detail: failure.detail)
    }

    private func judgeRows(_ count: Int, _ entry: SessionLog.Entry) throws {
        guard let table = entry.tables.last else {
            throw ExpectationFailed(message: "expected \(Self.rows(count)), the cell returned no table")
        }
        if table.rowCount != count {
            throw ExpectationFailed(message: "expected \(Self.rows(count)), there \(Self.are(table.rowCount))")
        }
    }

    private func judgeValue(_ value: String, _ entry: SessionLog.Entry) throws {
        let found: String
        if let table = entry.tables.last {
            guard let row = table.rows(1).first, let cell = row.first else {
                throw ExpectationFailed(message: "expected “\(value)”, the result has no rows")
            }
            found = cell ?? "NULL"
        } else {
            found = entry.text.trimmingBlanks()
        }
        if found != value { throw ExpectationFailed(message: "expected “\(value)”, it is “\(Self.short(found))”") }
    }

    private func judgeColumns(_ names: [String], _ entry: SessionLog.Entry) throws {
        guard let table = entry.tables.last else {
            throw ExpectationFailed(message: "expected columns, the cell returned no table")
        }
        let found = table.columns.map(\.name)
        if found != names {
            throw ExpectationFailed(
                message:
                    "expected the columns \(names.joined(separator: ",")), they are \(found.joined(separator: ","))")
        }
    }

    private func judgeMatch(_ pattern: String, _ entry: SessionLog.Entry) throws {
        let regex: Regex<AnyRegexOutput>
        do { regex = try Regex(pattern) } catch {
            throw UsageError("“\(pattern)” is no regular expression", hint: "\(error)")
        }
        let rows = entry.tables.flatMap { table in
            table.rows(.max).map { row in row.map { $0 ?? "NULL" }.joined(separator: "\t") }
        }
        let texts = rows + [entry.text]
        if !texts.contains(where: { $0.firstMatch(of: regex) != nil }) {
            let sample = texts.first { !$0.isEmpty } ?? ""
            throw ExpectationFailed(
                message: "nothing matches “\(pattern)”; the result begins with “\(Self.short(sample))”")
        }
    }

    private static func rows(_ count: Int) -> String { count == 1 ? "1 row" : "\(count) rows" }

    private static func are(_ count: Int) -> String { count == 1 ? "is 1" : "are \(count)" }

    private static func short(_ text: String) -> String { text.count > 200 ? text.prefix(200) + "…" : text }
}
