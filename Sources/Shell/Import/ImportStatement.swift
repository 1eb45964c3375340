import Results

/// The SQL that loads a file. Names and values from the file are in it only quoted.
nonisolated struct ImportStatement: Sendable {
    /// As it was typed.
    let table: String
    /// Of the table, in the order of `sources`.
    let columns: [ImportColumn]
    /// What the columns are called in the file: keys of its objects; `c0`, `c1`, … for CSV.
    let sources: [String]
    let form: ImportFormat
    var hasHeader = true
    var nullText: String?
    var spansLines = false
    var endsInCRLF = false
    var separator: UInt8 = 0x2C
    var mode = Mode.create

    enum Mode: Sendable { case create, replace, append }

    /// Loads a staged file.
    func load(_ path: String) -> String {
        let rows = "\(files(path))\(condition { form == .csv ? $0.textType : $0.jsonType })"
        return target + " SELECT \(values { form == .csv ? $0.textType : $0.jsonType }) FROM \(rows)"
    }

    private var target: String {
        switch mode {
        case .create: "CREATE TABLE \(table) AS"
        case .replace: "CREATE OR REPLACE TABLE \(table) AS"
        case .append: "INSERT INTO \(table) (\(columns.map { Self.name($0.name) }.joined(separator: ", ")))"
        }
    }

    private func files(_ path: String) -> String {
        let type = { (column: ImportColumn) in form == .csv ? column.textType : column.jsonType }
        var options = [("format", form == .csv ? "csv" : form == .jsonl ? "json" : "parquet")]
        if form != .parquet {
            let schema = zip(sources, columns).map { "\(Self.name($0)) \(type($1))" }
            let extra = form == .csv && sources.count == 1 ? [TextRewriting.secondColumn + " STRING"] : []
            options += [("schema", (schema + extra).joined(separator: ", ")), ("mode", "DROPMALFORMED")]
        }
        // Else the service adds a column for what does not fit the types that it infers.
        if form == .parquet { options.append(("schemaEvolutionMode", "none")) }
        if form == .csv {
            options += [
                ("header", "\(hasHeader)"), ("escape", "\""), ("multiLine", "\(spansLines)"), ("emptyValue", ""),
                ("nullValue", nullText ?? Self.absent), ("positiveInf", "Infinity"), ("negativeInf", "-Infinity"),
            ]
        }
        if form == .csv, separator != 0x2C { options.append(("sep", String(UnicodeScalar(separator)))) }
        // Else the line ends within quotes lose their CR.
        if spansLines, endsInCRLF { options.append(("lineSep", "\r\n")) }
        let text = options.map { "\($0) => \(Self.literal($1))" }.joined(separator: ", ")
        return "read_files(\(Self.literal(path)), \(text))"
    }

    private func values(_ read: (ImportColumn) -> String) -> String {
        if columns.isEmpty { return "*" }
        return valueList(read)
    }

    private func valueList(_ read: (ImportColumn) -> String) -> String {
        zip(sources, columns).map { source, column in
            let name = Self.name(source)
            // Nothing can be cast to VOID, not even NULL of another type.
            if form == .parquet, column.family != "VOID" {
                return "CAST(\(name) AS \(column.type)) AS \(Self.name(column.name))"
            }
            return "\(column.value(of: name, readAs: read(column))) AS \(Self.name(column.name))"
        }.joined(separator: ", ")
    }

    /// Leaves out rows with a value that has to be cast and cannot.
    private func condition(_ read: (ImportColumn) -> String) -> String {
        guard form != .parquet else { return "" }
        let tests = zip(sources, columns).compactMap { source, column -> String? in
            let name = Self.name(source)
            let value = column.value(of: name, readAs: read(column))
            guard value != name, value != "NULL", column.family != "BINARY" else { return nil }
            return "(\(name) IS NULL OR \(value) IS NOT NULL)"
        }
        return tests.isEmpty ? "" : " WHERE " + tests.joined(separator: " AND ")
    }

    /// What Spark's reader makes of a field that is empty without quotes before it looks for NULL: a text that no file has, as
    /// the empty one would be NULL in quotes too.
    private static let absent = "\u{1}\u{2}"

    /// Loads the rows of the parameter `:dbsh_rows`, a JSON array of objects with the keys `c0`, `c1`, …
    var insertion: String {
        var rows = self
        rows.mode = .append
        let numbered = ImportStatement(
            table: table, columns: columns, sources: columns.indices.map { "c\($0)" }, form: form, mode: .append)
        let read = { (column: ImportColumn) in form == .csv ? "STRING" : column.jsonType }
        let fields = zip(numbered.sources, columns).map { "\($0): \(read($1))" }.joined(separator: ", ")
        let table = "(SELECT inline(from_json(:dbsh_rows, \(Self.literal("ARRAY<STRUCT<\(fields)>>")))))"
        return rows.target + " SELECT \(numbered.values(read)) FROM \(table)\(numbered.condition(read))"
    }

    /// Makes the table, empty.
    var creation: String {
        let list = columns.map { "\(Self.name($0.name)) \($0.type)" }.joined(separator: ", ")
        return "CREATE \(mode == .replace ? "OR REPLACE " : "")TABLE \(table) (\(list))"
    }

    static func name(_ name: String) -> String { "`" + name.replacing("`", with: "``") + "`" }
    static func literal(_ text: String) -> String {
        "'"
            + text.replacing("\\", with: "\\\\").replacing("'", with: "\\'").replacing("\n", with: "\\n")
            .replacing("\r", with: "\\r").replacing("\t", with: "\\t") + "'"
    }
}
