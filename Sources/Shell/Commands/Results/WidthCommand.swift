/// `.width` — how wide results and their cells may be.
struct WidthCommand: MetaCommand {
    enum Auto: String, WordChoice {
        case auto

        var note: String { "the default: fit the terminal" }
    }

    let cells = Argument<Either<Auto, Int>?>(
        "N|auto", "longest text in a cell, in screen columns; 0: no limit; auto: default of cells and tables")
    let line = Flag<Either<Auto, Int>?>(
        "--line", value: "N|auto", "widest table, in screen columns; 0: no limit; auto: the terminal's width")

    var spec: CommandSpec {
        CommandSpec(
            "width", in: .results, "show or set the width limits of cells and tables", takes: [cells], flags: [line],
            details: """
                For the formats box and table. By default a table is made to fit the terminal: text and names are shortened, \
                then columns in the middle are left out; the footer says so. Numbers, dates, timestamps and booleans are \
                never shortened. Without a terminal nothing is.
                """,
            examples: [
                .init(".width 30", "limit cells to 30 columns"),
                .init(".width --line 0", "do not fit tables to the terminal"),
                .init(".width auto", "go back to the terminal's width"),
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
