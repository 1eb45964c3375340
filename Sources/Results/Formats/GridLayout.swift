import Text

/// Where the columns of a box or table stand, and how wide they are.
///
/// When the terminal is too narrow, names and text are shortened first; then the types go, then columns, from the middle.
/// Cells that would pass for another value when cut, such as numbers and dates, are always whole.
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
        /// Cells are drawn by `timestamps`.
        var isTimestamp = false
        var timestamps = TimestampForm()
    }

    /// What one column of the result needs.
    private struct Need {
        /// For cells as wide as they may be.
        let cells: Int
        /// For its name as well.
        let content: Int
        /// For its cells when text is shortened.
        let fewest: Int
        let name: Int
        let type: Int
        let isText: Bool
        /// For the beginning of its type that is shown at least.
        let leastType: Int
        let rank: Int

        init(_ column: Results.Column, cells: Int, name: Int, type: Int, mostText: Int?) {
            self.cells = cells
            self.name = name
            let isWhole = column.isAllOrNothing
            let most = max(1, isWhole ? cells : min(cells, mostText ?? cells))
            content = max(most, min(name, max(most, mostText ?? name)))
            fewest = isWhole ? most : min(most, narrowestText)
            self.type = type
            isText = !isWhole
            rank = column.rank
            leastType = column.isScalar ? type : min(type, narrowestNestedType)
        }

        /// With the whole name, and so much text that one can tell what it is.
        var readable: Int { max(min(content, name), isText ? min(content, readableText) : fewest, 1) }

        /// The least width with so much of the name, and the type if it is to be shown.
        func least(name part: Int, showsType: Bool) -> Int {
            max(fewest, min(name, part), showsType ? leastType : 0, 1)
        }
    }

    /// Type names longer than this do not widen their column.
    private static let widestType = 24
    private static let narrowestNestedType = 12
    private static let narrowestText = 8
    /// What is kept of a text as long as that costs only a column that may go.
    private static let readableText = 12
    /// What is kept of a name as long as that costs no column, and at least.
    private static let readableName = 9
    private static let narrowestName = 4
    /// Left border, blanks and separators: 3 for each column and 1.
    private static let overhead = 3

    private(set) var columns: [Column] = []
    /// The names as they fit their columns.
    private(set) var names: [[UInt8]] = []
    private(set) var showsTypes: Bool
    /// Not even the first column fits.
    private(set) var isTooNarrow = false
    private(set) var omissions = Omissions()

    init(
        _ columns: [Results.Column], header: GridHeader, widths: [ColumnWidth], hiddenRows: Int, options: FormatOptions
    ) {
        showsTypes = header.hasTypes
        // Without the line of types, the zone stands behind the name.
        let zones = header.zones.map { $0.map { " (\($0))" } ?? "" }
        func needs(zonesInNames: Bool) -> [Need] {
            columns.indices.map { index in
                let zone = zonesInNames ? zones[index].count : 0
                return Need(
                    columns[index], cells: widths[index].width, name: header.nameWidths[index] + zone,
                    type: min(header.typeWidths[index], Self.widestType), mostText: options.maxCellWidth)
            }
        }
        let all = Array(columns.indices)
        var fitting = Fitting(needs: needs(zonesInNames: !showsTypes), chosen: all, showsTypes: showsTypes)
        if let terminal = options.width {
            fitting.fit(terminal)
            if showsTypes, !fitting.showsTypes {
                fitting = Fitting(needs: needs(zonesInNames: true), chosen: all, showsTypes: false)
                fitting.fit(terminal)
            }
        }
        showsTypes = fitting.showsTypes
        isTooNarrow = fitting.isTooNarrow
        omissions.hiddenColumns = columns.count - fitting.chosen.count
        omissions.hiddenRows = hiddenRows
        place(columns, widths, fitting)
        if hiddenRows > 0 { widen(for: GridLayout.note(hidden: hiddenRows), options.width) }
        name(header, zones: showsTypes ? [] : zones)
    }

    /// The columns that the whole table takes.
    var totalWidth: Int { columns.reduce(1) { $0 + $1.width + Self.overhead } }

    /// What stands between the first and the last rows.
    static func note(hidden: Int) -> String { "… \(Quantity.grouped(hidden)) more" }

    private mutating func place(_ all: [Results.Column], _ cells: [ColumnWidth], _ fitting: Fitting) {
        for (index, source) in fitting.chosen.enumerated() {
            if index > 0, (fitting.chosen[index - 1] + 1..<source).contains(where: { !fitting.gone.contains($0) }) {
                columns.append(Column(source: -1, width: 1, alignsRight: false, isPlain: false))
            }
            let (width, needed) = (fitting.widths[index], cells[source])
            if needed.width > width { omissions.shortenedCells = true }
            var column = Column(
                source: source, width: width, alignsRight: all[source].alignsRight,
                isPlain: needed.isPlain && needed.width <= width)
            if let timestamps = needed.timestamps { (column.isTimestamp, column.timestamps) = (true, timestamps) }
            columns.append(column)
        }
    }

    /// A narrow table gets as wide as the note between its rows, if the terminal is.
    private mutating func widen(for note: String, _ terminal: Int?) {
        let wanted = min(DisplayWidth.of(note) + 4, terminal ?? Int.max)
        let missing = wanted - totalWidth
        if missing > 0, let last = columns.indices.last { columns[last].width += missing }
    }

    private mutating func name(_ header: GridHeader, zones: [String]) {
        names = header.names.map { _ in [] }
        let shown = columns.filter { $0.source >= 0 }
        func zone(_ column: Column) -> String {
            let zone = zones.isEmpty ? "" : zones[column.source]
            // A zone is worth less than a name that can be told from others.
            return zone.count + Self.narrowestName <= column.width ? zone : ""
        }
        let cut = ShortNames.fitted(
            shown.map { header.names[$0.source] }, shown.map { $0.width - zone($0).count })
        for (column, name) in zip(shown, cut) {
            names[column.source] = Array((name + zone(column)).utf8)
            if name != header.names[column.source] { omissions.shortenedNames = true }
        }
    }

    // MARK: Fitting

    /// Which columns are shown, how wide, and whether with their types.
    private struct Fitting {
        private let needs: [Need]
        private(set) var chosen: [Int]
        private(set) var widths: [Int]
        private(set) var showsTypes: Bool
        private(set) var isTooNarrow = false
        /// Columns that have gone because of their rank, without leaving a gap.
        private(set) var gone: Set<Int> = []

        /// Everything has the room it wants.
        init(needs: [Need], chosen: [Int], showsTypes: Bool) {
            self.needs = needs
            self.chosen = chosen
            self.showsTypes = showsTypes
            widths = needs.map { max($0.content, showsTypes ? $0.type : 0) }
        }

        mutating func fit(_ terminal: Int) {
            guard widths.reduce(1, { $0 + $1 + overhead }) > terminal else { return }
            leaveOutByRank(terminal)
            if shrink(to: terminal - 1 - overhead * chosen.count) { return }
            let before = chosen.count
            leaveOut(terminal)
            let gap = chosen.count < before ? overhead + 1 : 0
            if !shrink(to: terminal - 1 - gap - overhead * chosen.count) { isTooNarrow = true }
        }

        /// Shortens names and text so that the chosen columns take `room`.
        private mutating func shrink(to room: Int) -> Bool {
            let contents = chosen.map { needs[$0].content }
            func take(_ floors: [Int], withTypes: Bool) -> Bool {
                guard floors.reduce(0, +) <= room else { return false }
                let wanted = chosen.indices.map {
                    max(contents[$0], floors[$0], withTypes ? needs[chosen[$0]].type : 0)
                }
                widths = Self.level(wanted, floors: floors, room: room)
                showsTypes = withTypes
                return true
            }
            // Nothing is shortened so that a type can stand there.
            if contents.reduce(0, +) <= room {
                let withTypes = zip(contents, chosen).map { max($0, needs[$1].leastType) }
                return showsTypes && take(withTypes, withTypes: true) || take(contents, withTypes: false)
            }
            for name in [readableName, narrowestName, 1] {
                for withTypes in [true, false] where showsTypes || !withTypes {
                    let floors = chosen.map { needs[$0].least(name: name, showsType: withTypes) }
                    if take(floors, withTypes: withTypes) { return true }
                }
            }
            // A single column of text is as wide as there is room.
            return chosen.count == 1 && needs[chosen[0]].isText && room >= 1 && take([1], withTypes: false)
        }

        /// The widths when the widest columns are cut to one level, the highest that fits. What rounding leaves of the room goes
        /// to the first columns that would like more.
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
            var result = widths(at: low)
            var spare = room - result.reduce(0, +)
            for index in result.indices where spare > 0 && result[index] < contents[index] {
                result[index] += 1
                spare -= 1
            }
            return result
        }

        /// Columns go that may, until the others can be read.
        private mutating func leaveOutByRank(_ terminal: Int) {
            while let highest = chosen.map({ needs[$0].rank }).max(), highest > 0,
                chosen.reduce(1, { $0 + needs[$1].readable + overhead }) > terminal
            {
                let rest = chosen.filter { needs[$0].rank < highest }
                if rest.isEmpty { return }
                gone.formUnion(chosen.filter { needs[$0].rank == highest })
                chosen = rest
            }
        }

        /// The middle columns go, the first and the last stay.
        private mutating func leaveOut(_ terminal: Int) {
            let widths = chosen.map { needs[$0].least(name: readableName, showsType: false) }
            let count = chosen.count
            // The gap takes one column and its overhead, the first column whatever there is.
            var room = terminal - 1 - (count > 1 ? overhead + 1 : 0)
            room -= widths[0] + overhead
            var front = 1
            var back = 0
            while front + back < count {
                let next = back < front ? count - 1 - back : front
                guard widths[next] + overhead <= room else { break }
                room -= widths[next] + overhead
                if back < front { back += 1 } else { front += 1 }
            }
            chosen = chosen.prefix(front) + chosen.suffix(back)
        }
    }
}
