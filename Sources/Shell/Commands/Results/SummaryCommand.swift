import Results
import SQL
import Text

/// `.summary` — what the columns of a table or of the last result hold.
struct SummaryCommand: MetaCommand {
    let source = Argument<String?>("TABLE|QUERY", "default: the last result", from: .catalog(.table))

    var spec: CommandSpec {
        CommandSpec(
            "summary", in: .results, "sum up each column of the last result, a table or a query", takes: [source],
            details: """
                For each column: its type, how many NULLs and different values there are, the least and the greatest value, the \
                quartiles, and how the values are spread between them. A table or a query is read once, by one statement \
                with approximate functions (approx_count_distinct, approx_percentile), so distinct and the quartiles are \
                estimates. Of the last result, rows are counted here: exactly, or from a sample of a large one, which is said.
                """,
            examples: [
                .init("select id, id % 3 as rest from range(100);", "a result"),
                .init(".summary", "sum up the last result"),
                .init(".summary samples.nyctaxi.trips", "sum up a table", runs: false),
                .init(".summary select id * id from range(10)", "sum up a query"),
            ], takesText: true)
    }

    func run(_ call: Call, in session: Session) async throws {
        var text = (call[source] ?? "").trimmingBlanks()
        while text.hasSuffix(";") { text = String(text.dropLast()).trimmingBlanks() }
        if text.isEmpty { return try await sumUpLastResult(session) }
        let words = SQLText(text)
        let isQuery = words.code.first.flatMap { words.keyword($0) }.map(Self.queries.contains) ?? false
        let answer = try await TableSummary(session: session)
            .answer(of: isQuery ? "(\(text))" : SQLName.quoted(path: text))
        let hidden = try show(answer.columns, answer.summaries, session)
        let isEstimated = answer.columns.contains { ColumnSummary.Family($0) != .opaque }
        say(answer.rows, [isEstimated ? "distinct and quartiles are approximate" : nil], hidden, session)
    }

    private static let queries: Set<String> = ["SELECT", "WITH", "VALUES", "FROM", "TABLE", "SHOW", "DESCRIBE"]

    private func sumUpLastResult(_ session: Session) async throws {
        guard let content = session.last.content else {
            throw UsageError("there is no result yet", hint: "run a statement first, or type .summary TABLE")
        }
        let columns = content.columns
        var surveys = columns.map { ColumnSurvey($0, columns: columns.count) }
        var rows = 0
        try await session.console.waiting(for: "reading the result") {
            for try await store in content.batches() {
                for index in surveys.indices { surveys[index].add(store, index) }
                rows += store.rowCount
                session.console.nowWaiting(for: "reading the result: \(Quantity.grouped(rows)) rows")
                try Task.checkCancellation()
            }
        }
        let hidden = try show(columns, surveys.map(\.summary), session)
        let isExact = surveys.allSatisfy(\.isExact)
        let remark = isExact ? nil : "distinct and quartiles are approximate, from a sample"
        say(rows, [content.isTruncated ? "of a result that was cut off" : nil, remark], hidden, session)
    }

    /// The last result stays what it is, to be plotted or summed up again.
    /// - Returns: what the window has no room for, and how it can be seen; in full, and in short.
    private func show(_ columns: [Column], _ summaries: [ColumnSummary], _ session: Session) throws -> [[String]] {
        let isForReading = session.console.resultsAreForReading
        let rows = ColumnSummary.rows(of: columns, summaries, isForReading: isForReading)
        let store = ResultStore(columnCount: ColumnSummary.columns.count, rows: rows)
        let logged = LoggedTable(ColumnSummary.columns)
        logged.add(store)
        session.log.add(.table(logged))
        var presenter = session.presenter
        (presenter.last, presenter.isLastResult) = (nil, false)
        let drawn = try presenter.show(ColumnSummary.columns, store)
        return presenter.hidden(drawn)
    }

    private func say(_ rows: Int, _ remarks: [String?], _ hidden: [[String]], _ session: Session) {
        guard !session.settings.isQuiet else { return }
        let facts = [ResultPresenter.rows(rows)] + remarks.compactMap(\.self)
        session.console.say(shorteningTo: hidden.isEmpty ? [facts] : hidden.map { facts + $0 })
    }
}
