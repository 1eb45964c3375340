import Text

/// `tsv`: tab-separated values with a header. Tab, line ends and backslash are written `\t`, `\n`, `\r`, `\\` and NULL
/// is `\N`, as in the text format of PostgreSQL's COPY.
final class TSVWriter: ResultWriter {
    private static let special = ByteSet(#"\"#, nonASCII: false)
    private static let specialAtTerminal = ByteSet(#"\"#, nonASCII: true)
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

    var rowSyntax: RowSyntax? {
        guard !options.sanitize, !columns.isEmpty else { return nil }
        let leads = columns.indices.map { $0 == 0 ? [] : [0x09] as [UInt8] }
        return RowSyntax(.tsv(null: null), columns, leads: leads, tail: [0x0A]) { _ in .plain }
    }

    func write(_ text: RowText) throws { try output.append(text) }

    private func field(_ cell: UnsafeBufferPointer<UInt8>) throws {
        let special = options.sanitize ? Self.specialAtTerminal : Self.special
        try special.scan(cell) {
            try output.append($0)
        } special: { index in
            switch cell[index] {
            case 0x09: try output.append(#"\t"#)
            case 0x0A: try output.append(#"\n"#)
            case 0x0D: try output.append(#"\r"#)
            case 0x5C: try output.append(#"\\"#)
            default:
                let length = Visible.scalar(cell, at: index).length
                let character = UnsafeBufferPointer(rebasing: cell[index..<index + length])
                guard options.sanitize else {
                    try output.append(character)
                    return length
                }
                scratch.removeAll(keepingCapacity: true)
                Visible.append(character, to: &scratch)
                try output.append(scratch)
                return length
            }
            return 1
        }
    }
}
