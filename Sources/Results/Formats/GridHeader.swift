import Text

/// The widest cell of a column so far, as it is drawn, and whether all of them are printable ASCII.
struct ColumnWidth {
    private var widest = 0
    private(set) var isPlain = true
    /// How the cells of a column of timestamps are drawn.
    private(set) var timestamps: TimestampForm?

    init(_ column: Column) { timestamps = column.kind == .timestamp ? TimestampForm() : nil }

    var width: Int { max(widest, timestamps?.width ?? 0) }

    /// Takes the cells of `column` in `slice` into account.
    mutating func add(_ slice: KeptRows.Slice, column: Int, nullWidth: Int) {
        let facts = slice.store.facts[column]
        if !facts.isPlain || timestamps != nil { isPlain = false }
        if slice.isWhole, isPlain {
            widest = max(widest, facts.longest, facts.nulls > 0 ? nullWidth : 0)
            return
        }
        // Locals, which the loop keeps in registers.
        var (widest, form) = (widest, timestamps ?? TimestampForm())
        let (store, isTimestamp) = (slice.store, timestamps != nil)
        for row in slice.rows {
            guard let cell = store.cell(row, column) else {
                widest = max(widest, nullWidth)
                continue
            }
            if isTimestamp {
                form.add(cell) { Self.width(of: cell) }
            } else {
                widest = max(widest, Self.width(of: cell))
            }
        }
        self.widest = widest
        if isTimestamp { timestamps = form }
    }

    private static func width(of cell: UnsafeBufferPointer<UInt8>) -> Int {
        cell.isPrintableASCII ? cell.count : Sanitizer.measure(cell).width
    }
}

/// The names and types over the columns, made harmless and measured.
struct GridHeader {
    let names: [String]
    let types: [[UInt8]]
    let nameWidths: [Int]
    let typeWidths: [Int]
    /// The zones of timestamps, which stand with the type, or with the name where there are no types.
    let zones: [String?]

    init(_ columns: [Column], _ widths: [ColumnWidth], showsTypes: Bool) {
        zones = widths.map { $0.timestamps?.zoneText }
        names = columns.map { Sanitizer.oneLine($0.name) }
        let showsTypes = showsTypes && !columns.contains(where: \.isOwn)
        types = zip(columns, zones).map { column, zone in
            guard showsTypes, !column.typeText.isEmpty else { return [] }
            return Array((Sanitizer.oneLine(column.typeText) + (zone.map { " " + $0 } ?? "")).utf8)
        }
        nameWidths = names.map { DisplayWidth.of($0) }
        typeWidths = types.map { $0.withUnsafeBufferPointer { DisplayWidth.of(utf8: $0) } }
    }

    var hasTypes: Bool { types.contains { !$0.isEmpty } }
}
