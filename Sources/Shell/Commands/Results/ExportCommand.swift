/// `.export` — write the whole last result to a file.
struct ExportCommand: MetaCommand {
    let file = Argument<FilePath>("FILE")

    var spec: CommandSpec {
        CommandSpec(
            "export", in: .results, "write the whole last result to a file", takes: [file],
            details: """
                The name says the format: \(FileFormat.endings). Rows are downloaded in parallel and written as they come, \
                whatever their number; the file has its name only when it is whole. For arrow, the service's own Arrow \
                stream, the statement is run again if it only reads.
                """,
            examples: [
                .init(".export sales.csv", "as CSV"), .init(".export sales.jsonl.zst", "as JSON lines, compressed"),
            ])
    }

    func run(_ call: Call, in session: Session) async throws {
        try await Exporter(session: session).export(to: session.resolve(try call(file).path))
    }
}
