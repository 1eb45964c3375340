import Results
import Text

/// What a column holds, in a few numbers: a row of `.summary`.
struct ColumnSummary: Equatable {
    var nulls: Int
    /// How many different values; nil for types that cannot be compared.
    var distinct: Int?
    var min: String?
    var max: String?
    /// Values at equal steps through all of them in order, the smallest and the largest included.
    var quantiles: [String] = []

    /// The families of types that are summed up alike.
    enum Family {
        case number, time, ordered, opaque

        init(_ column: Column) {
            self =
                switch column.kind {
                case .integer, .decimal, .float: .number
                case .date, .timestamp: .time
                case .boolean, .text: .ordered
                case .interval, .binary, .array, .map, .structure, .variant, .null, .other: .opaque
                }
        }
    }

    /// The columns of the table that shows it.
    static let columns: [Column] =
        [
            .text("column"), .text("type").leaving(3), .number("nulls").leaving(1), .number("distinct").leaving(2),
            .whole("min"), .whole("q25").leaving(6), .whole("median").leaving(5), .whole("q75").leaving(6),
            .whole("max"), .text("histogram").leaving(4),
        ]

    /// The rows of that table.
    /// - Parameter isForReading: a person reads it, for whom long values are shortened: texts are not to take the room that numbers
    ///   and times need.
    static func rows(of columns: [Column], _ summaries: [ColumnSummary], isForReading: Bool) -> [[String?]] {
        var rows = zip(columns, summaries).map { $1.row(of: $0, isForReading: isForReading) }
        guard isForReading else { return rows }
        let isText = columns.map { Family($0) == .ordered || Family($0) == .opaque }
        var most = shortestText
        if !isText.contains(false) { most = longestText }
        for row in rows.indices where !isText[row] {
            for place in valuePlaces { most = Swift.max(most, rows[row][place]?.count ?? 0) }
        }
        for row in rows.indices where isText[row] {
            for place in valuePlaces { rows[row][place] = rows[row][place].map { TextPlot.cut($0, to: most) } }
        }
        return rows
    }

    /// Where the least value, the quartiles and the greatest stand in a row.
    private static let valuePlaces = 4...8
    private static let shortestText = 12
    private static let longestText = 30

    /// - Parameter isForReading: as for `rows`.
    func row(of column: Column, isForReading: Bool) -> [String?] {
        let family = Family(column)
        func shown(_ text: String?) -> String? {
            guard let text else { return nil }
            if family == .time { return Self.time(text) }
            guard isForReading else { return text }
            if column.kind == .float { return Double(text).map { $0.isFinite ? AxisTicks.value($0) : text } ?? text }
            return family == .number ? text : TextPlot.cut(text, to: Self.longestText)
        }
        let quartiles = [1, 2, 3].map { quantiles.isEmpty ? nil : quantiles[$0 * (quantiles.count - 1) / 4] }
        return [column.name, column.typeText.lowercased(), "\(nulls)", distinct.map { "\($0)" }, shown(min)]
            + quartiles.map(shown) + [shown(max), histogram(family)]
    }

    /// As SQL writes it: no zeros of a second, no `T`.
    private static func time(_ text: String) -> String {
        var text = text.count > 10 ? String(text.prefix(10)) + " " + text.dropFirst(11) : text
        if text.hasSuffix("Z") { text.removeLast() }
        guard text.contains("."), !text.contains("+") else { return text }
        while text.last == "0" { text.removeLast() }
        if text.last == "." { text.removeLast() }
        return text
    }

    // MARK: The small histogram

    private static let bins = 8
    private static let levels: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

    /// How the values are spread between the smallest and the largest; nil for what has no distances.
    private func histogram(_ family: Family) -> String? {
        var axis = TimeAxis(hasTime: true)
        let values: [Double] =
            switch family {
            case .number: quantiles.compactMap { Double($0) }.filter(\.isFinite)
            case .time: quantiles.map { axis.add($0) }.filter { !$0.isNaN }
            case .ordered, .opaque: []
            }
        guard let low = values.min(), let high = values.max(), low < high else { return nil }
        var counts = [Int](repeating: 0, count: Self.bins)
        for value in values {
            let share = (value / 2 - low / 2) / (high / 2 - low / 2)
            counts[Swift.min(Self.bins - 1, Int(share * Double(Self.bins)))] += 1
        }
        let most = counts.max() ?? 1
        return String(counts.map { $0 == 0 ? " " : Self.levels[($0 * 7 + most - 1) / most] })
    }
}
