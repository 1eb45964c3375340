import Text

/// `tsv`: tab-separated values with a header. Tab, line ends and backslash are written `\t`, `\n`, `\r`, `\\` and NULL
/// is `\N`, as in the text format of PostgreSQL's COPY.
final class TSVWriter: ResultWriter {
    private let options: FormatOptions
    private let null: [UInt8]
    private let output: OutputBuffer
    private var columns: [Column] = []
    private var scratch: [UInt8] = []

    init(options: FormatOptions, output: OutputBuffer) {
        self.options = options
        self.output = output
        null = Array((options.nullText.map { Visible.oneLine($0) } ?? #"\N"#).utf8)
    }

    func begin(_ columns: [Column]) throws {
        self.columns = columns
        guard !columns.isEmpty else { return }
        for (index, column) in columns.enumerated() {
            if index > 0 { try output.append(0x09) }
            try Array(column.name.utf8).withUnsafeBufferPointer { try field($0) }
        }
        try output.append(0x0A)
    }

    func write(_ store: ResultStore) throws {
        try ColumnMismatch.check(store, against: columns)
        guard !columns.isEmpty else { return }
        for row in 0..<store.rowCount {
            for column in 0..<columns.count {
                if column > 0 { try output.append(0x09) }
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
        guard cell.contains(where: { $0 < 0x20 || $0 == 0x5C || $0 >= 0x7F }) else { return try output.append(cell) }
        scratch.removeAll(keepingCapacity: true)
        for byte in cell {
            switch byte {
            case 0x09: scratch.append(contentsOf: #"\t"#.utf8)
            case 0x0A: scratch.append(contentsOf: #"\n"#.utf8)
            case 0x0D: scratch.append(contentsOf: #"\r"#.utf8)
            case 0x5C: scratch.append(contentsOf: #"\\"#.utf8)
            default: scratch.append(byte)
            }
        }
        guard options.sanitize else { return try output.append(scratch) }
        let escaped = scratch
        scratch.removeAll(keepingCapacity: true)
        escaped.withUnsafeBufferPointer { Visible.append($0, to: &scratch) }
        try output.append(scratch)
    }
}
