import Text

/// `csv`: comma-separated values with a header (RFC 4180, but with line ends of one LF, as other tools here use).
///
/// NULL is an empty field and the empty string is `""`. A field is quoted when it holds a comma, a quote or a line end,
/// or when it could be taken for NULL. A row of one NULL is an empty line, as the format has no other way to say it.
final class CSVWriter: ResultWriter {
    private let options: FormatOptions
    private let null: [UInt8]
    private let output: OutputBuffer
    private var columns: [Column] = []
    private var scratch: [UInt8] = []

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
        for row in 0..<store.rowCount {
            for column in 0..<columns.count {
                if column > 0 { try output.append(0x2C) }
                if let cell = store.uncheckedCell(row &* columns.count &+ column) {
                    try field(cell)
                } else {
                    try output.append(null)
                }
            }
            try output.append(0x0A)
        }
        try output.flush()
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
        try output.append(0x22)
        var rest = cell[...]
        while let quote = rest.firstIndex(of: 0x22) {
            try output.append(UnsafeBufferPointer(rebasing: rest[...quote]))
            try output.append(0x22)
            rest = rest[(quote + 1)...]
        }
        try output.append(UnsafeBufferPointer(rebasing: rest))
        try output.append(0x22)
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Whether a comma, a quote, CR or LF is in it, looked for eight bytes at a time.
    fileprivate var needsCSVQuotes: Bool {
        guard let base = UnsafeRawPointer(baseAddress) else { return false }
        let ones: UInt64 = 0x0101_0101_0101_0101
        var index = 0
        while index + 8 <= count {
            let word = base.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            var found: UInt64 = 0
            for byte: UInt64 in [0x22, 0x2C, 0x0A, 0x0D] {
                let zero = word ^ (byte &* ones)
                found |= (zero &- ones) & ~zero
            }
            if found & 0x8080_8080_8080_8080 != 0 { return true }
            index += 8
        }
        while index < count {
            switch self[index] {
            case 0x22, 0x2C, 0x0A, 0x0D: return true
            default: index += 1
            }
        }
        return false
    }
}
