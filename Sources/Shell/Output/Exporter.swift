import Databricks
import Results
import Terminal

/// Writes the last result to a file, whole, whatever its size.
struct Exporter {
    let session: Session

    func export(to path: String) async throws {
        guard let content = session.last.content else {
            throw UsageError("there is no result to export", hint: "run a statement first")
        }
        switch FileFormat(path: path).content {
        case nil:
            throw UsageError(
                "the name \(path) does not say which format to write", hint: "end it in one of \(FileFormat.endings)")
        case .text(let format):
            try await write(content, as: format, to: try OutputFile(path: path))
        case .arrow:
            try await exportArrow(content, to: path)
        }
    }

    private func write(_ content: LastResult.Content, as format: Format, to file: OutputFile) async throws {
        let progress = ExportProgress(totalRows: content.statement?.totalRowCount, totalBytes: nil)
        var options = FormatOptions()
        options.nullText = session.settings.nullText
        try await progress.shown(on: session.console, to: file, isQuiet: session.settings.isQuiet) {
            try await RowExport(
                columns: content.columns, rows: content.batches(), format: format, options: options, file: file,
                progress: progress
            ).run()
        }
        if content.isTruncated {
            session.console.say("the service had cut the result short; the file has what there is")
        }
    }

    private func exportArrow(_ content: LastResult.Content, to path: String) async throws {
        guard let statement = content.text else {
            throw UsageError(
                "only results of SQL on a warehouse can be written as Arrow", hint: "write it as csv, json or jsonl")
        }
        guard ReadStatement.isRead(statement) else {
            throw UsageError(
                "for Arrow the statement would have to run again, and it may write",
                hint: "write it as csv, json or jsonl, which need no second run")
        }
        let client = try await session.workspace.connected()
        let file = try OutputFile(path: path)
        if !session.settings.isQuiet { session.console.say("the statement only reads; it is run again for Arrow") }
        try await ArrowExport(session: session).run(statement, to: file, client)
        try await file.commit()
    }
}

/// Runs a statement and passes the service's own Arrow stream on to a file, without looking into its rows.
struct ArrowExport {
    let session: Session

    /// The caller commits the file.
    /// - Throws: `UsageError` when the file has a result already: a stream has one schema.
    func run(_ statement: String, to file: OutputFile, _ client: Client) async throws {
        guard !file.hasArrow else {
            throw UsageError("\(file.path) has an Arrow result already, and cannot have two")
        }
        let (result, _) = try await SQLRunner(session: session).execute(statement, client, format: .arrow)
        // DDL has no result.
        guard !result.columns.isEmpty else { return }
        session.last.begin(result.columns, statement: nil, text: statement)
        session.last.breakOff()
        file.hasArrow = true
        let progress = ExportProgress(totalRows: nil, totalBytes: result.totalByteCount)
        do {
            try await progress.shown(on: session.console, to: file, isQuiet: session.settings.isQuiet) {
                try await ArrowPassage(result: result, file: file, progress: progress).run()
            }
        } catch {
            session.console.resultBrokeOff()
            throw error
        }
    }
}

/// Rows on their way to a file, away from the main actor.
nonisolated private struct RowExport: Sendable {
    let columns: [Column]
    let rows: ResultRows
    let format: Format
    let options: FormatOptions
    let file: OutputFile
    let progress: ExportProgress

    @concurrent
    func run() async throws {
        do {
            let writer = format.writer(options: options, output: CountedOutput(file.output, progress))
            try writer.begin(columns)
            for try await batch in rows.batches(in: writer.rowSyntax) {
                try Task.checkCancellation()
                switch batch {
                case .rows(let store): try writer.write(store)
                case .text(let text): try writer.write(text)
                case .skipped(let count): writer.skip(count)
                }
                progress.add(rows: batch.rowCount)
            }
            try writer.end()
        } catch {
            let reason = await file.explained(error)
            file.discard()
            throw reason
        }
        try await file.commit()
    }
}

/// Arrow bytes on their way to a file.
nonisolated private struct ArrowPassage: Sendable {
    let result: StatementResult
    let file: OutputFile
    let progress: ExportProgress

    @concurrent
    func run() async throws {
        let joiner = ArrowJoiner(CountedOutput(file.output, progress))
        do {
            var chunk = 0
            try await result.parts().forEach { part in
                if part.chunk != chunk {
                    try joiner.endStream()
                    chunk = part.chunk
                }
                let before = joiner.rowCount
                try part.bytes.withUnsafeBytes { try joiner.feed($0) }
                progress.add(rows: joiner.rowCount - before)
            }
            try joiner.endStream()
            try joiner.finish()
            if let total = result.totalRowCount, !result.truncated, joiner.rowCount != total {
                throw ResultError(
                    statementID: result.id, chunk: nil, reason: .rowCount(expected: total, found: joiner.rowCount))
            }
        } catch {
            let reason = await file.explained(error)
            file.discard()
            throw reason
        }
    }
}

/// Passes bytes on and counts them.
nonisolated private final class CountedOutput: ByteOutput {
    private let output: any ByteOutput
    private let progress: ExportProgress

    init(_ output: any ByteOutput, _ progress: ExportProgress) {
        self.output = output
        self.progress = progress
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        try output.write(bytes)
        progress.add(bytes: bytes.count)
    }
}
