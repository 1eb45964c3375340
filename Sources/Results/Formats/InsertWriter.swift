import Text

/// `insert`: each row as `INSERT INTO results VALUES (…);` in the SQL of Databricks.
///
/// Numbers and booleans stand as they are; dates, timestamps and intervals are typed literals; strings are escaped by
/// backslashes (Databricks SQL reference, "STRING type", literals). Binary cells are taken for base64, nested ones are
/// read back by `from_json` and `parse_json`, the keys of their maps cast from text. A value that does not look like its type is a string: nothing a server
/// sends can end a literal.
final class InsertWriter: ResultWriter {
    private static let special = ByteSet(#"'\"#, nonASCII: false)
    private static let specialAtTerminal = ByteSet(#"'\"#, nonASCII: true)
    private let sanitize: Bool
    private let output: OutputBuffer
    private var columns: [Column] = []
    private var wrappers: [Wrapper] = []
    private var scratch: [UInt8] = []

    /// What stands before and behind a quoted value.
    private struct Wrapper {
        var before = ""
        var after = ""
    }

    init(options: FormatOptions, output: OutputBuffer) {
        sanitize = options.sanitize
        self.output = output
    }

    func begin(_ columns: [Column]) throws {
        self.columns = columns
        wrappers = columns.map { wrapper(for: $0) }
    }

    func write(_ store: ResultStore) throws {
        try ColumnMismatch.check(store, against: columns)
        guard !columns.isEmpty else { return }
        for row in 0..<store.rowCount {
            try output.append("INSERT INTO results VALUES (")
            for column in columns.indices {
                if column > 0 { try output.append(", ") }
                if let cell = store.cell(row, column) {
                    try value(cell, column)
                } else {
                    try output.append("NULL")
                }
            }
            try output.append(");\n")
        }
        try output.flush()
    }

    func end() throws { try output.flush() }

    private func value(_ cell: UnsafeBufferPointer<UInt8>, _ column: Int) throws {
        switch columns[column].kind {
        case .integer, .decimal:
            if JSONNumber.matches(cell) { return try output.append(cell) }
        case .float:
            // A literal without an exponent is a DECIMAL, which has no negative zero.
            if JSONNumber.matches(cell), !cell.isNegativeZero { return try output.append(cell) }
        case .boolean:
            if cell.elementsEqual("true".utf8) || cell.elementsEqual("false".utf8) { return try output.append(cell) }
        case .interval:
            if cell.isIntervalLiteral { return try output.append(cell) }
        default: break
        }
        try output.append(wrappers[column].before)
        scratch.removeAll(keepingCapacity: true)
        appendLiteral(cell)
        try output.append(scratch)
        try output.append(wrappers[column].after)
    }

    private func wrapper(for column: Column) -> Wrapper {
        switch column.kind {
        case .date: return Wrapper(before: "DATE")
        case .timestamp:
            return Wrapper(before: column.typeName.uppercased() == "TIMESTAMP_NTZ" ? "TIMESTAMP_NTZ" : "TIMESTAMP")
        case .float, .interval:
            // The type is the server's word: only one that is nothing but words may stand in the statement.
            let isWords = column.typeText.utf8.allSatisfy { $0 == 0x20 || (0x41...0x5A).contains($0 & 0xDF) }
            return isWords && !column.typeText.isEmpty
                ? Wrapper(before: "CAST(", after: " AS \(column.typeText))") : Wrapper()
        case .binary: return Wrapper(before: "unbase64(", after: ")")
        case .variant: return Wrapper(before: "parse_json(", after: ")")
        case .array, .map, .structure:
            // The names of fields quoted where they have to be, which the service does not always do.
            var parser = TypeTextParser(column.typeText)
            guard let type = parser.parse() else { return fromJSON(column.typeText) }
            let read = type.withTextKeys
            guard read != type, type.isHarmless else { return fromJSON(type.text) }
            let reader = fromJSON(read.text)
            return Wrapper(before: "CAST(" + reader.before, after: reader.after + " AS \(type.text))")
        case .integer, .decimal, .boolean, .text, .null, .other: return Wrapper()
        }
    }

    private func fromJSON(_ type: String) -> Wrapper {
        scratch.removeAll(keepingCapacity: true)
        Array(type.utf8).withUnsafeBufferPointer { appendLiteral($0) }
        return Wrapper(before: "from_json(", after: ", " + String(decoding: scratch, as: UTF8.self) + ")")
    }

    private func appendLiteral(_ bytes: UnsafeBufferPointer<UInt8>) {
        scratch.append(0x27)
        (sanitize ? Self.specialAtTerminal : Self.special).scan(bytes) {
            scratch.append(contentsOf: $0)
        } special: { index in
            let scalar = Sanitizer.scalar(bytes, at: index)
            switch scalar.value {
            case 0x27: scratch.append(contentsOf: #"\'"#.utf8)
            case 0x5C: scratch.append(contentsOf: #"\\"#.utf8)
            case 0x0A: scratch.append(contentsOf: #"\n"#.utf8)
            case 0x0D: scratch.append(contentsOf: #"\r"#.utf8)
            case 0x09: scratch.append(contentsOf: #"\t"#.utf8)
            case let value where Sanitizer.isHazard(value): JSONText.appendUnit(value, to: &scratch)
            default: scratch.append(contentsOf: bytes[index..<index + scalar.length])
            }
            return scalar.length
        }
        scratch.append(0x27)
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// `-0.0` and other ways to write it.
    fileprivate var isNegativeZero: Bool {
        first == 0x2D && !prefix { $0 & 0xDF != 0x45 }.contains { (0x31...0x39).contains($0) }
    }

    /// `INTERVAL '1 02:03:04.5' DAY TO SECOND` and its like, with nothing in it that could be more than that.
    fileprivate var isIntervalLiteral: Bool {
        let parts = split(separator: 0x27, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].elementsEqual("INTERVAL ".utf8), !parts[1].isEmpty else { return false }
        return parts[1].allSatisfy { (0x30...0x39).contains($0) || " :.-+".utf8.contains($0) }
            && parts[2].allSatisfy { $0 == 0x20 || (0x41...0x5A).contains($0) }
    }
}
