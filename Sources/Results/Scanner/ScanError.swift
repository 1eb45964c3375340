/// Why the bytes of a response could not be read as rows.
package enum ScanError: Error, Equatable, CustomStringConvertible {
    /// Not JSON, or not the JSON of a response; `offset` counts bytes from the start.
    case malformed(offset: Int, reason: String)
    /// Row `row` (from 0) has another number of cells than the first one.
    case ragged(row: Int, expected: Int)
    /// The cells of one response take 2 GiB or more.
    case tooLarge(limit: Int)
    /// The bytes ended in the middle of the document.
    case truncated(byteCount: Int)

    package var description: String {
        switch self {
        case .malformed(let offset, let reason): "malformed response: \(reason) at byte \(offset)"
        case .ragged(let row, let expected):
            "malformed response: row \(row + 1) does not have \(expected) cells like the first row"
        case .tooLarge(let limit): "one response holds more than \(limit) bytes of cells"
        case .truncated(let byteCount): "the response ended too early, after \(byteCount) bytes"
        }
    }
}
