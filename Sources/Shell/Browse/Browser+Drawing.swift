import Results
import Terminal
import Text

extension Browser {
    func draw() {
        settle()
        var lines: [[StyledText]]
        switch mode {
        case .help: lines = Self.help.map { [StyledText($0)] }
        case .record:
            if let place = rows.place(of: table.number(of: table.row)) {
                lines = record.lines(rows.columns, place, screen.size, nullText: session.settings.nullText)
            } else {
                lines = []
            }
        case .table, .asking:
            lines = table.lines(screen.size, rowCount: count) { rows.place(of: $0) }
        }
        while lines.count < screen.size.rows - 1 { lines.append([]) }
        lines = Array(lines.prefix(max(0, screen.size.rows - 1)))
        let status = statusLine
        if !session.console.colorsResults {
            lines = lines.map { $0.map { $0.style == .dim ? StyledText($0.text) : $0 } }
        }
        let cursor = if case .asking(let question, let typed, _) = mode { DisplayWidth.of(question + typed) } else { 0 }
        lines.append([StyledText(BrowseTable.padded(status, screen.size.columns, false), .inverse)])
        screen.show(lines, cursor: (screen.size.rows - 1, cursor))
    }

    var statusLine: String {
        if case .asking(let question, let typed, _) = mode { return question + Sanitizer.oneLine(typed) }
        if let message { return message }
        if search != nil { return "searching, row \(Quantity.grouped((search?.row ?? 0) + 1)) … any key ends it" }
        let position = count == 0 ? "no rows" : "row \(Quantity.grouped(table.row + 1)) of \(Quantity.grouped(count))"
        let cut = isTruncated ? ["cut short by the service"] : []
        let wait =
            fetching.map {
                ["fetching rows \(Quantity.grouped($0.rows.lowerBound + 1))–\(Quantity.grouped($0.rows.upperBound))"]
            } ?? []
        let start = ([position] + cut + wait)
        let column = Sanitizer.oneLine(rows.columns[table.column].name)
        let ends: [[String]] =
            switch mode {
            case .record: [["n next  p before  q back"]]
            case .help: [["any key goes back"]]
            // The column first: where one is matters more than every key.
            default: [[column, Self.keys], [column, Self.fewKeys], [Self.fewKeys]]
            }
        let lines = ends.map { (start + $0).joined(separator: " · ") }
        return lines.first { DisplayWidth.of($0) <= screen.size.columns } ?? lines[lines.count - 1]
    }

    private static let keys = "/ find  s sort  Enter row  y copy  e export  ? keys  q leave"
    private static let fewKeys = "/ find  s sort  ? keys  q leave"

    static let help = [
        "", "  arrows, h j k l      a row or a column on",
        "  PgDn PgUp, Space b   a page on; Ctrl-D Ctrl-U half a page",
        "  Home End, 0 $        first and last column", "  g G                  first and last row", "",
        "  /                    search in all columns; n the next, N the one before",
        "  s                    sort by this column: up, down, as it came",
        "  Enter                this row alone, nested values as JSON",
        "  y                    copy this cell (the terminal must allow OSC 52)",
        "  e                    export the whole result to a file", "",
        "  q, Esc, F3           leave",
    ]
}
