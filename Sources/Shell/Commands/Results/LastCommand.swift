import Databricks
import Results

/// `.last` — draw the last result again.
struct LastCommand: MetaCommand {
    let mode = Argument<ModeName?>("FORMAT")
    let id = Flag("--id", "only the id of the statement or command that ran last")
    let rows = Flag<Int?>(
        "--rows", value: "N",
        "rows to show, 0 for all (default: the setting of .rows); csv, json and the like show the first N"
    )

    var spec: CommandSpec {
        CommandSpec(
            "last", in: .results, "show the last result again", takes: [mode], flags: [rows, id],
            details: """
                In any format, without running the statement again. dbsh keeps results up to 16 MB; the rows of a larger \
                one are fetched again from the service, which keeps them for one hour.
                """,
            examples: [
                .init(".last vertical", "a line for each column"), .init(".last --rows 200", "more of its rows"),
                .init(".last --id", "its id", runs: false),
            ])
    }

    func run(_ call: Call, in session: Session) async throws {
        if call[id] {
            guard let id = session.lastID else {
                throw UsageError("nothing has run yet", hint: "run a statement first")
            }
            return try session.console.result(text: id)
        }
        guard let content = session.last.content else {
            throw UsageError("there is no result yet", hint: "run a statement first")
        }
        var settings = session.settings
        let shown = call[rows]
        if let shown { settings.rows = shown }
        let mode = call[mode]
        if let mode {
            settings.mode = mode.format
            settings.choosesByWidth = mode.format == nil
        }
        let presenter = ResultPresenter(console: session.console, settings: settings, last: nil)
        if let count = shown, count > 0, presenter.firstPage(as: mode?.format) == nil {
            let store = try await first(count, of: content)
            let drawn = try presenter.show(content.columns, store, as: mode?.format)
            return try presenter.footer(drawn, .init(id: content.statement?.id))
        }
        let drawn =
            if content.rows == nil, let statement = content.statement {
                try await presenter.show(statement, of: content.text ?? "", as: mode?.format)
            } else {
                try await presenter.show(content.columns, batches: content.batches(), as: mode?.format)
            }
        let kind = content.statement == nil ? CutResult.Kind.command : .statement
        try presenter.footer(
            drawn, cut: content.isTruncated ? CutResult(kind: kind, rows: drawn.rows) : nil,
            .init(id: content.statement?.id))
    }

    /// The first rows alone, for a format that cannot leave out any in the middle. What comes after them is not fetched.
    private func first(_ count: Int, of content: LastResult.Content) async throws -> ResultStore {
        var rows: [[String?]] = []
        for try await store in content.batches() {
            for row in 0..<min(store.rowCount, count - rows.count) {
                rows.append(
                    (0..<store.columnCount).map { store.cell(row, $0).map { String(decoding: $0, as: UTF8.self) } })
            }
            if rows.count == count { break }
        }
        return ResultStore(columnCount: content.columns.count, rows: rows)
    }
}
