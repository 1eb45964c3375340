import Text

extension ResultStore {
    /// A copy whose invalid UTF-8 is replaced by U+FFFD, or nil when there is none.
    /// - Throws: `ScanError.tooLarge`, as U+FFFD takes three bytes.
    func repaired(limit: Int) throws(ScanError) -> ResultStore? {
        let suspects = (0..<columnCount).filter { facts[$0].hasNonASCII }
        let isInvalid = suspects.contains { column in
            (0..<rowCount).contains { row in !(cell(row, column)?.isValidUTF8 ?? true) }
        }
        guard isInvalid else { return nil }
        let copy = ResultStore(shapedLike: self)
        for row in 0..<rowCount {
            for column in 0..<columnCount {
                guard let cell = cell(row, column), !cell.isValidUTF8 else {
                    try copy.append(self.cell(row, column), column: column, limit: limit)
                    continue
                }
                let repaired = Array(String(decoding: cell, as: UTF8.self).utf8)
                try repaired.withUnsafeBufferPointer { (bytes) throws(ScanError) in
                    try copy.append(bytes, column: column, limit: limit)
                }
            }
            copy.rowCount += 1
        }
        return copy
    }

    private func append(_ cell: UnsafeBufferPointer<UInt8>?, column: Int, limit: Int) throws(ScanError) {
        guard byteCount + (cell?.count ?? 0) <= limit else { throw .tooLarge(limit: limit) }
        append(cell, column: column)
    }
}
