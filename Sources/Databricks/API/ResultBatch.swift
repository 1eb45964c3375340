import Results

/// What comes next of a result.
package enum ResultBatch: Sendable {
    case rows(ResultStore)
    /// Rows as they were asked for, in the syntax of a format.
    case text(RowText)
    /// So many rows that were not fetched.
    case skipped(Int)

    package var rowCount: Int {
        switch self {
        case .rows(let store): store.rowCount
        case .text(let text): text.rowCount
        case .skipped(let count): count
        }
    }

    /// Bytes of memory held.
    var memory: Int {
        switch self {
        case .rows(let store): store.memory
        case .text(let text): text.memory
        case .skipped: 0
        }
    }
}
