/// `.rows` — how much of a large result is shown.
struct RowsCommand: MetaCommand {
    let count = Argument<Int?>("N", "rows to show, 0 for all")

    var spec: CommandSpec {
        CommandSpec(
            "rows", in: .results, "show or set how many rows of a large result are shown", takes: [count],
            details:
                "Of a larger result, the first and last rows are shown, with the number of rows left out between them.",
            examples: [.init(".rows 100", "show up to 100 rows"), .init(".rows 0", "show all rows")], isImmediate: true)
    }

    func run(_ call: Call, in session: Session) async throws {
        if let count = call[count] {
            session.settings.rows = count
        } else {
            let rows = session.settings.rows ?? (session.console.resultsReachTerminal ? 40 : 0)
            try session.console.result(text: rows == 0 ? "all" : String(rows))
        }
    }
}
