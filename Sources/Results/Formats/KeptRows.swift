/// The rows a reader will see: all of them, or the first and the last when there is a limit.
///
/// Stores that lie wholly between the two are let go as soon as that is sure, so a long result takes no more memory
/// than its ends.
struct KeptRows {
    /// Rows of one store that stand together.
    struct Slice {
        let store: ResultStore
        let rows: Range<Int>
        /// The facts of the store hold for the slice, since it is all of it.
        var isWhole: Bool { rows.count == store.rowCount }
    }

    private let first: Int
    private let last: Int
    private let isLimited: Bool
    private var stores: [(store: ResultStore, start: Int)] = []
    private(set) var total = 0

    init(limit: Int?) {
        isLimited = limit != nil
        let limit = max(0, limit ?? 0)
        first = (limit + 1) / 2
        last = limit / 2
    }

    mutating func add(_ store: ResultStore) {
        guard store.rowCount > 0 else { return }
        stores.append((store, total))
        total += store.rowCount
        guard isLimited else { return }
        stores.removeAll { kept in
            kept.start >= first && total - (kept.start + kept.store.rowCount) >= last
        }
    }

    /// Rows that are not shown.
    var hidden: Int { isLimited ? max(0, total - first - last) : 0 }

    /// The rows before the gap.
    var head: [Slice] { slices(in: 0..<(hidden > 0 ? first : total)) }

    /// The rows behind the gap; none when there is no gap.
    var tail: [Slice] { hidden > 0 ? slices(in: total - last..<total) : [] }

    private func slices(in wanted: Range<Int>) -> [Slice] {
        stores.compactMap { kept in
            let here = wanted.clamped(to: kept.start..<kept.start + kept.store.rowCount)
            guard !here.isEmpty else { return nil }
            return Slice(store: kept.store, rows: here.lowerBound - kept.start..<here.upperBound - kept.start)
        }
    }
}

/// A count as a reader likes it: `39,960`.
func grouped(_ count: Int) -> String {
    let digits = Array(String(count).utf8)
    var text: [UInt8] = []
    for (index, digit) in digits.enumerated() {
        if index > 0, (digits.count - index) % 3 == 0, digits[index - 1] != 0x2D { text.append(0x2C) }
        text.append(digit)
    }
    return String(decoding: text, as: UTF8.self)
}
