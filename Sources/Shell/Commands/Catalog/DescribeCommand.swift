import Databricks
import Results
import System
import Text

/// `.describe` — what a table or view is, and its columns.
struct DescribeCommand: MetaCommand {
    let name = Argument<String>(
        "NAME", "a table or view; with catalog and schema if they are not the current ones", from: .catalog(.table))
    let ddl = Flag("--ddl", "show the statement that makes it, which SQL is asked for")
    let history = Flag("--history", "show the versions of a Delta table, which SQL is asked for")

    var spec: CommandSpec {
        CommandSpec(
            "describe", in: .catalog, "show a table or view and its columns", takes: [name], flags: [ddl, history],
            details: """
                The columns are the result; the messages above it say type, owner, comment, partitions or clustering, constraints,
                and size and rows where they are known. The catalog answers by itself: no warehouse has to run, except with --ddl and
                --history and for hive_metastore.
                """,
            examples: [
                .init(".describe samples.nyctaxi.trips", "type, owner and columns"),
                .init(".describe samples.nyctaxi.trips --history", "its versions"),
            ])
    }

    func run(_ call: Call, in session: Session) async throws {
        if call[ddl], call[history] {
            throw UsageError("--ddl and --history are two questions", hint: "ask one of them")
        }
        let catalogs = try await session.catalogs()
        let parts = SQLName.parts(of: call[name])
        guard let last = parts.last, !last.isEmpty, parts.count <= 3 else {
            throw UsageError("“\(call[name])” is no name of a table", hint: "a name is CATALOG.SCHEMA.TABLE")
        }
        let schema = try await catalogs.schema(Array(parts.dropLast()))
        let whole = SQLName.quoted([schema.catalog, schema.schema, last].filter { !$0.isEmpty })
        if call[ddl] { return try await show("SHOW CREATE TABLE " + whole, asText: true, catalogs, session) }
        if call[history] { return try await show("DESCRIBE HISTORY " + whole, catalogs, session) }
        let table: CatalogTable?
        do { table = try await catalogs.table(last, in: schema) } catch let error as APIError where error.status == 404
        {
            throw await missing(last, schema, catalogs)
        }
        guard let table else { return try await show("DESCRIBE TABLE EXTENDED " + whole, catalogs, session) }
        if !session.settings.isQuiet { for line in Self.facts(table) { session.console.say(line) } }
        try session.presenter.show(
            [.text("name"), .text("type"), .text("nullable"), .text("comment")],
            rows: table.columns.map { [$0.name, $0.type, $0.isNullable ? "true" : "false", $0.comment] })
    }

    /// What is not about a single column, in a few lines.
    private static func facts(_ table: CatalogTable) -> [String] {
        func list(_ word: String, _ names: [String]) -> String? {
            names.isEmpty ? nil : "\(word) \(names.joined(separator: ", "))"
        }
        func moment(_ word: String, _ milliseconds: Int?) -> String? {
            milliseconds.map { "\(word) \(WallTime(milliseconds: $0).text)" }
        }
        let head: [String?] = [
            table.fullName, [table.type, table.format].compactMap(\.self).joined(separator: " "),
            table.owner.map { "owner \($0)" }, moment("created", table.created), moment("changed", table.updated),
        ]
        let size: [String?] = [
            table.rowCount.map { $0 == 1 ? "1 row" : "\(Quantity.grouped($0)) rows" },
            table.byteCount.map(Quantity.bytes),
        ]
        let layout: [String?] = [list("partitioned by", table.partitions), list("clustered by", table.clustering)]
        return [head, [table.comment], layout + table.constraints + size].map { parts in
            Sanitizer.oneLine(parts.compactMap(\.self).filter { !$0.isEmpty }.joined(separator: " · "))
        }.filter { !$0.isEmpty }
    }

    /// Asks SQL, outside the user's session, and says so.
    private func show(
        _ statement: String, asText: Bool = false, _ catalogs: CatalogReader, _ session: Session
    ) async throws {
        let result = try await session.console.waiting(for: statement) { try await catalogs.side.run(statement) }
        if !session.settings.isQuiet {
            session.console.say("\(session.workspace.warehouseTitle ?? "the warehouse") was asked: \(statement)")
        }
        guard asText else {
            let drawn = try await session.presenter.show(result, of: statement)
            return try session.presenter.footer(drawn, .init(id: result.id))
        }
        for try await store in result.batches() where store.columnCount > 0 {
            for row in 0..<store.rowCount {
                try session.console.result(text: store.cell(row, 0).map { String(decoding: $0, as: UTF8.self) } ?? "")
            }
        }
    }

    private func missing(_ name: String, _ schema: SchemaName, _ catalogs: CatalogReader) async -> UsageError {
        let all = try? await catalogs.objects(
            .table, in: schema.catalog, schemas: NamePattern(schema.schema), names: .all)
        let near = Spelling.nearest(to: name, among: (all ?? []).map(\.name))
        return UsageError(
            "there is no table or view “\(name)” in \(schema.catalog).\(schema.schema)",
            hint: near.isEmpty
                ? ".tables lists them; a temporary view is known to your SQL session only: DESCRIBE TABLE \(name)"
                : Report.didYouMean(near.map { "\(schema.catalog).\(schema.schema).\($0)" }))
    }
}
