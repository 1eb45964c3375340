import Databricks
import Results
import SQL
import Terminal

/// Writes the last result to a file, whole, whatever its size.
struct Exporter {
    let session: Session

    func export(to path: String, _ format: FileFormat) async throws {
        guard let content = session.last.content else {
            throw UsageError("there is no result to export", hint: "run a statement first")
        }
        session.log.note { $0.add(file: path) }
        if let result = content.statement, let theirs = result.otherFormat {
            return try await pass(result, theirs, to: path, format)
        }
        switch format.content {
        case nil:
            throw UsageError(
                "the name \(path) does not say which format to write", hint: "end it in one of \(FileFormat.endings)")
        case .text(let text):
            try await write(content, as: text, to: try OutputFile(path: path))
        case .service(let service):
            try await export(content, as: service) { try OutputFile(path: path, format: format) }
        }
    }

    /// Somebody else's result, in a format that dbsh passes on and does not read.
    private func pass(
        _ result: StatementResult, _ theirs: StatementFormat, to path: String, _ format: FileFormat
    ) async throws {
        guard let service = ServiceFormat(theirs), format.takes(service) else {
            throw ResultError(statementID: result.id, chunk: nil, reason: .otherFormat(theirs))
        }
        let file = try OutputFile(path: path, format: format)
        try await ServiceExport(session: session, format: format.service ?? service).copy(result, to: file)
        try await file.commit()
    }

    private func write(_ content: LastResult.Content, as format: Format, to file: OutputFile) async throws {
        let progress = ExportProgress(totalRows: content.statement?.totalRowCount, totalBytes: nil)
        var options = FormatOptions()
        options.nullText = session.settings.nullText
        try await progress.shown(in: session, to: file, isTruncated: content.isTruncated) {
            try await RowExport(
                columns: content.columns, rows: content.batches(), format: format, options: options, file: file,
                progress: progress
            ).run()
        }
        guard content.statement != nil else { return }
        say(ExportLoss.asText(content.columns))
    }

    private func say(_ losses: [String]) {
        guard !session.settings.isQuiet else { return }
        for loss in losses { session.console.say(loss) }
    }

    private func export(
        _ content: LastResult.Content, as format: ServiceFormat, to open: () throws -> OutputFile
    ) async throws {
        guard let statement = content.text else {
            throw UsageError(
                "only results of SQL on a warehouse can be written as \(format.title)", hint: format.alternative)
        }
        guard SQLText.mayRunAgain(statement) else {
            throw UsageError(
                "for \(format.title) the statement would have to run again, and it may write",
                hint: "\(format.alternative), which needs no second run")
        }
        let client = try await session.workspace.connected()
        let file = try open()
        if !session.settings.isQuiet {
            session.console.say("the statement only reads; it is run again for \(format.title)")
        }
        try await ServiceExport(session: session, format: format, isLastResult: true).run(statement, to: file, client)
        try await file.commit()
        if format == .parquet { say(ExportLoss.asParquet(content.columns)) }
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
        try await file.writing {
            let writer = format.writer(options: options, output: CountedOutput(file.output, progress))
            try writer.begin(columns)
            for try await store in rows {
                try Task.checkCancellation()
                try writer.write(store)
                progress.add(rows: store.rowCount, short: store.shortRows)
            }
            try writer.end()
        }
        try await file.commit()
    }
}

/// Passes bytes on and counts them.
nonisolated final class CountedOutput: ByteOutput {
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
