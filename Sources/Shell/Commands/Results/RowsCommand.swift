/// `.rows` — how much of a large result is shown.
struct RowsCommand: SettingCommand {
    enum Auto: String, WordChoice {
        case auto

        var note: String { "the default: as many as fit the window" }
    }

    let value = Argument<Either<Auto, Int>?>("N|auto", "rows to show, 0 for all; auto: as many as fit the window")

    var spec: CommandSpec {
        CommandSpec(
            "rows", in: .results, "show or set how many rows of a large result are shown", takes: [value],
            details: """
                Of a larger result, the first and last rows are shown, with the number of rows left out between them. Without \
                a terminal all rows are written.
                """,
            examples: [.init(".rows 100", "show up to 100 rows"), .init(".rows 0", "show all rows")], isImmediate: true)
    }

    static func text(in session: Session) -> String {
        guard let rows = session.settings.rows else { return session.console.resultsReachTerminal ? "auto" : "all" }
        return rows == 0 ? "all" : String(rows)
    }

    static func set(_ value: Either<Auto, Int>, in session: Session) {
        if case .other(let rows) = value { session.settings.rows = rows } else { session.settings.rows = nil }
    }
}
