import Results

/// A result as the session remembers it: its columns, how many rows it had, and the first of them.
final class LoggedTable {
    /// Rows of one result kept beyond its first batch, at most.
    private static let mostBytes = 8 << 20

    let columns: [Column]
    private(set) var rowCount = 0
    private(set) var stores: [ResultStore] = []
    /// Every row is here.
    private(set) var isWhole = true
    /// The service cut it short.
    let isTruncated: Bool
    /// Its bytes, in the service's own count, and its rows, when the service said so.
    let byteCount: Int?
    private let totalRows: Int?

    init(_ columns: [Column], isTruncated: Bool = false, byteCount: Int? = nil, totalRows: Int? = nil) {
        self.columns = columns
        self.isTruncated = isTruncated
        self.byteCount = byteCount
        self.totalRows = totalRows
    }

    /// How many rows it has, also when they did not pass here one by one.
    var size: Int { totalRows ?? rowCount }

    var memory: Int { stores.reduce(0) { $0 + $1.memory } }

    func add(_ store: ResultStore) {
        rowCount += store.rowCount
        guard isWhole, stores.isEmpty || memory + store.memory <= Self.mostBytes else {
            isWhole = false
            return
        }
        stores.append(store)
    }

    /// Counts rows that were not fetched, because they would not be shown.
    func skip(_ count: Int) {
        rowCount += count
        isWhole = false
    }

    /// Drops the rows; their count stays.
    func dropRows() {
        isWhole = isWhole && rowCount == 0
        stores = []
    }

    /// The first rows, as text, at most `count`.
    func rows(_ count: Int) -> [[String?]] {
        var rows: [[String?]] = []
        for store in stores {
            for row in 0..<store.rowCount where rows.count < count {
                rows.append(columns.indices.map { store.text(row, $0) })
            }
        }
        return rows
    }
}
