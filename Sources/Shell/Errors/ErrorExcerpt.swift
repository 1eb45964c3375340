import Text

/// The line of a cell in which an error is, with a mark under the place.
nonisolated struct ErrorExcerpt: Equatable {
    /// Counted from 1 within the cell; nil when the cell has one line only.
    var number: Int?
    var line: String
    /// Where the mark begins and how long it is, in code points; nil when only the line is known.
    var mark: Range<Int>?

    /// - Parameters:
    ///   - text: the cell's text as it was sent.
    ///   - offset: the place in the line, in code points counted from 0.
    init?(_ text: String, line number: Int, offset: Int?) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.indices.contains(number - 1) else { return nil }
        line = String(lines[number - 1])
        self.number = lines.count > 1 ? number : nil
        guard let offset else { return }
        let scalars = Array(line.unicodeScalars)
        let start = min(max(0, offset), scalars.count)
        mark = start..<max(start + 1, Self.end(of: scalars, from: start))
    }

    /// The end of the name, number or quoted text that begins at `start`.
    private static func end(of scalars: [Unicode.Scalar], from start: Int) -> Int {
        guard start < scalars.count else { return start }
        if ["'", "\""].contains(scalars[start]) {
            let close = scalars[(start + 1)...].firstIndex(of: scalars[start])
            return close.map { $0 + 1 } ?? scalars.count
        }
        var index = start
        var isQuoted = false
        while index < scalars.count {
            let scalar = scalars[index]
            if scalar == "`" {
                isQuoted.toggle()
            } else if !isQuoted, !scalar.properties.isAlphabetic, scalar.properties.numericType == nil,
                scalar != "_", scalar != "."
            {
                break
            }
            index += 1
        }
        return index
    }

    /// The line and, where the place is known, the mark below it, in a window of `width` columns.
    func drawn(width: Int, color: Bool) -> [String] {
        let label = number.map { "\($0) | " } ?? "| "
        let blank = String(repeating: " ", count: label.count - 2) + "| "
        let cells = Self.cells(of: line)
        let window = Self.window(on: cells, mark: mark, width: max(20, width - label.count - 3))
        let shown = cells[window]
        let text =
            (window.lowerBound > 0 ? "…" : "") + shown.map(\.text).joined()
            + (window.upperBound < cells.count ? "…" : "")
        func dim(_ text: String) -> String { color ? "\u{1b}[90m\(text)\u{1b}[0m" : text }
        guard let mark else { return [dim("  " + label) + text] }
        let before = cells[window.lowerBound..<max(window.lowerBound, min(mark.lowerBound, window.upperBound))]
        let below = cells[
            max(window.lowerBound, min(mark.lowerBound, cells.count))..<min(mark.upperBound, window.upperBound)]
        let indent = before.reduce(window.lowerBound > 0 ? 1 : 0) { $0 + $1.columns }
        let carets = String(repeating: "^", count: max(1, below.reduce(0) { $0 + $1.columns }))
        return [
            dim("  " + label) + text,
            dim("  " + blank) + String(repeating: " ", count: indent)
                + (color ? "\u{1b}[1;31m\(carets)\u{1b}[0m" : carets),
        ]
    }

    private typealias Cell = (text: String, columns: Int)

    /// One for each code point: what is shown for it. Tabs go to multiples of 8.
    private static func cells(of line: String) -> [Cell] {
        var column = 0
        return line.unicodeScalars.map { scalar in
            let text =
                scalar == "\t" ? String(repeating: " ", count: 8 - column % 8) : Sanitizer.oneLine(String(scalar))
            let columns = DisplayWidth.of(text)
            column += columns
            return (text, columns)
        }
    }

    /// The part of a line that is too long, around the mark.
    private static func window(on cells: [Cell], mark: Range<Int>?, width: Int) -> Range<Int> {
        guard cells.reduce(0, { $0 + $1.columns }) > width else { return 0..<cells.count }
        let center = min(mark?.lowerBound ?? 0, cells.count)
        var start = center
        var used = 0
        while start > 0, used + cells[start - 1].columns <= width / 2 {
            start -= 1
            used += cells[start].columns
        }
        var end = start
        used = 2  // for the signs that something is missing
        while end < cells.count, used + cells[end].columns <= width {
            used += cells[end].columns
            end += 1
        }
        return start..<end
    }
}
