import Results
import Text

/// A drawing of a result's columns: `.plot`. In text it is drawn here, in pixels by gnuplot.
struct Plot {
    enum Kind: String, CaseIterable {
        case line, bar, scatter, hist
    }

    /// What gnuplot draws for.
    enum Device: Equatable {
        case png(width: Int, height: Int)
        case svg

        var command: String {
            switch self {
            case .png(let width, let height): "set terminal pngcairo size \(width),\(height) noenhanced"
            case .svg: "set terminal svg size 800,600 noenhanced background rgb 'white'"
            }
        }

        /// About how many characters stand side by side along the horizontal axis.
        var charactersAcross: Int {
            switch self {
            case .png(let width, _): (width - 120) / 9
            case .svg: 75
            }
        }
    }

    /// How the values of the horizontal axis are read.
    enum Axis { case row, number, time, name }

    let kind: Kind
    let x: Int?
    let ys: [Int]
    let columns: [Column]
    let axis: Axis
    private(set) var rowCount = 0
    private(set) var time: TimeAxis
    /// Where each row is on the horizontal axis, as it is written there; of rows and numbers none are kept.
    private(set) var names: [String] = []
    /// Where each row is on the horizontal axis: numbers, seconds, or how many rows came before.
    private(set) var xs: [Double] = []
    /// The numbers of each column of `ys`; NaN where there is none that can be drawn.
    private(set) var series: [[Double]]
    /// Characters of the longest name along the horizontal axis.
    private(set) var longestName = 0
    /// Values of the one column of a histogram.
    private(set) var values: [Double] = []

    /// - Parameters:
    ///   - kind: nil is bars for what has names, else lines.
    ///   - names: the column of the horizontal axis and those of the vertical one; what is left out is chosen.
    /// - Throws: `UsageError` when a column does not exist or cannot be drawn.
    init(_ kind: Kind?, _ names: [String], of columns: [Column]) throws {
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
        series = ys.map { _ in [] }
        let natural = x.map { Self.axis(of: columns[$0]) } ?? .row
        self.kind = kind ?? (natural == .name ? .bar : .line)
        axis = self.kind == .bar && x != nil ? .name : natural
    }

    private static func axis(of column: Column) -> Axis {
        switch column.kind {
        case .date, .timestamp: .time
        case .integer, .decimal, .float: .number
        default: .name
        }
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

    /// Whether a column can hold only whole numbers, so that no scale of it has halves.
    func isWhole(_ column: Int) -> Bool {
        let column = columns[column]
        return column.kind == .integer || column.kind == .decimal && column.typeText.hasSuffix(",0)")
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
            place(store, row)
            for (index, y) in ys.enumerated() { series[index].append(number(store, row, y) ?? .nan) }
        }
    }

    private mutating func place(_ store: ResultStore, _ row: Int) {
        func name() -> String { Self.plain(x.flatMap { text(store, row, $0) } ?? "NULL") }
        switch axis {
        case .row: xs.append(Double(rowCount))
        case .number: xs.append(x.flatMap { number(store, row, $0) } ?? .nan)
        case .time:
            names.append(name())
            xs.append(time.add(names[rowCount - 1]))
        case .name:
            names.append(name())
            xs.append(Double(rowCount - 1))
            longestName = max(longestName, DisplayWidth.of(names[rowCount - 1]))
        }
    }

    private func text(_ store: ResultStore, _ row: Int, _ column: Int) -> String? {
        store.cell(row, column).map { String(decoding: $0, as: UTF8.self) }
    }

    /// A finite number; nil for NULL, NaN and infinities, which have no place on an axis.
    private func number(_ store: ResultStore, _ row: Int, _ column: Int) -> Double? {
        text(store, row, column).flatMap { Double($0) }.flatMap { $0.isFinite ? $0 : nil }
    }

    /// A name on one line, and not too long.
    private static func plain(_ text: String) -> String {
        let plain = Sanitizer.oneLine(text)
        return plain.count > 40 ? plain.prefix(39) + "…" : plain
    }
}
