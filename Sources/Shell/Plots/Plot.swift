import Results
import Text

/// A drawing of a result's columns, as gnuplot's own language: `.plot`.
struct Plot {
    enum Kind: String, CaseIterable {
        case line, bar, scatter, hist
    }

    /// What gnuplot draws for.
    enum Device: Equatable {
        case text(columns: Int, rows: Int, color: Bool)
        case png(width: Int, height: Int)
        case svg

        var command: String {
            switch self {
            case .text(let columns, let rows, let color):
                "set terminal dumb size \(columns),\(rows) \(color ? "ansi" : "mono")"
            case .png(let width, let height): "set terminal pngcairo size \(width),\(height) noenhanced"
            case .svg: "set terminal svg size 800,600 noenhanced background rgb 'white'"
            }
        }

        /// About how many characters stand side by side along the horizontal axis.
        var charactersAcross: Int {
            switch self {
            case .text(let columns, _, _): columns - 12
            case .png(let width, _): (width - 120) / 9
            case .svg: 75
            }
        }

        /// How many bars stand side by side: in text each is two characters wide or more, with a gap; pixels are many.
        var barsAcross: Int {
            if case .text = self { max(1, charactersAcross / 3) } else { Int.max }
        }
    }

    /// How the values of the horizontal axis are read.
    enum Axis { case row, number, time, name }

    let kind: Kind
    let x: Int?
    let ys: [Int]
    let columns: [Column]
    let axis: Axis
    /// The rows that are drawn, tab-separated, as gnuplot reads them.
    private(set) var data = ""
    private(set) var rowCount = 0
    private(set) var time: TimeAxis
    /// Characters of the longest name along the horizontal axis.
    private(set) var longestName = 0
    /// Values of the one column of a histogram.
    private(set) var values: [Double] = []

    /// - Parameters:
    ///   - names: the column of the horizontal axis and those of the vertical one; what is left out is chosen.
    /// - Throws: `UsageError` when a column does not exist or cannot be drawn.
    init(_ kind: Kind, _ names: [String], of columns: [Column]) throws {
        let chosen = try names.map { try Self.find($0, in: columns) }
        let numeric = columns.indices.filter { Self.isNumeric(columns[$0]) }
        func checked(_ ys: [Int]) throws -> [Int] {
            if let text = ys.first(where: { !numeric.contains($0) }) {
                throw UsageError("column \(columns[text].name) is \(columns[text].typeText), and no number to plot")
            }
            guard !ys.isEmpty else {
                throw UsageError("the result has no column of numbers to plot", hint: ".last shows it")
            }
            return ys
        }
        self.kind = kind
        self.columns = columns
        switch (kind, chosen.count) {
        case (.hist, _):
            x = nil
            ys = try checked(Array((chosen.isEmpty ? Array(numeric.prefix(1)) : chosen).prefix(1)))
        case (_, 0):
            // The first column, unless it is all there is, against the numbers after it.
            x = columns.count > 1 ? 0 : nil
            ys = try checked(numeric.filter { $0 != (columns.count > 1 ? 0 : -1) })
        case (_, 1):
            x = nil
            ys = try checked(chosen)
        default:
            x = chosen[0]
            ys = try checked(Array(chosen.dropFirst()))
        }
        time = TimeAxis(hasTime: x.map { columns[$0].kind == .timestamp } ?? false)
        axis =
            if let x {
                switch columns[x].kind {
                case .date, .timestamp: kind == .bar ? .name : .time
                case .integer, .decimal, .float: kind == .bar ? .name : .number
                default: .name
                }
            } else { .row }
    }

    private static func find(_ name: String, in columns: [Column]) throws -> Int {
        if let exact = columns.firstIndex(where: { $0.name == name }) { return exact }
        let same = columns.indices.filter { columns[$0].name.lowercased() == name.lowercased() }
        if same.count == 1 { return same[0] }
        let near = Spelling.nearest(to: name, among: columns.map(\.name))
        throw UsageError(
            "the result has no column \(name)",
            hint: near.isEmpty
                ? "it has \(columns.map(\.name).joined(separator: ", "))"
                : "did you mean \(near.joined(separator: " or "))?")
    }

    private static func isNumeric(_ column: Column) -> Bool {
        switch column.kind {
        case .integer, .decimal, .float: true
        default: false
        }
    }

    /// Takes in rows.
    mutating func add(_ store: ResultStore) {
        for row in 0..<store.rowCount {
            rowCount += 1
            if kind == .hist {
                if let value = number(store, row, ys[0]) { values.append(value) }
                continue
            }
            let axisField = axisField(store, row)
            longestName = max(longestName, DisplayWidth.of(axisField) - (axis == .name ? 2 : 0))
            var fields = [axisField]
            for y in ys { fields.append(number(store, row, y).map { "\($0)" } ?? "NaN") }
            data += fields.joined(separator: "\t") + "\n"
        }
    }

    private mutating func timeField(_ store: ResultStore, _ row: Int) -> String {
        let value = x.flatMap { text(store, row, $0) } ?? "NULL"
        time.add(value)
        return Self.quoted(value)
    }

    private mutating func axisField(_ store: ResultStore, _ row: Int) -> String {
        switch axis {
        case .row: "\(rowCount)"
        case .number: x.flatMap { number(store, row, $0) }.map { "\($0)" } ?? "NaN"
        case .time: timeField(store, row)
        case .name: Self.quoted(x.flatMap { text(store, row, $0) } ?? "NULL")
        }
    }

    private func text(_ store: ResultStore, _ row: Int, _ column: Int) -> String? {
        store.cell(row, column).map { String(decoding: $0, as: UTF8.self) }
    }

    /// A finite number; nil for NULL, NaN and infinities, which have no place on an axis.
    private func number(_ store: ResultStore, _ row: Int, _ column: Int) -> Double? {
        text(store, row, column).flatMap { Double($0) }.flatMap { $0.isFinite ? $0 : nil }
    }

    /// A field of gnuplot's data: no quotes, tabs or control characters in it.
    private static func quoted(_ text: String) -> String {
        let plain = Sanitizer.oneLine(text).replacing("\"", with: "'").replacing("\\", with: "/").replacing(
            "\t", with: " ")
        return "\"\(plain.count > 40 ? plain.prefix(39) + "…" : plain)\""
    }
}
