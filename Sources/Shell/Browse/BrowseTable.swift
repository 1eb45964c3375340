import Results
import Terminal
import Text

/// The picture of a result on the whole window: its header and first column stay, the rest moves.
struct BrowseTable {
    /// The row and column that the cursor is on, the first row shown and the first column shown behind the frozen one.
    var row = 0
    var column = 0
    var top = 0
    var left = 1
    /// The order of the rows, when it is not the result's: numbers of rows.
    var order: [Int]?
    var sorted: (column: Int, descending: Bool)?

    let columns: [Column]
    private var drawings: [CellDrawing]
    private let names: [String]

    /// Lines that the header takes: names, types, a line below them.
    static let headerLines = 3
    private static let separator = " │ "
    private static let narrowestText = 8

    init(_ columns: [Column], nullText: String?) {
        self.columns = columns
        names = columns.map { Sanitizer.oneLine($0.name) }
        drawings = columns.map { CellDrawing($0, nullText: nullText) }
    }

    func number(of row: Int) -> Int { order?[row] ?? row }

    // MARK: Moving

    /// Keeps the cursor within the rows and the columns, and in the window.
    mutating func settle(rowCount: Int, bodyLines: Int, width: Int) {
        row = min(max(0, row), max(0, rowCount - 1))
        column = min(max(0, column), columns.count - 1)
        let lines = max(1, bodyLines)
        top = min(max(top, row - lines + 1), row)
        top = max(0, min(top, rowCount - lines))
        guard column > 0 else { return }
        left = max(1, min(left, column))
        while left < column,
            !visible(width).contains(where: { $0.column == column && $0.width >= wanted(column, width) })
        {
            left += 1
        }
    }

    /// Shows the end of the row.
    mutating func goToLastColumn() {
        column = columns.count - 1
    }

    // MARK: Columns

    private func wanted(_ column: Int, _ width: Int) -> Int {
        let name = DisplayWidth.of(title(column))
        let drawing = drawings[column]
        if drawing.isAllOrNothing { return max(1, drawing.width, min(name, max(drawing.width, 24))) }
        return max(1, min(max(drawing.width, name), max(20, width / 2)))
    }

    /// The columns in the window, from the left: the first one, and those from `left` on. A number that has no room is not
    /// begun.
    private func visible(_ width: Int) -> [(column: Int, width: Int)] {
        var shown: [(column: Int, width: Int)] = []
        var room = width
        for column in [0] + Array(left..<max(left, columns.count)) {
            let needed = wanted(column, width)
            let separator = shown.isEmpty ? 0 : Self.separator.count
            if needed + separator <= room {
                shown.append((column, needed))
                room -= needed + separator
                continue
            }
            let rest = room - separator
            if !drawings[column].isAllOrNothing, rest >= Self.narrowestText || shown.isEmpty {
                shown.append((column, max(1, rest)))
                room = 0
            } else if column == left, column == self.column {
                // It goes alone, without the frozen one; still too wide, it is drawn as vertical does, by Enter.
                return [(column, min(needed, width))]
            }
            break
        }
        // What is left over shows more of the names and types.
        for index in shown.indices where room > 0 {
            let column = shown[index].column
            let header = max(DisplayWidth.of(type(column)), DisplayWidth.of(title(column)))
            let more = min(room, header - shown[index].width)
            guard more > 0 else { continue }
            shown[index].width += more
            room -= more
        }
        return shown
    }

    private func type(_ column: Int) -> String {
        Sanitizer.oneLine(columns[column].typeText) + (drawings[column].zone.map { " " + $0 } ?? "")
    }

    private func title(_ column: Int) -> String {
        guard let sorted, sorted.column == column else { return names[column] }
        return names[column] + (sorted.descending ? " ▼" : " ▲")
    }

    // MARK: Drawing

    /// The lines of the window but the last.
    /// - Parameter place: where a row lies, by its number.
    mutating func lines(
        _ size: TerminalSize, rowCount: Int, place: (Int) -> (store: ResultStore, row: Int)?
    ) -> [[StyledText]] {
        let bodyLines = max(1, size.rows - Self.headerLines - 1)
        var rows: [(store: ResultStore, row: Int)?] = []
        for row in top..<max(top, min(rowCount, top + bodyLines)) { rows.append(place(number(of: row))) }
        measure(rows, size.columns)
        settle(rowCount: rowCount, bodyLines: bodyLines, width: size.columns)
        let shown = visible(size.columns)
        var lines = header(shown)
        for (index, row) in rows.enumerated() { lines.append(line(shown, row, isCurrent: top + index == self.row)) }
        return lines
    }

    /// Only the columns that can be seen, or a result of many columns would take long.
    private mutating func measure(_ rows: [(store: ResultStore, row: Int)?], _ width: Int) {
        let most = width / (Self.separator.count + 1) + 1
        let candidates = Set([0] + Array(left..<left + most) + Array(column - most..<column + most))
        for column in candidates where columns.indices.contains(column) {
            for case let (store, row)? in rows { drawings[column].measure(store, column: column, rows: row..<row + 1) }
        }
    }

    private func header(_ shown: [(column: Int, width: Int)]) -> [[StyledText]] {
        let cut = ShortNames.fitted(shown.map { title($0.column) }, shown.map(\.width))
        var names: [StyledText] = []
        var types: [StyledText] = []
        var rule = ""
        for (index, (column, width)) in shown.enumerated() {
            if index > 0 {
                names.append(StyledText(Self.separator, .dim))
                types.append(StyledText(Self.separator, .dim))
                rule += "─┼─"
            }
            let right = drawings[column].alignsRight
            names.append(StyledText(Self.padded(cut[index], width, right), column == self.column ? "1;4" : .bold))
            types.append(StyledText(Self.padded(type(column), width, right), .dim))
            rule += String(repeating: "─", count: width)
        }
        return [names, types, [StyledText(rule, .dim)]]
    }

    private func line(
        _ shown: [(column: Int, width: Int)], _ place: (store: ResultStore, row: Int)?, isCurrent: Bool
    ) -> [StyledText] {
        var parts: [StyledText] = []
        for (index, (column, width)) in shown.enumerated() {
            if index > 0 { parts.append(StyledText(Self.separator, .dim)) }
            let isCursor = isCurrent && column == self.column
            guard let place else {
                parts.append(StyledText(Self.padded("…", width, false), isCursor ? .inverse : .dim))
                continue
            }
            let (text, isNull) = drawings[column].text(place.store, place.row, column)
            parts.append(
                StyledText(
                    Self.padded(text, width, drawings[column].alignsRight),
                    isCursor ? .inverse : isNull ? .dim : isCurrent ? .bold : .plain))
        }
        return parts
    }

    /// A text that takes exactly `width` columns.
    static func padded(_ text: String, _ width: Int, _ right: Bool) -> String {
        var columns = DisplayWidth.of(text)
        var shown = text
        if columns > width {
            (shown, columns) = ("", 0)
            for character in text {
                let next = DisplayWidth.of(String(character))
                if columns + next > width - 1 { break }
                shown.append(character)
                columns += next
            }
            shown += width > 0 ? "…" : ""
            columns += 1
        }
        let gap = String(repeating: " ", count: max(0, width - columns))
        return right ? gap + shown : shown + gap
    }
}
