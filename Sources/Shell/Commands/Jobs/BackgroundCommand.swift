import Databricks

/// `.bg` — run code in the background.
struct BackgroundCommand: MetaCommand {
    let code = Argument<String>(
        "CODE", "one statement, or one line in the current language; %python and so on work too")

    var spec: CommandSpec {
        CommandSpec(
            "bg", in: .jobs, "run code in the background", takes: [code],
            details: """
                An SQL statement that ends with ;& does the same. The prompt is back as soon as the service has given the
                statement or command an id. Statements run side by side; the commands of one cluster queue in its context.
                """,
            examples: [
                .init(".bg select count(*) from range(1000)", "the prompt is back at once; .wait and .result follow")
            ], takesText: true)
    }

    func run(_ call: Call, in session: Session) async throws {
        var reader = CellReader(language: session.language, commands: session.commands.names)
        reader.append(Array(call[code].utf8))
        reader.finish()
        var cells: [Cell] = []
        while let cell = reader.next() { cells.append(cell) }
        guard !cells.isEmpty else { throw UsageError("CODE is missing", call.spec) }
        for cell in cells {
            switch cell.content {
            case .code(.sql, let statement):
                try await SQLRunner(session: session, inBackground: true).run(statement)
            case .code(let language, let code):
                try await CodeRunner(session: session, inBackground: true).run(code, in: language)
            case .clusterMagic(let text):
                try await CodeRunner(session: session, inBackground: true).run(text, in: .python)
            case .invalid(let why): throw UsageError(why)
            case .meta, .run, .note, .skipped: throw UsageError("only code runs in the background", call.spec)
            }
        }
    }
}
