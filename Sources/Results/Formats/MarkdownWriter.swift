import Text

/// `markdown`: a table of GitHub Flavored Markdown (§4.10), aligned so that its source reads well too.
///
/// Pipes and backslashes are escaped by a backslash, `<` and `&` by entities, line ends become `<br>`. Columns wider
/// than `widestAligned` are not padded: one long cell would blow up every row.
final class MarkdownWriter: ResultWriter {
    private static let widestAligned = 80
    private static let special = ByteSet(#"|\<&"#, nonASCII: true)
    private let options: FormatOptions
    private let output: OutputBuffer
    private var columns: [Column] = []
    private var rows: KeptRows
    private var names: [[UInt8]] = []
    private var null: [UInt8] = []
    private var widths: [Int] = []
    /// How the cells of columns of timestamps are drawn.
    private var timestamps: [TimestampForm?] = []
    private var scratch: [UInt8] = []

    init(options: FormatOptions, output: OutputBuffer) {
        self.options = options
        self.output = output
        rows = KeptRows(limit: nil, spill: options.spill)
    }

    var drawsAtEnd: Bool { true }

    func begin(_ columns: [Column]) {
        self.columns = columns
        names = columns.map { escaped($0.name) }
        timestamps = columns.map { $0.kind == .timestamp ? TimestampForm() : nil }
        null = escaped(options.nullText ?? "NULL")
        // At least three, which the rule under the header needs.
        widths = names.map { name in
            min(max(3, name.withUnsafeBufferPointer { DisplayWidth.of(utf8: $0) }), Self.widestAligned)
        }
    }

    func write(_ store: ResultStore) throws {
        try ColumnMismatch.check(store, against: columns)
        guard store.rowCount > 0 else { return }
        for column in columns.indices { measure(column, in: store) }
        try rows.add(store)
    }

    func end() throws {
        guard !columns.isEmpty else { return }
        for (column, form) in timestamps.enumerated() {
            guard let form else { continue }
            if let zone = form.zoneText { names[column] += Array(" (\(zone))".utf8) }
            let name = names[column].withUnsafeBufferPointer { DisplayWidth.of(utf8: $0) }
            widths[column] = min(max(widths[column], name, form.width), Self.widestAligned)
        }
        for column in columns.indices { try cell(names[column], widths[column], columns[column].alignsRight) }
        try output.append("|\n")
        for (column, width) in zip(columns, widths) {
            let rule = String(repeating: "-", count: column.alignsRight ? width - 1 : width)
            try output.append("| \(rule)\(column.alignsRight ? ": " : " ")")
        }
        try output.append("|\n")
        try rows.forEachOfHead { try draw($0.store) }
        try output.flush()
    }

    private func draw(_ store: ResultStore) throws {
        for row in 0..<store.rowCount {
            for column in columns.indices {
                let (width, right) = (widths[column], columns[column].alignsRight)
                if let bytes = store.cell(row, column) {
                    if let text = timestamps[column]?.text(of: bytes) {
                        try cell(text, width, right)
                        continue
                    }
                    try escaping(bytes) { try cell($0, width, right) }
                } else {
                    try cell(null, width, right)
                }
            }
            try output.append("|\n")
        }
    }

    private func cell(_ text: [UInt8], _ width: Int, _ alignsRight: Bool) throws {
        try text.withUnsafeBufferPointer { try cell($0, width, alignsRight) }
    }

    private func cell(_ text: UnsafeBufferPointer<UInt8>, _ width: Int, _ alignsRight: Bool) throws {
        let gap = max(0, width - DisplayWidth.of(utf8: text))
        try output.append("| ")
        if alignsRight { try output.append(spaces: gap) }
        try output.append(text)
        try output.append(spaces: (alignsRight ? 0 : gap) + 1)
    }

    private func measure(_ column: Int, in store: ResultStore) {
        var widest = widths[column]
        if store.facts[column].nulls > 0 {
            widest = max(widest, null.withUnsafeBufferPointer { DisplayWidth.of(utf8: $0) })
        }
        for row in 0..<store.rowCount where timestamps[column] != nil {
            guard let cell = store.cell(row, column) else { continue }
            timestamps[column]?.add(cell) { escaping(cell) { DisplayWidth.of(utf8: $0) } }
        }
        for row in 0..<store.rowCount where timestamps[column] == nil {
            guard widest < Self.widestAligned, let cell = store.cell(row, column) else { continue }
            widest = max(widest, escaping(cell) { DisplayWidth.of(utf8: $0) })
        }
        widths[column] = min(widest, Self.widestAligned)
    }

    private func escaped(_ text: String) -> [UInt8] {
        Array(text.utf8).withUnsafeBufferPointer { escaping($0) { Array($0) } }
    }

    /// Gives `body` the escaped text: the bytes themselves when there is nothing to escape.
    private func escaping<Answer>(
        _ bytes: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) throws -> Answer
    ) rethrows -> Answer {
        if Self.special.first(in: bytes, from: 0) == bytes.count { return try body(bytes) }
        scratch.removeAll(keepingCapacity: true)
        Self.special.scan(bytes) {
            scratch.append(contentsOf: $0)
        } special: { index in
            switch bytes[index] {
            case 0x7C: scratch.append(contentsOf: #"\|"#.utf8)
            case 0x5C: scratch.append(contentsOf: #"\\"#.utf8)
            case 0x3C: scratch.append(contentsOf: "&lt;".utf8)
            case 0x26: scratch.append(contentsOf: "&amp;".utf8)
            case 0x0D where index + 1 < bytes.count && bytes[index + 1] == 0x0A: break
            case 0x0A, 0x0D: scratch.append(contentsOf: "<br>".utf8)
            default:
                let length = Sanitizer.scalar(bytes, at: index).length
                Sanitizer.append(UnsafeBufferPointer(rebasing: bytes[index..<index + length]), to: &scratch)
                return length
            }
            return 1
        }
        return try scratch.withUnsafeBufferPointer(body)
    }
}
