import Results

/// What comes next of a result.
package enum ResultBatch: Sendable {
    case rows(ResultStore)
    /// So many rows that were not fetched.
    case skipped(Int)
}
