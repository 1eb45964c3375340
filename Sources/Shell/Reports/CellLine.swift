import Databricks
import Results
import System

/// The line of a report about one cell.
struct CellLine {
    enum State: String {
        case succeeded, failed, cancelled, skipped
        case timedOut = "timed_out"
    }

    private(set) var state: State
    /// `.expect error` wanted the failure.
    var isExpected = false
    private let entry: SessionLog.Entry
    private let report: Report?
    private let times: (queue: Duration?, run: Duration?, fetch: Duration?)

    init(_ entry: SessionLog.Entry, _ error: (any Error)?, _ report: Report?) {
        self.entry = entry
        self.report = report
        times = entry.facts.times(until: .now)
        state =
            switch entry.state {
            // %skip
            case .running, .succeeded: if case .skipped = entry.cell.content { .skipped } else { .succeeded }
            case .skipped: .skipped
            case .cancelled: .cancelled
            case .failed: error is TimeLimitPassed ? .timedOut : .failed
            }
    }

    /// Rows of its results.
    var rows: Int { entry.tables.reduce(0) { $0 + $1.size } }

    func json(number: Int) -> JSONValue {
        let start = entry.cell.start
        let kind = Self.kind(of: entry.cell)
        return .object([
            .init("type", .string("cell")), .init("n", .count(number)), .init("file", .text(entry.source)),
            .init("line", .count(start.line)), .init("column", .count(start.column)),
            .init("kind", .string(kind.name)), .init("language", .text(kind.language?.rawValue)),
            .init("command", .text(entry.cell.metaName.isEmpty ? nil : "." + entry.cell.metaName)),
            .init("state", .string(state.rawValue)), .init("expected", .bool(isExpected)),
            .init("started", .string(entry.started.textWithMilliseconds)), .init("ms", milliseconds),
            .init("ran_on", place), .init("ids", ids), .init("attempts", .count(entry.facts.attempts)),
            .init("results", .array(entry.tables.map(Self.result))),
            .init("output_files", .array(entry.facts.files.map(JSONValue.string))),
            .init("error", state == .succeeded || state == .skipped ? .null : report?.fields ?? .null),
        ])
    }

    private static func kind(of cell: Cell) -> (name: String, language: Language?) {
        switch cell.content {
        case .code(let language, _): ("code", language)
        case .clusterMagic: ("magic", .python)
        case .meta: ("command", nil)
        case .run: ("run", nil)
        case .note: ("note", nil)
        case .skipped: ("skip", nil)
        case .invalid: ("invalid", nil)
        }
    }

    private var milliseconds: JSONValue {
        func count(_ duration: Duration?) -> JSONValue {
            .count(duration.map { Int(($0 / .milliseconds(1)).rounded()) })
        }
        return .object([
            .init("total", count(entry.elapsed)), .init("queue", count(times.queue)), .init("run", count(times.run)),
            .init("fetch", count(times.fetch)),
        ])
    }

    private var place: JSONValue {
        guard let place = entry.facts.place else { return .null }
        return .object([
            .init("kind", .string(place.kind.rawValue)), .init("id", .string(place.id)),
            .init("name", .text(place.name)),
        ])
    }

    private var ids: JSONValue {
        let facts = entry.facts
        return .object([
            .init("statement", .text(facts.statementID)), .init("sql_session", .text(facts.sqlSessionID)),
            .init("context", .text(facts.contextID)), .init("command", .text(facts.commandID)),
        ])
    }

    private static func result(_ table: LoggedTable) -> JSONValue {
        .object([
            .init(
                "columns",
                .array(
                    table.columns.map {
                        .object([.init("name", .string($0.name)), .init("type", .string($0.typeText))])
                    })), .init("rows", .count(table.size)), .init("truncated", .bool(table.isTruncated)),
            .init("bytes", .count(table.byteCount)),
        ])
    }
}
