import Text

/// `vertical`: each row as a list of `name  value`, for rows too wide for a line. Streams unless rows are limited.
///
/// A value of several lines goes on under itself, so that none of its lines can pass for another column. One that has no room
/// behind its name, but has on a line of its own, gets that: an id that is broken cannot be copied.
final class VerticalWriter: LimitedWriter {
    private let options: FormatOptions
    private let output: OutputBuffer
    private var columns: [Column] = []
    private var labels: [[UInt8]] = []
    private var labelWidth = 0
    private var null: [UInt8] = []
    private var rows: KeptRows
    /// Whether another writer has kept them.
    private let isGiven: Bool
    /// Rows shown at most; before `begin`, how many they can be.
    private var rowLimit: Int?
    private var written = 0
    private(set) var omissions = Omissions()
    private var scratch: [UInt8] = []

    /// - Parameter rows: rows that another writer has kept, to be drawn at the end.
    init(options: FormatOptions, output: OutputBuffer, rows: KeptRows? = nil) {
        self.options = options
        self.output = output
        rowLimit = options.rowLimit ?? options.lineLimit.map { max(1, $0 / 2) }
        isGiven = rows != nil
        self.rows = rows ?? KeptRows(limit: rowLimit, spill: options.spill)
    }

    func begin(_ columns: [Column]) {
        self.columns = columns
        if options.rowLimit == nil, let lines = options.lineLimit {
            // A line above each row, and one in the gap.
            let fitting = max(1, (lines - 1) / (columns.count + 1))
            if isGiven { rows.show(atMost: fitting) } else { rows = KeptRows(limit: fitting, spill: options.spill) }
            rowLimit = fitting
        }
        let names = columns.map { Sanitizer.oneLine($0.name) }
        labelWidth = names.map { DisplayWidth.of($0) }.max() ?? 0
        labels = names.map {
            Array((String(repeating: " ", count: labelWidth - DisplayWidth.of($0)) + $0 + "  ").utf8)
        }
        let text = Sanitizer.oneLine(options.nullText ?? "NULL")
        null = Array((options.color ? "\u{1B}[90m\(text)\u{1B}[39m" : text).utf8)
    }

    var rowsShown: Int? { rowLimit }
    var drawsAtEnd: Bool { rowLimit != nil }

    func skip(_ count: Int) { rows.skip(count) }

    func write(_ store: ResultStore) throws {
        try ColumnMismatch.check(store, against: columns)
        if rowLimit != nil {
            try rows.add(store)
        } else {
            try draw(KeptRows.Slice(store: store, rows: 0..<store.rowCount))
            try output.flush()
        }
    }

    func end() throws {
        try rows.forEachOfHead(draw)
        if rows.hidden > 0, !columns.isEmpty {
            try output.append(GridLayout.note(hidden: rows.hidden) + "\n")
            written += rows.hidden
        }
        try rows.forEachOfTail(draw)
        omissions.hiddenRows = rows.hidden
        try output.flush()
    }

    private func draw(_ slice: KeptRows.Slice) throws {
        guard !columns.isEmpty else { return }
        for row in slice.rows {
            written += 1
            try output.append("─── row \(Quantity.grouped(written)) ───\n")
            for column in columns.indices {
                if let cell = slice.store.cell(row, column) {
                    try value(cell, column)
                } else {
                    try output.append(labels[column])
                    try output.append(null)
                }
                try output.append(0x0A)
            }
        }
    }

    private func value(_ cell: UnsafeBufferPointer<UInt8>, _ column: Int) throws {
        if cell.isPrintableASCII {
            try label(column, before: cell.count)
            return try output.append(cell)
        }
        // A newline is not hazardous here: it is drawn as an indented line.
        for (index, line) in cell.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            if index > 0 {
                try output.append(0x0A)
                try output.append(spaces: labelWidth + 2)
            }
            scratch.removeAll(keepingCapacity: true)
            Sanitizer.append(UnsafeBufferPointer(rebasing: line), to: &scratch)
            if index == 0 { try label(column, before: scratch.withUnsafeBufferPointer { DisplayWidth.of(utf8: $0) }) }
            try output.append(scratch)
        }
    }

    /// Goes to the next line when the rest of this one does not take a value, and a whole line does.
    private func label(_ column: Int, before width: Int) throws {
        guard let screen = options.width, labelWidth + 2 + width > screen, width <= screen else {
            return try output.append(labels[column])
        }
        try output.append(Array(labels[column].dropLast(2)))
        try output.append(0x0A)
        try output.append(spaces: screen - width)
    }
}
