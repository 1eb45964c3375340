import Text

/// `csv` and `tsv`: a header, then one line for each row.
///
/// CSV is that of RFC 4180, but with line ends of one LF, as other tools here use. NULL is an empty field and the empty
/// string is `""`. A field is quoted when it holds a comma, a quote or a line end, or when it could be taken for NULL. A row
/// of one NULL is an empty line, as the format has no other way to say it.
///
/// In TSV tab, line ends and backslash are written `\t`, `\n`, `\r`, `\\` and NULL is `\N`, as in the text format of
/// PostgreSQL's COPY.
final class DelimitedWriter: ResultWriter {
    enum Dialect {
        case csv, tsv

        var separator: UInt8 { self == .csv ? 0x2C : 0x09 }
        var null: String { self == .csv ? "" : #"\N"# }
    }

    /// What has to be looked for in the cells of a column of a store before they can be copied.
    private enum Search {
        case nothing, comma, everything

        init(_ facts: ResultStore.ColumnFacts, _ dialect: Dialect) {
            // Line ends and tabs are controls, so what is left for a column without is the comma of CSV.
            let isPlain = !facts.hasControls && !facts.hasQuotes
            self = !isPlain ? .everything : dialect == .csv ? .comma : .nothing
        }
    }

    private static let widestQuickField = 1024
    private static let special = ByteSet(#"\"#, nonASCII: false)
    private static let specialAtTerminal = ByteSet(#"\"#, nonASCII: true)
    private let dialect: Dialect
    private let sanitize: Bool
    private let null: [UInt8]
    private let output: OutputBuffer
    private var columns: [Column] = []
    private var scratch: [UInt8] = []

    init(_ dialect: Dialect, options: FormatOptions, output: OutputBuffer) {
        self.dialect = dialect
        self.output = output
        sanitize = options.sanitize
        let text = options.nullText ?? dialect.null
        // In TSV, which has no quotes, a NULL with a line end would end its row.
        null = Array((sanitize || dialect == .tsv ? Sanitizer.oneLine(text) : text).utf8)
    }

    func begin(_ columns: [Column]) throws {
        self.columns = columns
        guard !columns.isEmpty else { return }
        for (index, column) in columns.enumerated() {
            if index > 0 { try output.append(dialect.separator) }
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

    func end() throws { try output.flush() }

    /// The hot loop. `cursor` points into the output's buffer, which has room for a quick field and its separator whenever
    /// the cursor is below the fence; cells are in the store's arena, whose slack allows wide loads behind them.
    private func rows(of store: ResultStore) throws {
        let (width, separator) = (columns.count, dialect.separator)
        let fence = output.fence(for: Self.widestQuickField + OutputBuffer.slack)
        // An empty field of CSV, and one as long as NULL, may have to be told from it.
        let (least, nullLength) = dialect == .csv ? (1, null.count) : (0, -1)
        // Fields that a terminal gets are looked at one by one.
        let most = sanitize ? -1 : Self.widestQuickField
        let dialect = dialect
        let searches = columns.indices.map { Search(store.facts[$0], dialect) }
        try searches.withUnsafeBufferPointer { searches in
            var cursor = output.cursor
            var index = 0
            for _ in 0..<store.rowCount {
                for column in 0..<width {
                    if cursor > fence { cursor = try output.flushed(at: cursor) }
                    if let cell = store.uncheckedCell(index), cell.count <= most, cell.count >= least,
                        cell.count != nullLength, !Self.isSpecial(cell, searches[column], dialect)
                    {
                        cursor.put(cell)
                    } else {
                        output.advance(to: cursor)
                        if let cell = store.uncheckedCell(index) { try field(cell) } else { try output.append(null) }
                        cursor = output.cursor
                        if cursor > fence { cursor = try output.flushed(at: cursor) }
                    }
                    cursor.put(column &+ 1 == width ? 0x0A : separator)
                    index &+= 1
                }
            }
            output.advance(to: cursor)
        }
    }

    /// Whether a cell of a store cannot be copied as it is.
    @inline(__always)
    private static func isSpecial(_ cell: UnsafeBufferPointer<UInt8>, _ search: Search, _ dialect: Dialect) -> Bool {
        switch search {
        case .nothing: false
        case .comma: cell.holds(0x2C)
        case .everything: hasSpecial(cell, dialect)
        }
    }

    @inline(never)
    private static func hasSpecial(_ cell: UnsafeBufferPointer<UInt8>, _ dialect: Dialect) -> Bool {
        switch dialect {
        case .csv: cell.holds(0x22) || cell.holds(0x2C) || cell.holds(0x0A) || cell.holds(0x0D)
        case .tsv: cell.holds(0x5C) || cell.holds(0x09) || cell.holds(0x0A) || cell.holds(0x0D)
        }
    }

    // MARK: Fields that are looked at

    private func field(_ cell: UnsafeBufferPointer<UInt8>) throws {
        switch dialect {
        case .tsv: try escaped(cell)
        case .csv where sanitize && !cell.isPrintableASCII:
            scratch.removeAll(keepingCapacity: true)
            Sanitizer.append(cell, to: &scratch)
            try scratch.withUnsafeBufferPointer { try quoted($0) }
        case .csv: try quoted(cell)
        }
    }

    /// A field of CSV, in quotes if it needs them.
    private func quoted(_ cell: UnsafeBufferPointer<UInt8>) throws {
        let needsQuotes = [0x22, 0x2C, 0x0A, 0x0D].contains { cell.position(of: $0) != nil }
        guard cell.isEmpty || needsQuotes || cell.elementsEqual(null) else { return try output.append(cell) }
        try output.append(0x22)
        var start = 0
        while let quote = cell.position(of: 0x22, from: start) {
            try output.append(UnsafeBufferPointer(rebasing: cell[start...quote]))
            try output.append(0x22)
            start = quote + 1
        }
        try output.append(UnsafeBufferPointer(rebasing: cell[start...]))
        try output.append(0x22)
    }

    /// A field of TSV.
    private func escaped(_ cell: UnsafeBufferPointer<UInt8>) throws {
        try (sanitize ? Self.specialAtTerminal : Self.special).scan(cell) {
            try output.append($0)
        } special: { index in
            switch cell[index] {
            case 0x09: try output.append(#"\t"#)
            case 0x0A: try output.append(#"\n"#)
            case 0x0D: try output.append(#"\r"#)
            case 0x5C: try output.append(#"\\"#)
            default:
                let length = Sanitizer.scalar(cell, at: index).length
                let character = UnsafeBufferPointer(rebasing: cell[index..<index + length])
                guard sanitize else {
                    try output.append(character)
                    return length
                }
                scratch.removeAll(keepingCapacity: true)
                Sanitizer.append(character, to: &scratch)
                try output.append(scratch)
                return length
            }
            return 1
        }
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Whether `byte` is in a cell of a store, behind which eight bytes may be read.
    @inline(__always)
    fileprivate func holds(_ byte: UInt64) -> Bool {
        guard let base = UnsafeRawPointer(baseAddress) else { return false }
        let ones: UInt64 = 0x0101_0101_0101_0101
        var index = 0
        while index < count {
            var word = base.loadUnaligned(fromByteOffset: index, as: UInt64.self) ^ (byte &* ones)
            let rest = count &- index
            // What stands behind the cell becomes 0xFF, which is no match.
            if rest < 8 { word |= ~0 &<< UInt64(rest &* 8) }
            if (word &- ones) & ~word & (ones &<< 7) != 0 { return true }
            index &+= 8
        }
        return false
    }
}
