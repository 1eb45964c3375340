import Databricks
import Results
import SQL
import Terminal
import Text

/// Finds out what a file's columns are, and which of a table's they go to.
struct ImportPlanner {
    let session: Session
    let client: Client
    let file: ImportFile
    /// As it was typed.
    let table: String

    /// Rows that types are inferred from.
    private static let sample = 10_000

    /// The columns of the table; nil when there is none.
    func existing() async throws -> [ImportColumn]? {
        do {
            let (result, _) = try await SQLRunner(session: session).execute("DESCRIBE TABLE \(table)", client)
            var columns: [ImportColumn] = []
            guard result.columns.count > 1 else { return columns }
            for try await store in result.batches() {
                for row in 0..<store.rowCount {
                    func cell(_ column: Int) -> String {
                        store.cell(row, column).map { String(decoding: $0, as: UTF8.self) } ?? ""
                    }
                    // What follows an empty line or a heading is about partitions.
                    if cell(0).isEmpty || cell(0).hasPrefix("#") { return columns }
                    columns.append(ImportColumn(name: cell(0), type: cell(1)))
                }
            }
            return columns
        } catch let error as StatementError where Self.saysMissing(error) { return nil }
    }

    private static func saysMissing(_ error: StatementError) -> Bool {
        error.sqlState == "42P01" || error.message.contains("TABLE_OR_VIEW_NOT_FOUND")
    }

    /// - Parameters:
    ///   - schema: the columns as they were typed.
    ///   - existing: those of the table that rows are added to.
    /// - Throws: `UsageError` for a file that does not fit.
    func plan(
        schema: [ImportColumn]?, existing: [ImportColumn]?, hasHeader: Bool?, null: String?
    ) throws -> ImportStatement {
        switch file.form {
        case .csv, .tsv: return try csv(schema, existing, hasHeader, null)
        case .json, .jsonl:
            let found = ColumnInference.columns(ofObjects: try file.firstObjects(Self.sample))
            guard !found.isEmpty || schema != nil else { throw UsageError("the file has no rows") }
            let columns = try chosen(schema, existing, names: found.map(\.name)) ?? found
            return ImportStatement(
                table: table, columns: columns, sources: columns.map { source($0, found) }, form: .jsonl)
        case .parquet:
            let columns = schema ?? existing ?? []
            return ImportStatement(table: table, columns: columns, sources: columns.map(\.name), form: .parquet)
        }
    }

    /// The key that a column has in the file: names of columns have no case.
    private func source(_ column: ImportColumn, _ found: [ImportColumn]) -> String {
        (found.first { $0.name == column.name } ?? found.first { $0.name.lowercased() == column.name.lowercased() }
            ?? column).name
    }

    private func csv(
        _ schema: [ImportColumn]?, _ existing: [ImportColumn]?, _ hasHeader: Bool?, _ null: String?
    ) throws -> ImportStatement {
        let records = try file.firstRecords(Self.sample)
        guard let first = records.first else { throw UsageError("the file is empty") }
        let isHeader = hasHeader ?? Self.looksLikeHeader(first, records.dropFirst())
        let names = isHeader ? Self.distinct(first) : first.indices.map { "c\($0 + 1)" }
        let given = isHeader ? try chosen(schema, existing, names: names) : schema ?? existing
        let rows = records.dropFirst(isHeader ? 1 : 0)
        let columns =
            given
            ?? names.enumerated().map { index, name in
                let values = rows.compactMap { $0.count == names.count ? $0[index] : nil }.filter { $0 != null }
                return ImportColumn(name: name, type: ColumnInference.type(ofTexts: values))
            }
        guard columns.count == names.count else {
            throw UsageError(
                "the file has \(names.count) columns, and \(columns.count) are wanted",
                hint: "--schema names every column of the file, in its order")
        }
        return ImportStatement(
            table: table, columns: columns, sources: columns.indices.map { "c\($0)" }, form: .csv, hasHeader: isHeader,
            nullText: null, separator: file.separator)
    }

