/// Why the bytes of a response could not be read as rows.
package enum ScanError: Error, Equatable, CustomStringConvertible {
    /// Not JSON, or not the JSON of a response; `offset` counts bytes from the start.
    case malformed(offset: Int, reason: String)
    /// Row `row` (from 0) has more cells than there are columns.
    case longRow(row: Int, columns: Int)
    /// The cells of one response take 2 GiB or more.
    case tooLarge(limit: Int)
    /// The bytes ended in the middle of the document.
    case truncated(byteCount: Int)

    package var description: String {
        switch self {
        case .malformed(let offset, let reason): "malformed response: \(reason) at byte \(offset)"
        case .longRow(let row, let columns):
            "row \(row + 1) has more cells than the \(columns) column\(columns == 1 ? "" : "s") of the result"
        case .tooLarge(let limit): "one response holds more than \(limit) bytes of cells"
        case .truncated(let byteCount): "the response ended too early, after \(byteCount) bytes"
        }
    }
}
