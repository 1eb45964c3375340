/// The rows a reader will see: all of them, or the first and the last when there is a limit.
///
/// Stores that lie wholly between the two are let go as soon as that is sure, so a long result takes no more memory
/// than its ends. Without a limit, what goes beyond a budget of memory waits in a temporary file.
struct KeptRows {
    /// Rows of one store that stand together.
    struct Slice {
        let store: ResultStore
        let rows: Range<Int>
        /// The facts of the store hold for the slice, since it is all of it.
        var isWhole: Bool { rows.count == store.rowCount }
    }

    private enum Place {
        case memory(ResultStore)
        case file(StoreFile.Position)

        var rowCount: Int {
            switch self {
            case .memory(let store): store.rowCount
            case .file(let position): position.rowCount
            }
        }
    }

    /// Rows that are kept of each end.
    private let first: Int
    private let last: Int
    private let isLimited: Bool
    /// Rows that are shown when there is a gap.
    private var shown: Int
    /// Rows that are all shown.
    private var mostWithoutGap: Int
    private let spill: SpillOptions
    private var places: [(place: Place, start: Int)] = []
    private var file: StoreFile?
    private var memory = 0
    private(set) var total = 0

    /// - Parameter gapCounts: what is said in the gap takes the place of a row.
    init(limit: Int?, gapCounts: Bool = false, spill: SpillOptions = SpillOptions()) {
        isLimited = limit != nil
        let limit = max(0, limit ?? 0)
        first = (limit + 1) / 2
        last = limit / 2
        mostWithoutGap = limit
        shown = gapCounts ? max(1, limit - 1) : limit
        self.spill = spill
    }

    /// - Throws: `SpillError`.
    mutating func add(_ store: ResultStore) throws {
        guard store.rowCount > 0 else { return }
        places.append((try place(for: store), total))
        total += store.rowCount
        guard isLimited else { return }
        places.removeAll { kept in
            kept.start >= first && total - (kept.start + kept.place.rowCount) >= last
        }
    }

    /// Shows fewer rows than it was made for, if all do not fit.
    mutating func show(atMost rows: Int) {
        precondition(isLimited, "rows that are not limited are shown")
        shown = max(1, min(shown, rows))
        mostWithoutGap = min(mostWithoutGap, shown)
    }

    /// Rows that stand here in the result but were not even fetched.
    mutating func skip(_ rows: Int) { total += rows }

    private mutating func place(for store: ResultStore) throws -> Place {
        if isLimited || memory + store.memory <= spill.memoryLimit {
            memory += store.memory
            return .memory(store)
        }
        let file = try self.file ?? StoreFile(directory: spill.directory)
        self.file = file
        return .file(try file.append(store))
    }

    var isEmpty: Bool { total == 0 }

    /// Rows that are not shown.
    var hidden: Int { isLimited && total > mostWithoutGap ? total - min(shown, total) : 0 }

    /// The rows before the gap, and those behind it; none when there is no gap.
    private var head: Range<Int> { 0..<(hidden > 0 ? (shown + 1) / 2 : total) }
    private var tail: Range<Int> { hidden > 0 ? total - shown / 2..<total : total..<total }

    /// Calls `body` with the rows before the gap, in order.
    /// - Throws: `SpillError`, and what `body` throws.
    func forEachOfHead(_ body: (Slice) throws -> Void) throws { try forEach(in: head, body) }

    /// Calls `body` with the rows behind the gap.
    func forEachOfTail(_ body: (Slice) throws -> Void) throws { try forEach(in: tail, body) }

    private func forEach(in wanted: Range<Int>, _ body: (Slice) throws -> Void) throws {
        for kept in places {
            let here = wanted.clamped(to: kept.start..<kept.start + kept.place.rowCount)
            guard !here.isEmpty else { continue }
            try body(
                Slice(
                    store: try store(at: kept.place), rows: here.lowerBound - kept.start..<here.upperBound - kept.start)
            )
        }
    }

    private func store(at place: Place) throws -> ResultStore {
        switch place {
        case .memory(let store): return store
        case .file(let position):
            guard let file else { preconditionFailure("a position without its file") }
            return try file.read(position)
        }
    }
}

/// How much of a result that must be seen whole before it can be drawn is held in memory, and where the rest waits.
package struct SpillOptions: Sendable, Equatable {
    /// Bytes of stores in memory.
    package var memoryLimit: Int
    /// Where the temporary file is made.
    package var directory: String

    /// Options; 8 MiB in memory by default.
    package init(memoryLimit: Int = 8 << 20, directory: String = "/tmp") {
        self.memoryLimit = memoryLimit
        self.directory = directory
    }
}
