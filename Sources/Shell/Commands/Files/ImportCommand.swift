import Databricks
import Results
import SQL
import Text

/// `.import` — load a file of this machine into a table.
struct ImportCommand: MetaCommand {
    let file = Argument<FilePath>("FILE", "a file of this machine, also compressed (.gz, .zst); - is standard input")
    let table = Argument<String>("TABLE")
    let format = Flag<ImportFormat?>(
        "--format", value: "FORMAT", "csv, tsv, json, jsonl or parquet (default: by the file's ending)")
    let schema = Flag<String?>(
        "--schema", value: "COLUMNS", "columns and types, such as 'id INT, name STRING', in the file's order")
    let replace = Flag("--replace", "the table is replaced, when it is there")
    let append = Flag("--append", "rows are added to the table, when it is there")
    let header = Flag<Answer?>("--header", value: "yes|no", "whether the first line of CSV or TSV names the columns")
    let null = Flag<String?>("--null", value: "TEXT", "a field of CSV or TSV that means NULL, besides the empty one")
    let delimiter = Flag<FieldSeparator?>(
        "--delimiter", value: "CHAR", "what separates the fields of CSV (default: a comma; ; tab and | are recognized)")
    let encoding = Flag<String?>(
        "--encoding", value: "NAME", "what a file of text is in when it is not UTF-8, such as WINDOWS-1252 or UTF-16")
    let volume = Flag<RemotePath?>("--volume", value: "PATH", "the volume or folder that the file is staged in")

    var spec: CommandSpec {
        CommandSpec(
            "import", in: .files, "load a file into a table", takes: [file, table],
            flags: [format, schema, replace, append, header, null, delimiter, encoding, volume],
            details: """
                Types are inferred from the first 10,000 rows, unless --schema gives them or the table is there; at a terminal the
                columns are shown and you are asked. The file goes to a staging volume (--volume, else the profile's
                dbsh_staging_volume or DBSH_STAGING_VOLUME), is loaded by read_files, and removed whatever happens. Without a
                volume, up to 10,000 rows go as parameters of INSERT statements. Rows that do not fit are left out, counted, and
                the first named with their lines; with .strict on that is a failure.
                What .export wrote as csv, tsv, json, jsonl or parquet comes back as it was, with --schema or into a table that
                has the types.
                """,
            examples: [
                .init(".import orders.csv main.default.orders", "into a new table", runs: false),
                .init(
                    ".import --append --volume /Volumes/main/default/files more.jsonl.gz orders", "more rows",
                    runs: false),
            ])
    }

    func run(_ call: Call, in session: Session) async throws {
        let (path, table) = (call[file].path, call[table])
        guard let form = call[format] ?? ImportFormat(path: path) else {
            throw UsageError(
                "the name \(path) does not say what is in it", hint: "--format csv, tsv, json, jsonl or parquet")
        }
        if call[replace], call[append] { throw UsageError("--replace and --append exclude each other", call.spec) }
        let client = try await session.workspace.connected()
        try client.gate.admit(.changes("loading \(path) into \(table)"))
        let name = path == "-" ? "standard input" : path
        let source = try await session.console.waiting(for: "reading \(name)") {
            try await ImportFile.open(
                path == "-" ? path : session.paths.resolve(path), form, name: name,
                encoding: call[encoding],
                separator: call[delimiter]?.byte, directory: session.environment["TMPDIR"] ?? "/tmp")
        }
        if source.hasFoundSeparator, !session.settings.isQuiet {
            let found = source.separator == 0x09 ? "tabs" : "“\(Character(UnicodeScalar(source.separator)))”"
            session.console.say("fields are separated by \(found); --delimiter says otherwise")
        }
        let planner = ImportPlanner(session: session, client: client, file: source, table: table)
        let there = try await planner.existing()
        if there != nil, !call[replace], !call[append] {
            throw UsageError("table \(table) is there already", hint: "--append adds the rows, --replace replaces it")
        }
        var statement = try planner.plan(
            schema: call[schema].map(ImportColumn.list), existing: call[append] ? there : nil,
            hasHeader: call[header].map { $0 == .yes }, null: call[null])
        statement.mode = there == nil ? .create : call[append] ? .append : .replace
        var run = ImportRun(session: session, client: client, file: source, name: name, statement: statement)
        run.volume =
            call[volume] ?? session.settings.stagingVolume ?? client.connection.stagingVolume.flatMap { RemotePath($0) }
        try await planner.confirm(&run)
        try await report(try await run.load(), run, session)
    }

    private func report(_ outcome: (rows: Int, loaded: Int), _ run: ImportRun, _ session: Session) async throws {
        let rejected = outcome.rows - outcome.loaded
        let rows = { (count: Int) in count == 1 ? "1 row" : "\(Quantity.grouped(count)) rows" }
        if !session.settings.isQuiet {
            session.console.say(
                "\(rows(outcome.loaded)) into \(run.statement.table)" + (rejected > 0 ? "" : ", none rejected"))
        }
        guard rejected > 0 else { return }
        let lines = try await session.console.waiting(for: "looking for the rejected lines") {
            try await RejectedLines.first(min(5, rejected), of: run.file, run.statement)
        }
        let error = RowsRejected(count: rejected, total: outcome.rows, lines: lines)
        if session.settings.isStrict { throw error }
        session.console.say(([error.message] + error.lines.map { "  " + $0 }).joined(separator: "\n"))
    }
}

/// `yes` or `no`.
enum Answer: String, WordChoice {
    case yes, no
}

/// One character of ASCII; `tab` and `\t` are the tab.
struct FieldSeparator: ArgumentValue {
    let byte: UInt8

    static func read(_ words: inout ArraySlice<String>, _ label: String) throws -> FieldSeparator {
        let word = try String.read(&words, label)
        if ["tab", "\\t"].contains(word) { return FieldSeparator(byte: 0x09) }
        guard word.utf8.count == 1, let byte = word.utf8.first, byte != 0x22, byte >= 0x20 || byte == 0x09 else {
            throw ArgumentFailure("\(label) takes one character, such as ; or tab, not “\(word)”")
        }
        return FieldSeparator(byte: byte)
    }
}
