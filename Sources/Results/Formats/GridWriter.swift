import Text

/// The lines of a grid.
struct GridStyle {
    /// Left end, line, crossing, right end.
    typealias Rule = (left: StaticString, line: StaticString, cross: StaticString, right: StaticString)
    let top: Rule
    let middle: Rule
    let bottom: Rule
    /// The line between two cells, followed by a blank.
    let separator: StaticString
    let showsTypes: Bool

    static let box = GridStyle(
        top: ("┌", "─", "┬", "┐"), middle: ("├", "─", "┼", "┤"), bottom: ("└", "─", "┴", "┘"),
        separator: "│ ", showsTypes: true)
    static let ascii = GridStyle(
        top: ("+", "-", "+", "+"), middle: ("+", "-", "+", "+"), bottom: ("+", "-", "+", "+"),
        separator: "| ", showsTypes: false)
}

/// `box` and `table`: aligned columns in a frame. Widths are known only when all rows are, so it keeps them until then.
final class GridWriter: LimitedWriter {
    private let style: GridStyle
    private let options: FormatOptions
    private let output: OutputBuffer
    private let null: [UInt8]
    private let nullWidth: Int
    private let showsTypes: Bool
    private let rowLimit: Int?
    private var columns: [Column] = []
    private var widths: [ColumnWidth] = []
    private var rows: KeptRows
    private(set) var omissions = Omissions()

    init(style: GridStyle, options: FormatOptions, output: OutputBuffer) {
        self.style = style
        self.options = options
        self.output = output
        null = Array(Sanitizer.oneLine(options.nullText ?? "NULL").utf8)
        nullWidth = null.withUnsafeBufferPointer { DisplayWidth.of(utf8: $0) }
        showsTypes = style.showsTypes && options.headerTypes
        let frame = showsTypes ? 5 : 4
        rowLimit = options.rowLimit ?? options.lineLimit.map { max(2, $0 - frame) }
        rows = KeptRows(limit: rowLimit, gapCounts: options.rowLimit == nil, spill: options.spill)
    }

    var rowsShown: Int? { rowLimit }
    var drawsAtEnd: Bool { true }

    func begin(_ columns: [Column]) {
        self.columns = columns
        widths = columns.map { ColumnWidth($0) }
    }

    func write(_ store: ResultStore) throws {
        try ColumnMismatch.check(store, against: columns)
        // Measured while it is here: with no limit, the store may be in a file afterwards.
        if rowLimit == nil, store.rowCount > 0 { measure(.init(store: store, rows: 0..<store.rowCount)) }
        try rows.add(store)
    }

    func skip(_ count: Int) { rows.skip(count) }

    func end() throws {
        guard !columns.isEmpty else { return }
        if rowLimit != nil {
            try rows.forEachOfHead(measure)
            try rows.forEachOfTail(measure)
        }
        let header = GridHeader(columns, widths, showsTypes: showsTypes)
        let layout = GridLayout(
            columns, header: header, widths: widths, hiddenRows: rows.hidden, options: options)
        let isVertical = layout.isTooNarrow || options.verticalWhenCut && layout.omissions.cutsAcross
        if isVertical, !rows.isEmpty {
            let vertical = VerticalWriter(options: options, output: output, rows: rows)
            vertical.begin(columns)
            try vertical.end()
            omissions = vertical.omissions
            return
        }
        omissions = layout.omissions
        let painter = GridPainter(style: style, layout: layout, null: null, color: options.color, output: output)
        try painter.rule(style.top)
        try painter.line(layout.names, dim: false)
        if layout.showsTypes { try painter.line(header.types, dim: true) }
        try painter.rule(style.middle)
        try rows.forEachOfHead(painter.rows)
        if rows.hidden > 0 { try painter.note(GridLayout.note(hidden: rows.hidden)) }
        try rows.forEachOfTail(painter.rows)
        try painter.rule(style.bottom)
        try output.flush()
    }

    private func measure(_ slice: KeptRows.Slice) {
        for column in columns.indices { widths[column].add(slice, column: column, nullWidth: nullWidth) }
    }
}
