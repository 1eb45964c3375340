import Terminal
import Text

/// Draws a table of Markdown's in a frame. Cells that are too wide go on in the next row.
nonisolated struct MarkdownTable {
    private let header: [MarkdownText.Row]
    private let body: [[MarkdownText.Row]]
    private let alignments: [Markdown.Table.Alignment]
    private let widths: [Int]

    private static let narrowest = 4

    init(_ table: Markdown.Table, width: Int, color: Bool) {
        let header = table.header.map { MarkdownText.pieces($0, base: "1", color) }
        let body = table.rows.map { $0.map { MarkdownText.pieces($0, base: "", color) } }
        alignments = table.alignments
        var widths = header.indices.map { column in
            ([header[column]] + body.map { $0[column] }).map { MarkdownText.width(of: $0) }.max() ?? 0
        }
        // The widest gives way first.
        let room = max(widths.count * Self.narrowest, width - 3 * widths.count - 1)
        while widths.reduce(0, +) > room, let widest = widths.indices.max(by: { widths[$0] < widths[$1] }),
            widths[widest] > Self.narrowest
        {
            widths[widest] -= 1
        }
        self.header = header
        self.body = body
        self.widths = widths
    }

    func rows() -> [MarkdownText.Row] {
        [line("┌", "┬", "┐")] + drawn(header) + [line("├", "┼", "┤")] + body.flatMap(drawn) + [line("└", "┴", "┘")]
    }

    private func line(_ left: String, _ middle: String, _ right: String) -> MarkdownText.Row {
        let dashes = widths.map { String(repeating: "─", count: $0 + 2) }
        return [StyledText(left + dashes.joined(separator: middle) + right, .dim)]
    }

    private func drawn(_ cells: [MarkdownText.Row]) -> [MarkdownText.Row] {
        let wrapped = cells.indices.map { MarkdownText.wrapped(cells[$0], max(1, widths[$0])) }
        return (0..<(wrapped.map(\.count).max() ?? 1)).map { row in
            var pieces: MarkdownText.Row = []
            for column in cells.indices {
                let cell = row < wrapped[column].count ? wrapped[column][row] : []
                let gap = max(0, widths[column] - MarkdownText.width(of: cell))
                let left =
                    switch alignments[column] {
                    case .left: 0
                    case .right: gap
                    case .center: gap / 2
                    }
                pieces.append(StyledText(column == 0 ? "│ " : " │ ", .dim))
                pieces.append(StyledText(String(repeating: " ", count: left)))
                pieces += cell
                pieces.append(StyledText(String(repeating: " ", count: gap - left)))
            }
            return pieces + [StyledText(" │", .dim)]
        }
    }
}
