import Text

/// `csv`: comma-separated values with a header (RFC 4180, but with line ends of one LF, as other tools here use).
///
/// NULL is an empty field and the empty string is `""`. A field is quoted when it holds a comma, a quote or a line end,
/// or when it could be taken for NULL. A row of one NULL is an empty line, as the format has no other way to say it.
final class CSVWriter: ResultWriter {
    private static let widestQuickField = 1024
    private let options: FormatOptions
    private let null: [UInt8]
    private let output: OutputBuffer
    private var columns: [Column] = []
    private var scratch: [UInt8] = []
    private var quoted: [UInt8] = []

    init(options: FormatOptions, output: OutputBuffer) {
        self.options = options
        self.output = output
        let text = options.nullText ?? ""
        null = Array((options.sanitize ? Visible.oneLine(text) : text).utf8)
    }

    func begin(_ columns: [Column]) throws {
        self.columns = columns
        guard !columns.isEmpty else { return }
        for (index, column) in columns.enumerated() {
            if index > 0 { try output.append(0x2C) }
            try Array(column.name.utf8).withUnsafeBufferPointer { try field($0) }
        }
        try output.append(0x0A)
    }

    func write(_ store: ResultStore) throws {
        try ColumnMismatch.check(store, against: columns)
        guard !columns.isEmpty else { return }
        try rows(of: store)
        try output.flush()
    }

    /// The hot loop. `cursor` points into the output's buffer, which has room for a quick field and its separator whenever
    /// the cursor is below the fence; cells are in the store's arena, whose slack allows wide loads behind them.
    private func rows(of store: ResultStore) throws {
        let width = columns.count
        let fence = output.fence(for: Self.widestQuickField + OutputBuffer.slack)
        let nullLength = null.count
        // Fields that a terminal gets are looked at one by one.
        let quickLength = options.sanitize ? 0 : Self.widestQuickField
        var cursor = output.cursor
        var index = 0
        for _ in 0..<store.rowCount {
            for column in 0..<width {
                if cursor > fence { cursor = try output.flushed(at: cursor) }
                if let cell = store.uncheckedCell(index), cell.count <= quickLength, cell.count != nullLength,
                    !cell.isEmpty, !cell.needsCSVQuotesReadingSlack
                {
                    cursor.put(cell)
                } else {
                    output.advance(to: cursor)
                    if let cell = store.uncheckedCell(index) { try field(cell) } else { try output.append(null) }
                    cursor = output.cursor
                    if cursor > fence { cursor = try output.flushed(at: cursor) }
                }
                cursor.put(column &+ 1 == width ? 0x0A : 0x2C)
                index &+= 1
            }
        }
        output.advance(to: cursor)
    }

    func end() throws { try output.flush() }

    private func field(_ cell: UnsafeBufferPointer<UInt8>) throws {
        if options.sanitize, !cell.isPrintableASCII {
            scratch.removeAll(keepingCapacity: true)
            Visible.append(cell, to: &scratch)
            return try scratch.withUnsafeBufferPointer { try exactField($0) }
        }
        try exactField(cell)
    }

    private func exactField(_ cell: UnsafeBufferPointer<UInt8>) throws {
        guard cell.isEmpty || cell.needsCSVQuotes || cell.elementsEqual(null) else { return try output.append(cell) }
        quoted.removeAll(keepingCapacity: true)
        CellSyntax.csv(null: null).append(cell, .text, to: &quoted)
        try output.append(quoted)
    }

    var rowSyntax: RowSyntax? {
        guard !options.sanitize, !columns.isEmpty else { return nil }
        let leads = columns.indices.map { $0 == 0 ? [] : [0x2C] as [UInt8] }
        return RowSyntax(.csv(null: null), columns, leads: leads, tail: [0x0A]) { _ in .csv }
    }

    func write(_ text: RowText) throws { try output.append(text) }
}

extension UnsafeBufferPointer<UInt8> {
    /// The same for a cell of a store, behind which eight bytes may be read.
    @inline(__always)
    fileprivate var needsCSVQuotesReadingSlack: Bool {
        guard let base = UnsafeRawPointer(baseAddress) else { return false }
        var index = 0
        while index < count {
            var word = base.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            let rest = count &- index
            // What stands behind the cell becomes 0xFF, which is none of the four.
            if rest < 8 { word |= ~0 &<< UInt64(rest &* 8) }
            let found = Self.has(0x22, word) | Self.has(0x2C, word) | Self.has(0x0A, word) | Self.has(0x0D, word)
            if found & 0x8080_8080_8080_8080 != 0 { return true }
            index &+= 8
        }
        return false
    }

    /// A high bit set if some byte of `word` is `byte`; only whether there is one is exact.
    @inline(__always)
    private static func has(_ byte: UInt64, _ word: UInt64) -> UInt64 {
        let zero = word ^ (byte &* 0x0101_0101_0101_0101)
        return (zero &- 0x0101_0101_0101_0101) & ~zero
    }
}
