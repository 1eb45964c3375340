import Results

/// Sums up a column from its rows as they pass, in bounded memory: exact while they are few, from a sample of them when they are
/// many.
struct ColumnSurvey {
    private let family: ColumnSummary.Family
    /// How many values the sample holds at most.
    private let room: Int
    private var nulls = 0
    private var seen = 0
    private var distinct = DistinctCount()
    private var least: (order: Double, text: String)?
    private var greatest: (order: Double, text: String)?
    private var sample: [(order: Double, text: String)] = []
    private var axis = TimeAxis(hasTime: true)
    private var random = SystemRandomNumberGenerator()

    /// - Parameter columns: how many columns share the memory.
    init(_ column: Column, columns: Int) {
        family = ColumnSummary.Family(column)
        room = min(20_000, max(1_000, 1_000_000 / max(1, columns)))
    }

    /// Takes in a column of some rows.
    mutating func add(_ store: ResultStore, _ column: Int) {
        for row in 0..<store.rowCount {
            guard let cell = store.cell(row, column) else {
                nulls += 1
                continue
            }
            seen += 1
            distinct.add(cell)
            add(cell)
        }
    }

    private mutating func add(_ cell: UnsafeBufferPointer<UInt8>) {
        switch family {
        case .opaque: return
        case .ordered:
            // Bytes of UTF-8 are in the order of the characters.
            if least.map({ cell.lexicographicallyPrecedes($0.text.utf8) }) ?? true { least = (0, text(cell)) }
            if greatest.map({ $0.text.utf8.lexicographicallyPrecedes(cell) }) ?? true { greatest = (0, text(cell)) }
        case .number, .time:
            let text = text(cell)
            let order = family == .time ? axis.add(text) : Double(text) ?? .nan
            guard !order.isNaN else { return }
            if least.map({ order < $0.order }) ?? true { least = (order, text) }
            if greatest.map({ order > $0.order }) ?? true { greatest = (order, text) }
            keep((order, text))
        }
    }

    private func text(_ cell: UnsafeBufferPointer<UInt8>) -> String { String(decoding: cell, as: UTF8.self) }

    /// Each value has the same chance to be in the sample (Vitter, "Random sampling with a reservoir", 1985, algorithm R).
    private mutating func keep(_ value: (order: Double, text: String)) {
        if sample.count < room { return sample.append(value) }
        let place = Int.random(in: 0..<seen, using: &random)
        if place < room { sample[place] = value }
    }

    /// Whether nothing in it is estimated.
    var isExact: Bool { distinct.isExact && (sample.count < room || sample.count == seen) }

    var summary: ColumnSummary {
        let sorted = sample.sorted { $0.order < $1.order }
        var summary = ColumnSummary(nulls: nulls, distinct: family == .opaque ? nil : distinct.count)
        summary.min = least?.text
        summary.max = greatest?.text
        guard sorted.count > 0 else { return summary }
        // All of few values, or as many as a histogram can use.
        let count = 4 * 250
        summary.quantiles = (0...count).map { sorted[($0 * (sorted.count - 1) + count / 2) / count].text }
        return summary
    }
}