    /// The columns for what the file calls `names`: as typed, by their order; of the table, by their names.
    private func chosen(
        _ schema: [ImportColumn]?, _ existing: [ImportColumn]?, names: [String]
    ) throws -> [ImportColumn]? {
        if let schema { return schema }
        guard let existing else { return nil }
        return try names.map { name in
            guard let column = existing.first(where: { $0.name.lowercased() == name.lowercased() }) else {
                throw UsageError(
                    "table \(table) has no column \(name)",
                    hint:
                        "it has \(existing.map(\.name).joined(separator: ", ")); --header no takes columns by their order"
                )
            }
            return column
        }
    }

    /// Whether the first line names columns: none of its fields is a number or a truth value, and each is a text of its own, or one
    /// stands above values of another type.
    private static func looksLikeHeader(_ fields: [String?], _ rows: ArraySlice<[String?]>) -> Bool {
        let names = fields.compactMap { $0.flatMap { $0.isEmpty ? nil : $0 } }
        guard !names.isEmpty, names.allSatisfy({ ColumnInference.type(ofTexts: [$0]) == "STRING" }) else {
            return false
        }
        if names.count == fields.count, Set(names).count == names.count { return true }
        return fields.indices.contains { index in
            fields[index] != nil
                && ColumnInference.type(ofTexts: rows.compactMap { $0.count == fields.count ? $0[index] : nil })
                    != "STRING"
        }
    }

    private static func distinct(_ fields: [String?]) -> [String] {
        var taken: Set<String> = []
        return fields.enumerated().map { index, field in
            var name = field.flatMap { $0.isEmpty ? nil : $0 } ?? "c\(index + 1)"
            while !taken.insert(name.lowercased()).inserted { name += "_\(index + 1)" }
            return name
        }
    }

    // MARK: Asking

    /// At a terminal, shows what will be done and asks; sees to it that there is a volume where one is needed.
    /// - Throws: `UsageError`; `CancellationError` when the user says no.
    func confirm(_ run: inout ImportRun) async throws {
        let ask = session.isInteractive && session.paths.scripts.isEmpty ? session.prompter?.ask : nil
        if ask != nil, !run.statement.columns.isEmpty { try show(run.statement) }
        if run.volume == nil {
            let isParquet = file.form == .parquet
            let most = ImportRun.mostWithoutVolume
            let count =
                isParquet
                ? 0
                : try await RecordScan.of(file.path, quoted: file.form == .csv, separator: file.separator, upTo: most)
                    .records
            if isParquet || count > most {
                let why =
                    isParquet
                    ? "Parquet needs a staging volume"
                    : "more than \(Quantity.grouped(most)) rows need a staging volume"
                guard let ask, let answer = await ask("\(why). Path of a volume (/Volumes/…): "),
                    let path = RemotePath(answer)
                else {
                    throw UsageError(why, hint: "--volume /Volumes/CATALOG/SCHEMA/VOLUME, or DBSH_STAGING_VOLUME")
                }
                session.settings.stagingVolume = path
                run.volume = path
            }
        }
        guard let ask else { return }
        let verb = ["create": "create", "replace": "replace", "append": "add to"]["\(run.statement.mode)"] ?? ""
        let answer = await ask("\(verb) table \(table)? [Y/n] ")
        guard Agreement.isGiven(answer, isDefault: true) else { throw CancellationError() }
    }

    /// A line for each column: its name, its type, and the first values.
    private func show(_ statement: ImportStatement) throws {
        let rows: [[String?]] =
            file.form == .csv
            ? Array(try file.firstRecords(4).dropFirst(statement.hasHeader ? 1 : 0).prefix(3))
            : try file.firstObjects(3).map { object in
                statement.sources.map { object[$0].map { $0.text ?? $0.serialized() } }
            }
        let width = statement.columns.map { DisplayWidth.of($0.name) }.max() ?? 0
        let types = statement.columns.map(\.type.count).max() ?? 0
        for (index, column) in statement.columns.enumerated() {
            let values = rows.map { $0.indices.contains(index) ? $0[index] ?? "NULL" : "" }
                .map { Sanitizer.oneLine($0.count > 20 ? $0.prefix(20) + "…" : $0) }
            let name = column.name + String(repeating: " ", count: max(width - DisplayWidth.of(column.name), 0))
            let type = column.type + String(repeating: " ", count: max(types - column.type.count, 0))
            session.console.say("  \(Sanitizer.oneLine(name))  \(type)  \(values.joined(separator: " · "))")
        }
    }
}
