import Text

/// Where the columns of a box or table stand, and how wide they are.
struct GridLayout {
    /// One column on the screen. Trivial fields only, as the hot loop reads them through a pointer.
    struct Column {
        /// The result's column; -1 for the `…` that stands for columns left out.
        var source: Int
        /// Columns of the terminal, blanks at the sides not counted.
        var width: Int
        var alignsRight: Bool
        /// Every cell is printable ASCII and fits.
        var isPlain: Bool
    }

    /// Type names longer than this do not widen their column.
    private static let widestType = 24
    /// What a column keeps when the terminal is too narrow; a cut number misleads, so it keeps more.
    private static let narrowest = 8
    private static let narrowestNumber = 24
    /// Left border, blanks and separators: 3 for each column and 1.
    private static let overhead = 3

    private(set) var columns: [Column] = []
    /// What each column of the result needs for its name and cells; a type may be cut without a word.
    private var wanted: [Int] = []
    /// What each column of the result needs for its cells alone.
    private let cellWidths: [Int]
    private let nameWidths: [Int]
    private(set) var omissions = Omissions()

    init(
        _ columns: [Results.Column], header: GridHeader, widths: [ColumnWidth], hiddenRows: Int, options: FormatOptions
    ) {
        cellWidths = widths.map(\.width)
        nameWidths = header.nameWidths
        var floors: [Int] = []
        for (index, column) in columns.enumerated() {
            let cells = widths[index]
            let content = max(1, max(cells.width, header.nameWidths[index]))
            let wanted = min(content, max(1, options.maxCellWidth ?? content))
            let type = min(header.typeWidths[index], Self.widestType)
            self.columns.append(
                Column(
                    source: index, width: max(wanted, type), alignsRight: column.alignsRight,
                    isPlain: cells.isPlain && cells.width <= wanted))
            self.wanted.append(wanted)
            floors.append(min(wanted, column.alignsRight ? Self.narrowestNumber : Self.narrowest))
            noteCut(index, to: self.columns[index].width)
        }
        omissions.hiddenRows = hiddenRows
        if let width = options.width { fit(width, floors: floors) }
        if hiddenRows > 0 { widen(for: GridLayout.note(hidden: hiddenRows), options.width) }
    }

    /// The columns that the whole table takes.
    var totalWidth: Int { columns.reduce(1) { $0 + $1.width + Self.overhead } }

    /// What stands between the first and the last rows.
    static func note(hidden: Int) -> String { "… \(Quantity.grouped(hidden)) more" }

    /// A narrow table gets as wide as the note between its rows, if the terminal is.
    private mutating func widen(for note: String, _ terminal: Int?) {
        let wanted = min(DisplayWidth.of(note) + 4, terminal ?? Int.max)
        let missing = wanted - totalWidth
        if missing > 0, let last = columns.indices.last { columns[last].width += missing }
    }

    // MARK: Fitting

    private mutating func fit(_ terminal: Int, floors: [Int]) {
        guard totalWidth > terminal else { return }
        let natural = columns.map(\.width)
        let room = terminal - 1 - Self.overhead * columns.count
        if wanted.reduce(0, +) <= room {
            return shrink(Self.level(natural, floors: wanted, room: room), room: room, natural)
        }
        // Numbers are cut only where that keeps a column on the screen.
        for floors in [floors, floors.map { min($0, Self.narrowest) }] where floors.reduce(0, +) <= room {
            return shrink(Self.level(wanted, floors: floors, room: room), room: room, wanted)
        }
        leaveOut(terminal, floors: floors.map { min($0, Self.narrowest) })
    }

    /// The widths when the widest columns are cut to one level, the highest that fits.
    private static func level(_ contents: [Int], floors: [Int], room: Int) -> [Int] {
        func widths(at level: Int) -> [Int] {
            contents.indices.map { min(contents[$0], max(level, floors[$0])) }
        }
        var low = 1
        var high = contents.max() ?? 1
        while low < high {
            let middle = (low + high + 1) / 2
            if widths(at: middle).reduce(0, +) <= room { low = middle } else { high = middle - 1 }
        }
        return widths(at: low)
    }

    /// Takes the widths; what rounding left of the room goes to the first columns that would like more.
    private mutating func shrink(_ widths: [Int], room: Int, _ contents: [Int]) {
        var spare = room - widths.reduce(0, +)
        for index in columns.indices {
            let source = columns[index].source
            guard source >= 0 else { continue }
            let extra = spare > 0 && widths[source] < contents[source] ? 1 : 0
            spare -= extra
            columns[index].width = widths[source] + extra
            if columns[index].width < wanted[source] { columns[index].isPlain = false }
            noteCut(source, to: columns[index].width)
        }
    }

    /// Remembers what does not fit into a column of the result that is this wide.
    private mutating func noteCut(_ source: Int, to width: Int) {
        if cellWidths[source] > width { omissions.shortenedCells = true }
        if nameWidths[source] > width { omissions.shortenedNames = true }
    }

    /// Too many columns even when all are cut: the middle ones go, the first and the last stay.
    private mutating func leaveOut(_ terminal: Int, floors: [Int]) {
        var widths = floors
        // The gap takes one column and its overhead, the first column whatever there is.
        var room = terminal - 1 - (columns.count > 1 ? Self.overhead + 1 : 0)
        widths[0] = max(1, min(widths[0], room - Self.overhead))
        room -= widths[0] + Self.overhead
        var front = 1
        var back = 0
        while front + back < columns.count {
            let next = back < front ? columns.count - 1 - back : front
            guard widths[next] + Self.overhead <= room else { break }
            room -= widths[next] + Self.overhead
            if back < front { back += 1 } else { front += 1 }
        }
        omissions.hiddenColumns = columns.count - front - back
        if omissions.hiddenColumns > 0 {
            let gap = Column(source: -1, width: 1, alignsRight: false, isPlain: false)
            columns = columns.prefix(front) + [gap] + columns.suffix(back)
        }
        shrink(widths, room: 0, wanted)
    }
}

/// The widest cell of a column so far, and whether all of them are printable ASCII.
struct ColumnWidth {
    private(set) var width = 0
    private(set) var isPlain = true

    /// Takes the cells of `column` in `slice` into account.
    mutating func add(_ slice: KeptRows.Slice, column: Int, nullWidth: Int) {
        let facts = slice.store.facts[column]
        if !facts.isPlain { isPlain = false }
        if slice.isWhole, facts.isPlain {
            width = max(width, facts.longest, facts.nulls > 0 ? nullWidth : 0)
            return
        }
        for row in slice.rows {
            guard let cell = slice.store.cell(row, column) else {
                width = max(width, nullWidth)
                continue
            }
            width = max(width, cell.isPrintableASCII ? cell.count : Sanitizer.measure(cell).width)
        }
    }
}

/// The names and types over the columns, made harmless and measured.
struct GridHeader {
    let names: [[UInt8]]
    let types: [[UInt8]]
    let nameWidths: [Int]
    let typeWidths: [Int]

    init(_ columns: [Column], showsTypes: Bool) {
        names = columns.map { Array(Sanitizer.oneLine($0.name).utf8) }
        types = columns.map { showsTypes ? Array(Sanitizer.oneLine($0.typeText).utf8) : [] }
        nameWidths = names.map { $0.withUnsafeBufferPointer { DisplayWidth.of(utf8: $0) } }
        typeWidths = types.map { $0.withUnsafeBufferPointer { DisplayWidth.of(utf8: $0) } }
    }

    var hasTypes: Bool { types.contains { !$0.isEmpty } }
}
