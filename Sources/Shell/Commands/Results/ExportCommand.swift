/// `.export` — write the whole last result to a file.
struct ExportCommand: MetaCommand {
    let file = Argument<FilePath>("FILE")
    /// Of all commands that write results to files.
    static let serviceCSV = Flag("--service-csv", "the service's own CSV, unchanged; NULL becomes the word null")

    var spec: CommandSpec {
        CommandSpec(
            "export", in: .results, "write the complete last result to a file", takes: [file],
            flags: [Self.serviceCSV],
            details: """
                The ending of the file name sets the format: \(FileFormat.endings). Rows are downloaded in parallel and \
                written as they arrive; an interrupted download resumes where it stopped. The file gets its name when it is \
                complete. Arrow is the service's own Arrow stream: for it, the statement is run again if it only reads. Parquet is \
                written from that stream, with its types, by the Python that dbsh setup engine installs.
                Text formats have timestamps in milliseconds, as the service writes them; Arrow and Parquet keep microseconds.
                --service-csv also runs the statement again if it only reads, and writes the service's CSV byte for byte: \
                faster for very large results, or for programs that expect that CSV. In it, NULL and the text 'null' \
                look the same; .null has no effect.
                """,
            examples: [
                .init(".export sales.csv", "CSV"), .init(".export sales.jsonl.zst", "JSON lines, compressed"),
                .init(".export --service-csv sales.csv", "the service's own CSV"),
            ])
    }

    func run(_ call: Call, in session: Session) async throws {
        let path = session.paths.resolve(call[file].path)
        let format = try call[Self.serviceCSV] ? FileFormat(serviceCSV: path) : FileFormat(path: path)
        try await Exporter(session: session).export(to: path, format)
    }
}
