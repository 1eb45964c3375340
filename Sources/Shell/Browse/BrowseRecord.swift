import Results
import Terminal
import Text

/// One row on the whole window: a line for each column, nested values as indented JSON, long text wrapped.
struct BrowseRecord {
    /// The first line shown.
    var top = 0
    private(set) var lineCount = 0

    /// Longer cells are shown up to here; `y` copies all of them.
    private static let mostBytes = 1 << 20

    /// The lines that fit.
    mutating func lines(
        _ columns: [Column], _ place: (store: ResultStore, row: Int), _ size: TerminalSize, nullText: String?
    ) -> [[StyledText]] {
        let names = columns.map { Sanitizer.oneLine($0.name) }
        let label = min(names.map { DisplayWidth.of($0) }.max() ?? 0, max(8, size.columns / 3))
        var all: [[StyledText]] = []
        for (index, column) in columns.enumerated() {
            // A name that has no room before its value stands above it.
            let isAbove = DisplayWidth.of(names[index]) > label
            if isAbove { all += Self.wrapped(names[index], size.columns).map { [StyledText($0, .bold)] } }
            let name = StyledText(BrowseTable.padded(isAbove ? "" : names[index], label, true), .bold)
            var values = [StyledText(nullText ?? "NULL", .dim)]
            if let cell = place.store.cell(place.row, index) {
                let lines = Self.lines(of: cell, column, width: max(8, size.columns - label - 2))
                values = lines.map { StyledText($0) }
            }
            for (line, value) in values.enumerated() {
                let start = line == 0 ? name : StyledText(String(repeating: " ", count: label))
                all.append([start, StyledText("  "), value])
            }
        }
        lineCount = all.count
        let height = max(1, size.rows - 1)
        top = max(0, min(top, lineCount - height))
        return Array(all[top..<min(lineCount, top + height)])
    }

    private static func lines(of cell: UnsafeBufferPointer<UInt8>, _ column: Column, width: Int) -> [String] {
        let isNested = [.array, .map, .structure, .variant].contains(column.kind)
        var text = String(decoding: cell.prefix(mostBytes), as: UTF8.self)
        if isNested, let value = try? JSONValue.parse(cell) { text = value.serialized(.pretty, sanitize: true) }
        return text.split(separator: "\n", omittingEmptySubsequences: false).flatMap { line in
            wrapped(Sanitizer.oneLine(String(line)), width)
        }
    }

    /// Cut at the width, and not at words: this is data.
    private static func wrapped(_ line: String, _ width: Int) -> [String] {
        var (lines, columns) = ([""], 0)
        for character in line {
            let next = DisplayWidth.of(String(character))
            if columns + next > width {
                lines.append("")
                columns = 0
            }
            lines[lines.count - 1].append(character)
            columns += next
        }
        return lines
    }
}
