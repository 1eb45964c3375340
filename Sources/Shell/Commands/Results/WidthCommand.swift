/// `.width` — how wide results and their cells may be.
struct WidthCommand: MetaCommand {
    let cells = Argument<Int?>("N", "columns of the screen a cell may take, 0 for as many as it needs")
    let line = Flag("--line", value: "N", "columns a whole table is fitted to, 0 for any number")

    var spec: CommandSpec {
        CommandSpec(
            "width", in: .results, "show or set how wide cells and tables may be", takes: [cells], flags: [line],
            details: """
                For box and table. At a terminal a table is fitted to it by shortening the longest cells; the footer says \
                when cells were shortened. Without a terminal nothing is shortened.
                """,
            examples: [
                .init(".width 30", "no cell is wider than 30"), .init(".width --line 0", "tables as wide as they are"),
            ])
    }

    func run(_ call: Call, in session: Session) async throws {
        var isSet = false
        if let text = call.value(line) {
            guard let width = Int(text), width >= 0 else {
                throw UsageError("--line needs a number of columns, not “\(text)”", spec)
            }
            session.settings.lineWidth = width
            isSet = true
        }
        if let cells = try call(cells) {
            session.settings.cellWidth = cells == 0 ? nil : cells
            isSet = true
        }
        guard !isSet else { return }
        let cells = session.settings.cellWidth.map(String.init) ?? "any"
        let line = session.settings.lineWidth.map { $0 == 0 ? "any" : String($0) } ?? "the terminal's"
        try session.console.result(text: "cells: \(cells)\nline: \(line)")
    }
}
