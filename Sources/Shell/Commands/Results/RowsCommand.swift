/// `.rows` — how much of a large result is shown.
struct RowsCommand: SettingCommand {
    let value = Argument<Int?>("N", "rows to show, 0 for all")

    var spec: CommandSpec {
        CommandSpec(
            "rows", in: .results, "show or set how many rows of a large result are shown", takes: [value],
            details:
                "Of a larger result, the first and last rows are shown, with the number of rows left out between them.",
            examples: [.init(".rows 100", "show up to 100 rows"), .init(".rows 0", "show all rows")], isImmediate: true)
    }

    static func text(in session: Session) -> String {
        let rows = session.settings.rows ?? (session.console.resultsReachTerminal ? 40 : 0)
        return rows == 0 ? "all" : String(rows)
    }

    static func set(_ value: Int, in session: Session) { session.settings.rows = value }
}
