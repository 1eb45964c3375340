/// `.width` — how wide results and their cells may be.
struct WidthCommand: MetaCommand {
    enum Auto: String, WordChoice {
        case auto

        var note: String { "as the terminal is wide" }
    }

    let cells = Argument<Either<Auto, Int>?>(
        "N|auto", "columns of the screen a cell may take, 0 for as many as it needs; auto undoes .width")
    let line = Flag<Either<Auto, Int>?>(
        "--line", value: "N|auto", "columns a whole table is fitted to, 0 for any number, auto for the terminal's")

    var spec: CommandSpec {
        CommandSpec(
            "width", in: .results, "show or set how wide cells and tables may be", takes: [cells], flags: [line],
            details: """
                For box and table. At a terminal a table is fitted to it by shortening the longest cells; the footer says \
                when cells were shortened. Without a terminal nothing is shortened.
                """,
            examples: [
                .init(".width 30", "no cell is wider than 30"), .init(".width --line 0", "tables as wide as they are"),
                .init(".width auto", "as the terminal is wide, which is the default"),
            ])
    }

    func run(_ call: Call, in session: Session) async throws {
        switch call[line] {
        case .word?: session.settings.lineWidth = nil
        case .other(let width)?: session.settings.lineWidth = width
        case nil: break
        }
        switch call[cells] {
        case .word?:
            session.settings.cellWidth = nil
            if !call.has(line) { session.settings.lineWidth = nil }
        case .other(let width)?: session.settings.cellWidth = width == 0 ? nil : width
        case nil where call.has(line): break
        case nil:
            let cells = session.settings.cellWidth.map(String.init) ?? "any"
            let line = session.settings.lineWidth.map { $0 == 0 ? "any" : String($0) } ?? "the terminal's"
            try session.console.result(text: "cells: \(cells)\nline: \(line)")
        }
    }
}
