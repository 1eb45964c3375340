import Databricks
import Results

/// Sums up the columns of a table or a query with one statement that reads it once.
struct TableSummary {
    let session: Session

    struct Answer {
        let columns: [Column]
        let rows: Int
        let summaries: [ColumnSummary]
    }

    /// Percentages between which the quantiles of the statement are, in steps of 2.5.
    private static let steps = 40

    /// - Parameter source: what can stand after FROM.
    func answer(of source: String) async throws -> Answer {
        let (columns, _) = try await rows("SELECT * FROM \(source) LIMIT 0")
        guard !columns.isEmpty else { throw UsageError("\(source) has no columns to sum up") }
        let (_, store) = try await rows(Self.statement(of: source, columns))
        var cells = (0..<store.columnCount).map { store.rowCount > 0 ? store.text(0, $0) : nil }[...]
        let rows = cells.popFirst().flatMap { $0 }.flatMap { Int($0) } ?? 0
        let summaries = columns.map { column -> ColumnSummary in
            let width = Self.expressions("", ColumnSummary.Family(column)).count
            let own = Array(cells.prefix(width))
            cells = cells.dropFirst(width)
            return Self.summary(own, rows)
        }
        return Answer(columns: columns, rows: rows, summaries: summaries)
    }

    /// What a column is asked: how many values, how many different ones, the least, the greatest, the quantiles.
    private static func expressions(_ name: String, _ family: ColumnSummary.Family) -> [String] {
        let count = "count(\(name))"
        if family == .opaque { return [count] }
        let ordered = [
            count, "approx_count_distinct(\(name))", "CAST(min(\(name)) AS STRING)", "CAST(max(\(name)) AS STRING)",
        ]
        if family == .ordered { return ordered }
        let places = (0...steps).map { "\(Double($0) / Double(steps))" }.joined(separator: ", ")
        return ordered + [
            "array_join(transform(approx_percentile(\(name), array(\(places))), x -> CAST(x AS STRING)), '|')"
        ]
    }

    /// The columns get names of their own, so that a query may have several of one name.
    static func statement(of source: String, _ columns: [Column]) -> String {
        let names = columns.indices.map { "c\($0)" }
        let asked = zip(names, columns).flatMap { expressions($0, ColumnSummary.Family($1)) }
        return "SELECT count(*), \(asked.joined(separator: ", ")) FROM (SELECT * FROM \(source)) AS t"
            + "(\(names.joined(separator: ", ")))"
    }

    private static func summary(_ cells: [String?], _ rows: Int) -> ColumnSummary {
        let count = cells.first.flatMap { $0 }.flatMap { Int($0) } ?? 0
        var summary = ColumnSummary(nulls: rows - count)
        guard cells.count >= 4 else { return summary }
        // The estimate may be above what is possible.
        summary.distinct = cells[1].flatMap { Int($0) }.map { min($0, count) }
        summary.min = cells[2]
        summary.max = cells[3]
        summary.quantiles = (cells.count > 4 ? cells[4] : nil)?.split(separator: "|").map(String.init) ?? []
        return summary
    }

    /// The rows of a statement where the session's SQL goes.
    private func rows(_ statement: String) async throws -> (columns: [Column], store: ResultStore) {
        let client = try await session.workspace.connected()
        guard session.workspace.sqlTarget == .warehouse else {
            return try await CodeRunner(session: session).rows(sql: statement)
        }
        let (result, _) = try await SQLRunner(session: session).execute(statement, client)
        for try await store in result.batches() { return (result.columns, store) }
        return (result.columns, ResultStore.empty)
    }
}
