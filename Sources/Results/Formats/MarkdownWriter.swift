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
    private var nullWidth = 0
    private var layouts: [Layout] = []
    private var scratch: [UInt8] = []

    /// How the cells of a column are drawn. Trivial fields only, as the loops over cells read them through a pointer.
    private struct Layout {
        var width: Int
        let alignsRight: Bool
        let isTimestamp: Bool
        var timestamps = TimestampForm()
    }

    /// What an aligned cell takes at most, with what stands around it.
    private static let quickCell = 512

    init(options: FormatOptions, output: OutputBuffer) {
        self.options = options
        self.output = output
        rows = KeptRows(limit: nil, spill: options.spill)
    }

    var drawsAtEnd: Bool { true }

    func begin(_ columns: [Column]) {
        self.columns = columns
        names = columns.map { escaped($0.name) }
        null = escaped(options.nullText ?? "NULL")
        nullWidth = Self.width(of: null)
        layouts = zip(columns, names).map { column, name in
            // At least three, which the rule under the header needs.
            Layout(
                width: min(max(3, Self.width(of: name)), Self.widestAligned), alignsRight: column.alignsRight,
                isTimestamp: column.kind == .timestamp)
        }
    }

    private static func width(of text: [UInt8]) -> Int { text.withUnsafeBufferPointer { DisplayWidth.of(utf8: $0) } }

    func write(_ store: ResultStore) throws {
        try ColumnMismatch.check(store, against: columns)
        guard store.rowCount > 0 else { return }
        measure(store)
        try rows.add(store)
    }

    func end() throws {
        guard !columns.isEmpty else { return }
        for column in columns.indices where layouts[column].isTimestamp {
            let form = layouts[column].timestamps
            if let zone = form.zoneText { names[column] += Array(" (\(zone))".utf8) }
            let width = max(layouts[column].width, Self.width(of: names[column]), form.width)
            layouts[column].width = min(width, Self.widestAligned)
        }
        for (name, layout) in zip(names, layouts) { try cell(name, layout.width, layout.alignsRight) }
        try output.append("|\n")
        for layout in layouts {
            let rule = String(repeating: "-", count: layout.alignsRight ? layout.width - 1 : layout.width)
            try output.append("| \(rule)\(layout.alignsRight ? ": " : " ")")
        }
        try output.append("|\n")
        try rows.forEachOfHead { try draw($0.store) }
        try output.flush()
    }

    /// The hot loop: cells that need no escaping are put into the output's buffer, which has room for one whenever the cursor is
    /// below the fence. They lie in the store, whose slack allows the wide loads.
    private func draw(_ store: ResultStore) throws {
        let fence = output.fence(for: Self.quickCell)
        try layouts.withUnsafeBufferPointer { layouts in
            var cursor = output.cursor
            for row in 0..<store.rowCount {
                for (column, layout) in layouts.enumerated() {
                    if cursor > fence { cursor = try output.flushed(at: cursor) }
                    guard let cell = store.cell(row, column) else {
                        output.advance(to: cursor)
                        try self.cell(null, layout.width, layout.alignsRight)
                        cursor = output.cursor
                        continue
                    }
                    if Self.putQuickly(cell, layout, at: &cursor) { continue }
                    output.advance(to: cursor)
                    try escaping(cell) { try self.cell($0, layout.width, layout.alignsRight) }
                    cursor = output.cursor
                }
                if cursor > fence { cursor = try output.flushed(at: cursor) }
                cursor.put(0x7C)
                cursor.put(0x0A)
            }
            output.advance(to: cursor)
        }
    }

    /// - Returns: false, with nothing written, for a cell that has to be looked at more closely.
    @inline(__always)
    private static func putQuickly(
        _ cell: UnsafeBufferPointer<UInt8>, _ layout: Layout, at cursor: inout UnsafeMutableRawPointer
    ) -> Bool {
        var end = cursor
        end.put(0x7C)
        end.put(0x20)
        if layout.isTimestamp {
            guard let written = layout.timestamps.put(cell, at: &end) else { return false }
            end.put(spaces: max(0, layout.width &- written) &+ 1)
        } else {
            guard cell.count <= widestAligned, special.first(in: cell, from: 0) == cell.count else { return false }
            let gap = max(0, layout.width &- cell.count)
            if layout.alignsRight { end.put(spaces: gap) }
            end.put(cell)
            end.put(spaces: layout.alignsRight ? 1 : gap &+ 1)
        }
        cursor = end
        return true
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

    private func measure(_ store: ResultStore) {
        // A copy, which the loop need not ask this object for.
        var layouts = layouts
        layouts.withUnsafeMutableBufferPointer { layouts in
            for column in layouts.indices where store.facts[column].nulls > 0 {
                layouts[column].width = min(max(layouts[column].width, nullWidth), Self.widestAligned)
            }
            for row in 0..<store.rowCount {
                for column in layouts.indices {
                    if layouts[column].isTimestamp {
                        guard let cell = store.cell(row, column) else { continue }
                        layouts[column].timestamps.add(cell) { escapedWidth(of: cell) }
                    } else if layouts[column].width < Self.widestAligned, let cell = store.cell(row, column) {
                        let width = min(escapedWidth(of: cell), Self.widestAligned)
                        if width > layouts[column].width { layouts[column].width = width }
                    }
                }
            }
        }
        self.layouts = layouts
    }

    @inline(__always)
    private func escapedWidth(of cell: UnsafeBufferPointer<UInt8>) -> Int {
        // What needs no escaping is printable ASCII.
        if Self.special.first(in: cell, from: 0) == cell.count { return cell.count }
        return escaping(cell) { DisplayWidth.of(utf8: $0) }
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
