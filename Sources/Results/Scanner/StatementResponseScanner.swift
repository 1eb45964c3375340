import Text

/// Reads the JSON of a statement's result as it arrives, in pieces cut anywhere.
///
/// The rows of `data_array` go into a `ResultStore` and are never held as JSON; everything else is kept, with an empty
/// `data_array`, as the envelope. The array is that of the response itself (a chunk) or of its `result` (a statement):
/// SQL Statement Execution API, `StatementResponse` and `ResultData`.
///
/// Cells are JSON strings or null. Other values are tolerated and kept as their JSON text. A half of a surrogate pair
/// without the other becomes U+FFFD, as does invalid UTF-8. A row with fewer cells than there are columns is filled up with
/// NULL, and counted in its store; one with more is refused.
///
/// Rows can be taken while the document still arrives, in batches of whole rows: a document of any size then takes no
/// more memory than a batch, and the first rows need not wait for the last.
package struct StatementResponseScanner: ~Copyable {
    /// What the bytes are.
    package enum Document: Sendable {
        /// An API response, with its rows in `data_array`.
        case response
        /// A file behind an external link: the array of rows itself.
        case rows
    }

    enum State {
        case envelope, rows, row, string, escape, unicode, null, value
    }

    private(set) var store = ResultStore()
    let limit: Int
    /// A store of at least so many bytes of cells is given out at the end of its row; nil keeps all rows together.
    private let batchBytes: Int?
    /// Full stores that nobody has taken yet.
    private var full: [ResultStore] = []
    /// Rows given out so far.
    var rowsGiven = 0
    /// Rows at the start of the document that are read past and not kept, and how many of them have been.
    private let skipping: Int
    package private(set) var skippedRows = 0
    /// Bytes of cells that come together before rows that are read past are dropped: few enough to stay in the cache.
    private static let skippedBytes = 32 << 10
    /// Bytes that are read at a time: few, as room is reserved for all that could be in them.
    private static let partBytes = 16 << 10
    var state: State
    /// Where the piece being read starts, for error messages.
    var offset = 0
    var envelope = EnvelopeScanner()

    // Of the row being read.
    var column = 0
    /// Between two cells or two rows: a comma or the closing bracket must follow.
    var expectsComma = false
    /// After a comma: a cell or a row must follow.
    var expectsItem = false
    /// Whether the schema, or the first row, has said how many cells a row has.
    var columnsKnown = false

    // Of the cell being read.
    var cellStart = 0
    var union: UInt64 = 0
    var hasControls = false
    var hasQuotes = false
    /// Bytes of `null` seen.
    var literalLength = 0
    var hexDigits = 0
    var hex: UInt32 = 0
    /// A high surrogate just seen, waiting for its low half.
    var highSurrogate: UInt32 = 0
    var value = RawValueScanner()

    /// A scanner for one document. With `batchBytes`, rows are given out by `takeBatches` whenever so many bytes of
    /// cells have come together.
    /// - Parameters:
    ///   - columns: how many columns the result has; when nil, what stands before the rows says it, or the first row.
    ///   - skipping: rows at the start that are checked and counted in `skippedRows`, but not kept.
    package init(
        _ document: Document = .response, columns: Int? = nil, batchBytes: Int? = nil, skipping: Int = 0
    ) {
        self.init(document, limit: ResultStore.mostBytes, columns: columns, batchBytes: batchBytes, skipping: skipping)
    }

    /// `limit` is the most bytes of cells in one store; smaller ones are for tests.
    init(_ document: Document, limit: Int, columns: Int? = nil, batchBytes: Int? = nil, skipping: Int = 0) {
        self.limit = limit
        self.batchBytes = batchBytes
        self.skipping = skipping
        state = .envelope
        if document == .rows { envelope.expectRowsOnly() }
        if let columns, columns > 0 { expect(columns: columns) }
    }

    private mutating func expect(columns: Int) {
        store.addColumns(columns)
        columnsKnown = true
    }

    /// Reads the next piece of the document.
    /// - Throws: `ScanError`; the scanner is then of no more use.
    package mutating func feed(_ bytes: UnsafeRawBufferPointer) throws {
        guard let base = bytes.baseAddress else { return }
        // Pointers into `bytes`, which outlives this call.
        var position = base
        let last = base + bytes.count
        while position < last {
            // A full store ends with its row, which is looked for byte by byte.
            let isFull = isFull
            let end = min(position + (isFull ? 1 : Self.partBytes), last)
            let start = position
            if state == .envelope {
                if try envelope.scan(&position, end, offset: offset) {
                    if !columnsKnown, let columns = envelope.columnCount { expect(columns: columns) }
                    state = .rows
                    (expectsComma, expectsItem) = (false, false)
                }
            } else {
                try scanRows(&position, end)
            }
            offset += position - start
            if isFull, state == .rows || state == .envelope { try endBatch() }
        }
    }

    private var isFull: Bool {
        guard store.rowCount > 0 else { return false }
        if isSkipping { return store.byteCount >= Self.skippedBytes }
        return batchBytes.map { store.byteCount >= $0 } ?? false
    }

    private var isSkipping: Bool { skippedRows < skipping }

    /// The batches that have become full since the last call, in order. What is left at the end comes from `finish`.
    package mutating func takeBatches() -> [ResultStore] {
        defer { full.removeAll() }
        return full
    }

    private mutating func endBatch() throws(ScanError) {
        if isSkipping { try dropSkipped() }
        guard let batchBytes, store.byteCount >= batchBytes, store.rowCount > 0 else { return }
        rowsGiven += store.rowCount
        let next = ResultStore()
        next.addColumns(store.columnCount)
        // The next batch will be about as large: reserved at once, it is not copied while it grows.
        next.reserveBytes(store.byteCount + Self.partBytes)
        next.reserveCells(store.cellCount + Self.partBytes / 2 + 2)
        store.trim()
        full.append(try store.repaired(limit: limit) ?? store)
        store = next
    }

    /// Forgets the whole rows read so far, as many of them as are to be skipped.
    private mutating func dropSkipped() throws(ScanError) {
        let count = min(store.rowCount, skipping - skippedRows)
        skippedRows += count
        rowsGiven += count
        if count == store.rowCount { store.removeAllRows() } else { store = store.withoutFirst(count) }
    }

    /// Rows that have been read whole, and are neither given out nor skipped.
    package var rowCount: Int { store.rowCount }

    /// While the rows are being read: the document up to here, with its brackets closed. Nil before and after the rows.
    package var openEnvelope: [UInt8]? { state == .envelope ? nil : envelope.closedWithinRows }

    /// Ends the reading within the rows, for a reader who needs no more of them.
    /// - Returns: the rows read whole.
    /// - Throws: `ScanError`.
    package consuming func stop() throws -> ResultStore {
        store.removeCells(after: store.rowCount)
        store.trim()
        return try store.repaired(limit: limit) ?? store
    }

    /// The document has come to its end: what follows may only be white space.
    package var isComplete: Bool { envelope.isComplete }

    /// Bytes read so far.
    package var byteCount: Int { offset }

    /// Ends the document.
    /// - Returns: the response with an empty `data_array` (for `Document.rows`: `[]`), and the rows not taken yet.
    /// - Throws: `ScanError`.
    package consuming func finish() throws -> (envelope: [UInt8], store: ResultStore) {
        guard envelope.isComplete else { throw ScanError.truncated(byteCount: offset) }
        precondition(full.isEmpty, "batches are taken before the end")
        if isSkipping { try dropSkipped() }
        store.trim()
        return (envelope.bytes, try store.repaired(limit: limit) ?? store)
    }

    private mutating func scanRows(_ position: inout UnsafeRawPointer, _ end: UnsafeRawPointer) throws {
        // A cell's text is never longer than its JSON.
        store.reserveBytes(end - position)
        let start = position
        while position < end, state != .envelope {
            // A cell takes two bytes of JSON at least; a row that is filled up with NULL has taken more than its share.
            store.reserveCells((end - position) / 2 + 2)
            scanWholeCells(&position, end)
            do throws(CellFailure) {
                try scanTokens(&position, end)
            } catch {
                throw error.scanError(
                    offset: offset + (position - start) - 1, row: rowsGiven + rowCount, columns: store.columnCount
                )
            }
            if store.byteCount > limit { throw ScanError.tooLarge(limit: limit) }
        }
    }
}

/// A failure inside the rows, before it is known where they stand in the document.
enum CellFailure: Error {
    case unexpected(String)
    case longRow

    func scanError(offset: Int, row: Int, columns: Int) -> ScanError {
        switch self {
        case .unexpected(let reason): .malformed(offset: offset, reason: reason)
        case .longRow: .longRow(row: row, columns: columns)
        }
    }
}
