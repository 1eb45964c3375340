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
final class GridWriter: ResultWriter {
    private let style: GridStyle
    private let options: FormatOptions
    private let output: OutputBuffer
    private var columns: [Column] = []
    private var rows: KeptRows
    private(set) var omissions = Omissions()

    init(style: GridStyle, options: FormatOptions, output: OutputBuffer) {
        self.style = style
        self.options = options
        self.output = output
        rows = KeptRows(limit: options.rowLimit)
    }

    func begin(_ columns: [Column]) { self.columns = columns }

    func write(_ store: ResultStore) throws {
        try ColumnMismatch.check(store, against: columns)
        rows.add(store)
    }

    func end() throws {
        guard !columns.isEmpty else { return }
        let null = Array(Visible.oneLine(options.nullText ?? "NULL").utf8)
        let header = GridHeader(columns, showsTypes: style.showsTypes && options.headerTypes)
        let layout = GridLayout(
            columns, header: header, rows: rows,
            nullWidth: null.withUnsafeBufferPointer { DisplayWidth.of(utf8: $0) }, options: options)
        omissions = layout.omissions
        let painter = GridPainter(style: style, layout: layout, null: null, color: options.color, output: output)
        try painter.rule(style.top)
        try painter.line(header.names, dim: false)
        if header.hasTypes { try painter.line(header.types, dim: true) }
        try painter.rule(style.middle)
        for slice in rows.head { try painter.rows(of: slice) }
        if rows.hidden > 0 { try painter.note(GridLayout.note(hidden: rows.hidden)) }
        for slice in rows.tail { try painter.rows(of: slice) }
        try painter.rule(style.bottom)
        try output.flush()
    }
}
