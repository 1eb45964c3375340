import Databricks

/// `.bg` — run code in the background.
struct BackgroundCommand: MetaCommand {
    let code = Argument<String>(
        "CODE", "one SQL statement, or one line in the current language; may begin with %python and the like")

    var spec: CommandSpec {
        CommandSpec(
            "bg", in: .jobs, "run code in the background", takes: [code],
            details: """
                Ending an SQL statement with ;& does the same. The prompt returns as soon as the statement or command has an id.
                SQL statements run in parallel; commands on one cluster run one after another in its context.
                """,
            examples: [
                .init(
                    ".bg select count(*) from range(1000)", "the prompt returns at once; see .jobs, .wait and .result")
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
