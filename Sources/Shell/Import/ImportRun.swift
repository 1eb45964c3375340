import Databricks
import Results
import SQL
import System
import Terminal
import Text

/// One `.import`, from a file of this machine to rows in a table.
struct ImportRun {
    let session: Session
    let client: Client
    let file: ImportFile
    /// As it was typed.
    let name: String
    var statement: ImportStatement
    /// Where the file is staged; nil loads the rows as parameters.
    var volume: RemotePath?

    /// Rows that can be loaded without a volume.
    static let mostWithoutVolume = 10_000

    /// - Returns: rows of the file, and rows that are in the table now because of it.
    func load() async throws -> (rows: Int, loaded: Int) {
        volume == nil ? try await insert() : try await stage()
    }

    // MARK: Through a volume

    private func stage() async throws -> (rows: Int, loaded: Int) {
        guard let volume else { return (0, 0) }
        let id = String(UInt64.random(in: 0 ... .max), radix: 36)
        let staged = volume.appending("dbsh-import-\(id).\(file.form.rawValue)")
        let files = client.files
        do {
            let outcome = try await upload(to: staged, files)
            await remove(staged)
            return outcome
        } catch {
            await remove(staged)
            throw error
        }
    }

    private func upload(to staged: RemotePath, _ files: RemoteFiles) async throws -> (rows: Int, loaded: Int) {
        var statement = statement
        let (path, form, separator, console) = (file.path, file.form, file.separator, session.console)
        let progress = CopyProgress(files: 1, bytes: Files.size(path))
        let counter = progress.begin()
        // Counted beside the upload, which mostly waits.
        async let scanned: RecordScan? =
            form == .parquet ? nil : RecordScan.of(path, quoted: form == .csv, separator: separator)
        try await console.waiting(for: "uploading \(name)") {
            let ticker = Task {
                while !Task.isCancelled {
                    try await Task.sleep(for: .milliseconds(250))
                    console.nowWaiting(for: "uploading \(name): \(progress.measure)")
                }
            }
            defer { ticker.cancel() }
            try await files.upload(path, to: staged, overwrites: true, sent: { counter.set($0) })
        }
        let scan = try await scanned
        statement.spansLines = scan?.spansLines ?? false
        statement.endsInCRLF = scan?.endsInCRLF ?? false
        let added = try await loaded(run(statement.load(staged.path)), statement.mode)
        let rows = scan.map { $0.records - (form == .csv && statement.hasHeader ? 1 : 0) }
        return (rows ?? added, added)
    }

    /// Also after a failure and Ctrl-C: nothing of it stays behind.
    private func remove(_ staged: RemotePath) async {
        let client = client
        let removal = Task { () -> Bool in
            guard let entry = try? await client.files.entry(staged) else { return true }
            return (try? await client.files.remove(entry)) != nil
        }
        if await !removal.value { session.console.say("\(staged.text) could not be removed: .rm \(staged.text)") }
    }

    private func run(_ statement: String, _ parameters: [StatementRequest.Parameter] = []) async throws
        -> StatementResult
    {
        try await SQLRunner(session: session).execute(statement, client, parameters: parameters).0
    }

    private func loaded(_ result: StatementResult, _ mode: ImportStatement.Mode) async throws -> Int {
        if mode == .append, let count = try await number(result, "num_inserted_rows") { return count }
        return try await number(run("SELECT count(*) AS n FROM \(statement.table)"), "n") ?? 0
    }

    private func number(_ result: StatementResult, _ column: String) async throws -> Int? {
        guard let index = result.columns.firstIndex(where: { $0.name == column }) else { return nil }
        for try await store in result.batches() where store.rowCount > 0 {
            return store.cell(0, index).flatMap { Int(String(decoding: $0, as: UTF8.self)) }
        }
        return nil
    }

    // MARK: As parameters

    private func insert() async throws -> (rows: Int, loaded: Int) {
        let makes = statement.mode != .append
        if makes { _ = try await run(statement.creation) }
        do {
            var (rows, loaded) = (0, 0)
            let batches = try ParameterBatches(file, statement)
            while let batch = try batches.next() {
                let value = StatementRequest.Parameter(name: "dbsh_rows", value: batch.json)
                let result = try await run(statement.insertion, [value])
                rows += batch.rows
                loaded += try await number(result, "num_inserted_rows") ?? 0
            }
            return (rows, loaded)
        } catch {
            if statement.mode == .create {
                let (session, client, drop) = (session, client, "DROP TABLE IF EXISTS \(statement.table)")
                _ = await Task { try? await SQLRunner(session: session).execute(drop, client) }.value
            }
            throw error
        }
    }
}

/// The rows of a file as JSON arrays, for a parameter each.
nonisolated private final class ParameterBatches {
    private static let mostRows = 2000
    private static let mostBytes = 1 << 20
    private var records: [[String?]] = []
    private var objects: [JSONValue] = []
    private var at = 0
    private let sources: [String]

    /// Few rows: they are read at once.
    init(_ file: ImportFile, _ statement: ImportStatement) throws {
        sources = statement.sources
        if file.form == .csv {
            records = try Array(file.firstRecords(.max).dropFirst(statement.hasHeader ? 1 : 0))
            if let null = statement.nullText { records = records.map { $0.map { $0 == null ? nil : $0 } } }
        } else {
            objects = try file.firstObjects(.max)
        }
    }

    func next() throws -> (json: String, rows: Int)? {
        var rows: [JSONValue] = []
        var (bytes, taken) = (0, 0)
        while taken < Self.mostRows, bytes < Self.mostBytes, at < max(records.count, objects.count) {
            if let row = row(at) {
                rows.append(row)
                bytes += row.serialized().utf8.count
            }
            at += 1
            taken += 1
        }
        return taken == 0 ? nil : (JSONValue.array(rows).serialized(), taken)
    }

    /// Nil for a record of another number of fields, which is rejected.
    private func row(_ index: Int) -> JSONValue? {
        if !objects.isEmpty {
            return .object(sources.enumerated().map { .init("c\($0)", objects[index][$1] ?? .null) })
        }
        let record = records[index]
        guard record.count == sources.count else { return nil }
        return .object(record.enumerated().map { .init("c\($0)", $1.map { .string($0) } ?? .null) })
    }
}
