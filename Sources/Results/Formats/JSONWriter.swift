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
                    try value(cell, column, store.facts[column])
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

    private func value(_ cell: UnsafeBufferPointer<UInt8>, _ column: Int, _ facts: ResultStore.ColumnFacts) throws {
        switch columns[column].kind {
        case .integer, .decimal, .float:
            if JSONNumber.matches(cell) { return try output.append(cell) }
        case .boolean:
            if cell.elementsEqual("true".utf8) || cell.elementsEqual("false".utf8) { return try output.append(cell) }
        case .array, .map, .structure, .variant:
            if try nested(cell) { return }
        case .text, .date, .timestamp, .interval, .binary, .null, .other: break
        }
        if !facts.hasControls, !facts.hasQuotes, !sanitize || !facts.hasNonASCII {
            return try output.append(quoted: cell)
        }
        scratch.removeAll(keepingCapacity: true)
        JSONText.appendString(cell, to: &scratch, sanitize: sanitize)
        try output.append(scratch)
    }

    /// A nested value is JSON as it is, unless it has what must not go out: line ends (jsonl allows none), and at a terminal
    /// what could steer it. False when it is no JSON.
    private func nested(_ cell: UnsafeBufferPointer<UInt8>) throws -> Bool {
        let isPlain = sanitize ? cell.isPrintableASCII : !cell.contains { $0 < 0x20 }
        if isPlain {
            guard JSONValue.isValid(cell) else { return false }
            try output.append(cell)
            return true
        }
        guard let value = try? JSONValue.parse(cell) else { return false }
        scratch.removeAll(keepingCapacity: true)
        value.append(to: &scratch, .compact, sanitize: sanitize, level: 0)
        try output.append(scratch)
        return true
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
