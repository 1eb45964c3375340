import Databricks
import Results
import System

/// Runs a statement and copies what the service itself writes to a file, without parsing its rows.
struct ServiceExport {
    let session: Session
    let format: ServiceFormat
    /// It is the last result already, which stays as it is.
    var isLastResult = false

    /// The caller commits the file.
    /// - Throws: `UsageError` when the file has a result already: a stream has one schema, and CSV one header.
    func run(_ statement: String, to file: OutputFile, _ client: Client) async throws {
        try refuseSecond(file)
        let (result, _) = try await SQLRunner(session: session).execute(statement, client, format: format.request)
        // DDL has no result.
        guard !result.columns.isEmpty else { return }
        if !isLastResult {
            session.last.begin(result.columns, statement: result, text: statement)
            session.last.breakOff(isKept: false)
        }
        try await copy(result, to: file)
    }

    private func refuseSecond(_ file: OutputFile) throws {
        guard !file.hasServiceResult else {
            throw UsageError("\(file.path) has a result as \(format.title) already, and cannot have two")
        }
    }

    /// Copies a result that is in the format already. The caller commits the file.
    /// - Throws: as `run`.
    func copy(_ result: StatementResult, to file: OutputFile) async throws {
        try refuseSecond(file)
        file.hasServiceResult = true
        session.log.note { $0.add(file: file.path) }
        let progress = ExportProgress(totalRows: result.totalRowCount, totalBytes: result.totalByteCount)
        do {
            try await progress.shown(in: session, to: file, isTruncated: result.truncated) {
                try await ServiceCopy(result: result, format: format, file: file, progress: progress).run()
            }
        } catch {
            session.console.resultBrokeOff()
            throw error
        }
    }
}

/// Copies the service's bytes to a file.
nonisolated private struct ServiceCopy: Sendable {
    let result: StatementResult
    let format: ServiceFormat
    let file: OutputFile
    let progress: ExportProgress

    @concurrent
    func run() async throws {
        try await file.writing { try await pass(to: joiner(CountedOutput(file.output, progress))) }
    }

    private func pass(to joiner: any PartJoiner) async throws {
        var chunk = 0
        var rows = 0
        try await result.parts().forEach { part in
            while part.chunk > chunk {
                try await joiner.endPart()
                chunk += 1
            }
            try await joiner.feed(part.bytes)
            progress.add(rows: joiner.rowCount - rows)
            rows = joiner.rowCount
        }
        try await joiner.endPart()
        try joiner.finish()
        guard let total = result.totalRowCount, !result.truncated, joiner.rowCount != total else { return }
        throw ResultError(
            statementID: result.id, chunk: nil, reason: .rowCount(expected: total, found: joiner.rowCount))
    }

    private func joiner(_ output: any ByteOutput) -> any PartJoiner {
        switch format {
        case .arrow, .parquet: ArrowJoiner(output)
        case .csv: CSVJoiner(output, columns: result.columns) { try await hasOwnHeader($0) }
        }
    }

    /// Whether a part has one record more than rows. The part is downloaded once more for this, and not kept.
    private func hasOwnHeader(_ part: Int) async throws -> Bool {
        // Without a count, what the service documents holds: only the first part has one.
        guard let rows = result.rowCount(ofPart: part) else { return false }
        let counter = Locked(CSVRecordCounter())
        try await result.bytes(ofPart: part) { piece in
            counter.withLock { counter in piece.withUnsafeBytes { counter.feed($0) } }
        }
        return counter.withLock { $0.count } == rows + 1
    }
}
