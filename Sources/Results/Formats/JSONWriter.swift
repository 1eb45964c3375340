import Text

/// `json` and `jsonl`: one object a row, its values typed.
///
/// Numbers keep every digit; what is no JSON number (NaN, Infinity) is a string. Arrays, maps, structs and variants
/// are the JSON that the server sent, or a string if it is none. A name that stands twice gets a suffix (`id`, `id_2`),
/// since most readers keep only one of two equal keys.
final class JSONWriter: ResultWriter {
    enum Layout {
        /// One document: an array, a row a line.
        case array
        /// A document a line (jsonlines.org).
        case lines
    }

    private let layout: Layout
    private let sanitize: Bool
    private let output: OutputBuffer
    private var columns: [Column] = []
    private var keys: [[UInt8]] = []
    private var isFirst = true
    private var scratch: [UInt8] = []

    init(layout: Layout, options: FormatOptions, output: OutputBuffer) {
        self.layout = layout
        sanitize = options.sanitize
        self.output = output
    }

    func begin(_ columns: [Column]) throws {
        self.columns = columns
        keys = distinctNames(columns.map(\.name)).enumerated().map { index, name in
            var key: [UInt8] = index == 0 ? [] : [0x2C]
            Array(name.utf8).withUnsafeBufferPointer { JSONText.appendString($0, to: &key, sanitize: sanitize) }
            return key + [0x3A]
        }
        if layout == .array { try output.append("[") }
    }

    func write(_ store: ResultStore) throws {
        try ColumnMismatch.check(store, against: columns)
        for row in 0..<store.rowCount {
            switch layout {
            case .array: try output.append(isFirst ? "\n{" : ",\n{")
            case .lines: try output.append("{")
            }
            isFirst = false
            for column in columns.indices {
                try output.append(keys[column])
                if let cell = store.cell(row, column) {
                    try value(cell, columns[column].kind)
                } else {
                    try output.append("null")
                }
            }
            try output.append(layout == .array ? "}" : "}\n")
        }
        try output.flush()
    }

    func end() throws {
        if layout == .array { try output.append(isFirst ? "]\n" : "\n]\n") }
        try output.flush()
    }

    var rowSyntax: RowSyntax? {
        guard !sanitize, !columns.isEmpty else { return nil }
        let start: [UInt8] = Array((layout == .array ? ",\n{" : "{").utf8)
        let leads = keys.enumerated().map { $0 == 0 ? start + $1 : $1 }
        return RowSyntax(.json, columns, leads: leads, tail: Array((layout == .array ? "}" : "}\n").utf8)) { kind in
            switch kind {
            case .text, .date, .timestamp, .interval, .binary, .null, .other: .quoted
            case .integer, .decimal, .float: .number
            case .boolean, .array, .map, .structure, .variant: .none
            }
        }
    }

    func write(_ text: RowText) throws {
        // The comma belongs to the row before.
        try output.append(text, withoutFirst: layout == .array && isFirst ? 1 : 0)
        isFirst = false
    }

    private func value(_ cell: UnsafeBufferPointer<UInt8>, _ kind: Column.Kind) throws {
        scratch.removeAll(keepingCapacity: true)
        if sanitize, !cell.isPrintableASCII {
            appendSanitized(cell, kind)
        } else {
            CellSyntax.json.append(cell, kind, to: &scratch)
        }
        try output.append(scratch)
    }

    /// Only nested values and strings can have what a terminal must not get.
    private func appendSanitized(_ cell: UnsafeBufferPointer<UInt8>, _ kind: Column.Kind) {
        switch kind {
        case .array, .map, .structure, .variant:
            if let value = try? JSONValue.parse(cell) {
                return value.append(to: &scratch, .compact, sanitize: true, level: 0)
            }
        default: break
        }
        JSONText.appendString(cell, to: &scratch, sanitize: true)
    }
}

/// Names without repetition: the second `id` is `id_2`, or the next number that no column has.
func distinctNames(_ names: [String]) -> [String] {
    var taken = Set(names)
    var seen: Set<String> = []
    return names.map { name in
        if seen.insert(name).inserted { return name }
        var number = 2
        while !taken.insert("\(name)_\(number)").inserted { number += 1 }
        return "\(name)_\(number)"
    }
}
