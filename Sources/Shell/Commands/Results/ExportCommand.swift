/// `.export` — write the whole last result to a file.
struct ExportCommand: MetaCommand {
    let file = Argument<FilePath>("FILE")
    /// Of all commands that write results to files.
    static let serviceCSV = Flag("--service-csv", "the service's own CSV, byte for byte; NULL in it is the word null")

    var spec: CommandSpec {
        CommandSpec(
            "export", in: .results, "write the whole last result to a file", takes: [file],
            flags: [Self.serviceCSV],
            details: """
                The name says the format: \(FileFormat.endings). Rows are downloaded in parallel and written as they come, \
                whatever their number; a download that breaks off goes on where it was. The file has its name only when \
                it is whole. For arrow, the service's own Arrow stream, the statement is run again if it only reads.
                --service-csv runs it again too, if it only reads, and passes on the CSV that the service writes, byte \
                for byte: for results so large that dbsh should not look at their cells, or for readers who know this CSV \
                from elsewhere. What is lost is NULL: it is the word null, as the text 'null' is; .null changes nothing.
                """,
            examples: [
                .init(".export sales.csv", "as CSV"), .init(".export sales.jsonl.zst", "as JSON lines, compressed"),
                .init(".export --service-csv sales.csv", "as the service's own CSV"),
            ])
    }

    func run(_ call: Call, in session: Session) async throws {
        let path = session.resolve(call[file].path)
        let format = try call[Self.serviceCSV] ? FileFormat(serviceCSV: path) : FileFormat(path: path)
        try await Exporter(session: session).export(to: path, format)
    }
}
