/// How a text format writes a cell, without what stands between cells: exact, as files get it.
enum CellSyntax: Sendable {
    /// RFC 4180. A cell is quoted when it holds a comma, a quote or a line end, or could be taken for NULL.
    case csv(null: [UInt8])
    /// As in the text format of PostgreSQL's COPY.
    case tsv(null: [UInt8])
    /// RFC 8259. Values are typed.
    case json

    private static let specialInTSV = ByteSet(#"\"#, nonASCII: false)

    /// Appends a cell, nil for NULL; `cell` is valid UTF-8.
    func append(_ cell: UnsafeBufferPointer<UInt8>?, _ kind: Column.Kind, to output: inout [UInt8]) {
        switch (self, cell) {
        case (.csv(let null), nil), (.tsv(let null), nil): output.append(contentsOf: null)
        case (.json, nil): output.append(contentsOf: "null".utf8)
        case (.csv(let null), let cell?): Self.csv(cell, null, &output)
        case (.tsv, let cell?): Self.tsv(cell, &output)
        case (.json, let cell?): Self.json(cell, kind, &output)
        }
    }

    private static func csv(_ cell: UnsafeBufferPointer<UInt8>, _ null: [UInt8], _ output: inout [UInt8]) {
        guard cell.isEmpty || cell.needsCSVQuotes || cell.elementsEqual(null) else {
            return output.append(contentsOf: cell)
        }
        output.append(0x22)
        var rest = cell[...]
        while let quote = rest.firstIndex(of: 0x22) {
            output.append(contentsOf: rest[...quote])
            output.append(0x22)
            rest = rest[(quote + 1)...]
        }
        output.append(contentsOf: rest)
        output.append(0x22)
    }

    private static func tsv(_ cell: UnsafeBufferPointer<UInt8>, _ output: inout [UInt8]) {
        specialInTSV.scan(cell) {
            output.append(contentsOf: $0)
        } special: { index in
            switch cell[index] {
            case 0x09: output.append(contentsOf: #"\t"#.utf8)
            case 0x0A: output.append(contentsOf: #"\n"#.utf8)
            case 0x0D: output.append(contentsOf: #"\r"#.utf8)
            case 0x5C: output.append(contentsOf: #"\\"#.utf8)
            case let other: output.append(other)
            }
            return 1
        }
    }

    /// Numbers keep every digit; nested values are JSON as it is, laid out anew when it has line ends (jsonl allows none).
    private static func json(_ cell: UnsafeBufferPointer<UInt8>, _ kind: Column.Kind, _ output: inout [UInt8]) {
        switch kind {
        case .integer, .decimal, .float:
            if JSONNumber.matches(cell) { return output.append(contentsOf: cell) }
        case .boolean:
            if cell.elementsEqual("true".utf8) || cell.elementsEqual("false".utf8) {
                return output.append(contentsOf: cell)
            }
        case .array, .map, .structure, .variant:
            if !cell.contains(where: { $0 < 0x20 }) {
                if JSONValue.isValid(cell) { return output.append(contentsOf: cell) }
            } else if let value = try? JSONValue.parse(cell) {
                return value.append(to: &output, .compact, sanitize: false, level: 0)
            }
        case .text, .date, .timestamp, .interval, .binary, .null, .other: break
        }
        JSONText.appendString(cell, to: &output, sanitize: false)
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Whether a comma, a quote, CR or LF is in it, looked for eight bytes at a time.
    var needsCSVQuotes: Bool {
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
