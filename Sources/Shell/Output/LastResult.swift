import Databricks
import Results

/// The last result, to be drawn again (`.last`) or written to a file (`.export`).
///
/// Its rows are kept up to a limit of memory. A larger result of a statement is fetched again from the service, which
/// keeps it for an hour; a larger result of anything else does not exist (a command's has 2 MB at most).
final class LastResult {
    /// Bytes of rows that are kept.
    static let memoryLimit = 16 << 20

    /// Of a result that is not kept, rows that are.
    private static let headRows = 200

    struct Content {
        let columns: [Column]
        /// All rows, when they are kept.
        var rows: [ResultStore]?
        /// The first rows, of a result that is not kept.
        var head: [ResultStore] = []
        /// The statement's result, to be fetched again.
        let statement: StatementResult?
        /// The statement's text, to be run again in another format.
        let text: String?
        let isTruncated: Bool

        /// Every row once more.
        func batches() -> ResultRows {
            ResultRows(kept: rows ?? [], fetched: rows == nil ? statement?.batches() : nil)
        }
    }

    private(set) var content: Content?
    private var coming: Content?
    /// Records the results of the running cell.
    var log: SessionLog?
    private var logged: LoggedTable?
    private var memory = 0

    /// A new result begins.
    func begin(_ columns: [Column], statement: StatementResult? = nil, text: String? = nil, isTruncated: Bool = false) {
        coming = Content(
            columns: columns, rows: [], statement: statement, text: text,
            isTruncated: isTruncated || statement?.truncated == true)
        memory = 0
        let table = LoggedTable(
            columns, isTruncated: isTruncated || statement?.truncated == true, byteCount: statement?.totalByteCount,
            totalRows: statement?.totalRowCount)
        log?.add(.table(table))
        logged = table
        // The previous one is not needed any more; keeping both would double the memory.
        content = nil
    }

    func add(_ store: ResultStore) {
        logged?.add(store)
        guard coming?.rows != nil else { return }
        memory += store.memory
        if memory > Self.memoryLimit, coming?.statement != nil {
            keepHead()
        } else {
            coming?.rows?.append(store)
        }
    }

    /// Rows were skipped: none are kept.
    func skip(_ count: Int) {
        logged?.skip(count)
        keepHead()
    }

    /// Forgets the rows but for those that a window shows.
    private func keepHead() {
        if let first = coming?.rows?.first { coming?.head = [first.first(Self.headRows)] }
        coming?.rows = nil
    }

    /// The result has ended, or ended early: what is available of it is the last result.
    func end() {
        if let coming { content = coming }
        coming = nil
    }

    /// The result ended early. A statement's can be fetched again.
    /// - Parameter isKept: false when it came in a form that cannot be drawn.
    func breakOff(isKept: Bool = true) {
        coming?.rows = nil
        if coming?.statement != nil, isKept { end() } else { coming = nil }
    }
}

/// The rows of a result, kept or fetched again.
nonisolated struct ResultRows: AsyncSequence, Sendable {
    typealias Element = ResultStore
    typealias Failure = any Error

    let kept: [ResultStore]
    let fetched: StatementBatches?

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(kept: kept[...], fetched: fetched?.makeAsyncIterator()) }

    struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate var kept: ArraySlice<ResultStore>
        fileprivate var fetched: StatementBatches.AsyncIterator?

        mutating func next() async throws -> ResultStore? {
            if let store = kept.popFirst() { return store }
            return try await fetched?.next()
        }
    }
}
