import Text

/// Draws the lines of a grid whose layout is known.
final class GridPainter {
    /// Columns up to this width are drawn by unchecked stores; the buffer's fence leaves this much and the decoration.
    private static let widestQuickColumn = 1024
    private static let fence = 2048
    private static let ellipsis = Array("…".utf8)
    /// Bright black: grey on dark and on light. Not every terminal shows "faint", and where it does it can be too pale.
    private static let dim = Array("\u{1B}[90m".utf8)
    private static let undim = Array("\u{1B}[39m".utf8)

    private let style: GridStyle
    private let layout: GridLayout
    private let null: [UInt8]
    private let color: Bool
    private let output: OutputBuffer
    private var scratch: [UInt8] = []

    init(style: GridStyle, layout: GridLayout, null: [UInt8], color: Bool, output: OutputBuffer) {
        self.style = style
        self.layout = layout
        self.null = null
        self.color = color
        self.output = output
    }

    func rule(_ rule: GridStyle.Rule) throws {
        try output.append(rule.left)
        for (index, column) in layout.columns.enumerated() {
            if index > 0 { try output.append(rule.cross) }
            for _ in 0..<column.width + 2 { try output.append(rule.line) }
        }
        try output.append(rule.right)
        try output.append(0x0A)
    }

    /// A line of the header: one harmless text for each column of the result.
    func line(_ texts: [[UInt8]], dim: Bool) throws {
        for column in layout.columns {
            try output.append(style.separator)
            let text = column.source < 0 ? Self.ellipsis : texts[column.source]
            try text.withUnsafeBufferPointer {
                try harmless($0, width: DisplayWidth.of(utf8: $0), in: column, dim: dim && color)
            }
        }
        try endLine()
    }

    /// A line across all columns, between rows.
    func note(_ text: String) throws {
        try output.append(style.separator)
        let across = GridLayout.Column(
            source: -1, width: layout.totalWidth - 4, alignsRight: false, isPlain: false)
        try Array(text.utf8).withUnsafeBufferPointer {
            try harmless($0, width: DisplayWidth.of(utf8: $0), in: across, dim: color)
        }
        try endLine()
    }

    private func endLine() throws {
        try output.append(UnsafeBufferPointer(start: style.separator.utf8Start, count: separatorLength - 1))
        try output.append(0x0A)
    }

    private var separatorLength: Int { style.separator.utf8CodeUnitCount }

    // MARK: Rows

    /// The hot loop. `cursor` points into the output's buffer, which has room for a quick column whenever the cursor is
    /// below the fence; cells are in the store's arena, whose slack allows the wide loads of `put`.
    func rows(of slice: KeptRows.Slice) throws {
        let store = slice.store
        let stride = store.columnCount
        let separator = UnsafeRawPointer(style.separator.utf8Start)
        let separatorLength = self.separatorLength
        let fence = output.fence(for: Self.fence)
        try layout.columns.withUnsafeBufferPointer { columns in
            var cursor = output.cursor
            for row in slice.rows {
                for column in columns {
                    if cursor > fence { cursor = try output.flushed(at: cursor) }
                    cursor.copyMemory(from: separator, byteCount: separatorLength)
                    cursor += separatorLength
                    if column.isTimestamp, column.width <= Self.widestQuickColumn,
                        let cell = store.uncheckedCell(row &* stride &+ column.source),
                        let written = column.timestamps.put(cell, at: &cursor)
                    {
                        cursor.put(spaces: column.width &- written &+ 1)
                        continue
                    }
                    if column.source >= 0, column.width <= Self.widestQuickColumn,
                        let cell = store.uncheckedCell(row &* stride &+ column.source),
                        column.isPlain || cell.isPrintableASCII && cell.count <= column.width
                    {
                        let gap = column.width &- cell.count
                        if column.alignsRight { cursor.put(spaces: gap) }
                        cursor.put(cell)
                        cursor.put(spaces: column.alignsRight ? 1 : gap &+ 1)
                        continue
                    }
                    output.advance(to: cursor)
                    try slowCell(store, row, column)
                    cursor = output.cursor
                }
                if cursor > fence { cursor = try output.flushed(at: cursor) }
                cursor.copyMemory(from: separator, byteCount: separatorLength)
                cursor += separatorLength - 1
                cursor.put(0x0A)
            }
            output.advance(to: cursor)
        }
    }

    /// NULLs, and cells that are wide, not ASCII, dangerous or too long.
    private func slowCell(_ store: ResultStore, _ row: Int, _ column: GridLayout.Column) throws {
        guard column.source >= 0 else {
            return try Self.ellipsis.withUnsafeBufferPointer { try harmless($0, width: 1, in: column, dim: color) }
        }
        guard let cell = store.cell(row, column.source) else {
            return try null.withUnsafeBufferPointer {
                try harmless($0, width: DisplayWidth.of(utf8: $0), in: column, dim: color)
            }
        }
        let measured = Sanitizer.measure(cell)
        if measured.isHarmless { return try harmless(cell, width: measured.width, in: column, dim: false) }
        scratch.removeAll(keepingCapacity: true)
        Sanitizer.append(cell, to: &scratch)
        try scratch.withUnsafeBufferPointer { try harmless($0, width: measured.width, in: column, dim: false) }
    }

    /// A text that may be shown as it is, cut if it is too wide, and the blank behind it.
    private func harmless(
        _ text: UnsafeBufferPointer<UInt8>, width: Int, in column: GridLayout.Column, dim: Bool
    ) throws {
        var shown = text
        var gap = column.width - width
        let isCut = gap < 0
        if isCut {
            let kept = DisplayWidth.prefix(of: text, fitting: column.width - 1)
            shown = UnsafeBufferPointer(rebasing: text[..<kept.byteCount])
            gap = column.width - 1 - kept.width
        }
        if column.alignsRight { try output.append(spaces: gap) }
        if dim { try output.append(Self.dim) }
        try output.append(shown)
        if isCut { try output.append(Self.ellipsis) }
        if dim { try output.append(Self.undim) }
        try output.append(spaces: column.alignsRight ? 1 : gap + 1)
    }
}
