import Glibc
import Text

/// The cells of a result (or of one chunk of it), row by row: one arena of bytes and one end offset a cell.
///
/// Twenty bytes of text cost twenty-four bytes here, not a Swift string. Cells are valid UTF-8. Once built it never
/// changes, which is what makes it Sendable; whoever builds one is its only owner until then.
///
/// Unsafe memory: `bytes` has `slack` spare bytes behind the last cell, so that readers may load, and the scanner
/// store, a few bytes too many.
package final class ResultStore: @unchecked Sendable {
    /// What is known of all the cells of a column without looking at them again.
    package struct ColumnFacts: Sendable, Equatable, BitwiseCopyable {
        /// Bytes of the longest cell.
        package var longest = 0
        /// How many cells are NULL.
        package var nulls = 0
        /// Some cell holds a C0 control character or DEL.
        package var hasControls = false
        /// Some cell holds a double quote or a backslash.
        package var hasQuotes = false
        /// Every cell's bytes or-ed together, eight at a time.
        var union: UInt64 = 0

        /// Some cell holds a byte that is not ASCII.
        package var hasNonASCII: Bool { union & 0x8080_8080_8080_8080 != 0 }
        /// Every cell is printable ASCII: its width is its byte count.
        package var isPlain: Bool { !hasControls && !hasNonASCII }

        @inline(__always)
        mutating func note(_ byte: UInt8) {
            union |= UInt64(byte)
            if byte < 0x20 || byte == 0x7F { hasControls = true }
            if byte == 0x22 || byte == 0x5C { hasQuotes = true }
        }
    }

    /// Bytes behind the last cell that may be read and, while building, written.
    static let slack = 64
    static let nullBit: UInt32 = 0x8000_0000
    /// Ends have 31 bits: a store holds less than 2 GiB of cell bytes.
    static let mostBytes = Int(nullBit) - 1

    package internal(set) var rowCount = 0
    package internal(set) var columnCount = 0
    /// Rows that came with fewer cells than there are columns: the missing ones are NULL.
    package internal(set) var shortRows = 0

    var bytes: UnsafeMutablePointer<UInt8>
    var ends: UnsafeMutablePointer<UInt32>
    var facts: UnsafeMutablePointer<ColumnFacts>
    var byteCount = 0
    var cellCount = 0
    private var byteCapacity: Int
    private var cellCapacity: Int
    private var factCapacity: Int

    init() {
        byteCapacity = 1024
        cellCapacity = 64
        factCapacity = 16
        bytes = Self.resized(nil, to: byteCapacity)
        ends = Self.resized(nil, to: cellCapacity)
        facts = Self.resized(nil, to: factCapacity)
        ends[0] = 0
    }

    deinit {
        free(bytes)
        free(ends)
        free(facts)
    }

    /// A store of `rows`, each of `columnCount` cells (nil is NULL); for results that are made here.
    package convenience init(columnCount: Int, rows: [[String?]]) {
        self.init()
        addColumns(columnCount)
        for row in rows {
            precondition(row.count == columnCount, "a row has \(row.count) cells, not \(columnCount)")
            for (column, cell) in row.enumerated() {
                if var text = cell {
                    text.withUTF8 { append($0, column: column) }
                } else {
                    append(nil, column: column)
                }
            }
            rowCount += 1
        }
    }

    /// A store without rows, for those of another in a changed form.
    convenience init(shapedLike other: ResultStore) {
        self.init()
        addColumns(other.columnCount)
        shortRows = other.shortRows
    }

    /// No rows and no columns.
    package static var empty: ResultStore { ResultStore() }

    /// The facts of each column.
    package var columnFacts: [ColumnFacts] { Array(UnsafeBufferPointer(start: facts, count: columnCount)) }

    /// Bytes of memory held.
    package var memory: Int { byteCapacity + cellCapacity * MemoryLayout<UInt32>.stride }

    /// The bytes of a cell, or nil for NULL; valid as long as the store.
    @inline(__always)
    package func cell(_ row: Int, _ column: Int) -> UnsafeBufferPointer<UInt8>? {
        precondition(row >= 0 && row < rowCount && column >= 0 && column < columnCount, "no such cell")
        return uncheckedCell(row &* columnCount &+ column)
    }

    /// A cell's text, or nil for NULL.
    package func text(_ row: Int, _ column: Int) -> String? {
        cell(row, column).map { String(decoding: $0, as: UTF8.self) }
    }

    /// A copy without the first `count` rows.
    package func withoutFirst(_ count: Int) -> ResultStore { copy(of: min(count, rowCount)..<rowCount) }

    /// The first `count` rows: itself, when it has no more.
    package func first(_ count: Int) -> ResultStore { count >= rowCount ? self : copy(of: 0..<max(0, count)) }

    private func copy(of rows: Range<Int>) -> ResultStore {
        let copy = ResultStore(shapedLike: self)
        for row in rows {
            for column in 0..<columnCount { copy.append(cell(row, column), column: column) }
            copy.rowCount += 1
        }
        return copy
    }

    @inline(__always)
    func uncheckedCell(_ index: Int) -> UnsafeBufferPointer<UInt8>? {
        let end = ends[index &+ 1]
        if end & Self.nullBit != 0 { return nil }
        let start = ends[index] & ~Self.nullBit
        return UnsafeBufferPointer(start: bytes + Int(start), count: Int(end &- start))
    }

    // MARK: Building

    func reserveBytes(_ count: Int) {
        let needed = byteCount + count + Self.slack
        guard needed > byteCapacity else { return }
        byteCapacity = max(byteCapacity * 2, needed)
        bytes = Self.resized(bytes, to: byteCapacity)
    }

    func reserveCells(_ count: Int) {
        let needed = cellCount + count + 1
        guard needed > cellCapacity else { return }
        cellCapacity = max(cellCapacity * 2, needed)
        ends = Self.resized(ends, to: cellCapacity)
    }

    /// Gives back memory that building reserved and did not need.
    func trim() {
        byteCapacity = byteCount + Self.slack
        bytes = Self.resized(bytes, to: byteCapacity)
        cellCapacity = cellCount + 1
        ends = Self.resized(ends, to: cellCapacity)
    }

    /// Keeps the memory and the columns. Only while building.
    func removeAllRows() {
        removeCells(after: 0)
        (rowCount, shortRows) = (0, 0)
        facts.update(repeating: ColumnFacts(), count: columnCount)
    }

    /// Removes the cells behind row `count`, of a row that is not whole. Only while building; the facts may then say
    /// more than is so.
    func removeCells(after count: Int) {
        cellCount = count * columnCount
        byteCount = Int(ends[cellCount] & ~Self.nullBit)
    }

    func addColumns(_ count: Int) {
        let needed = columnCount + count
        if needed > factCapacity {
            factCapacity = max(factCapacity * 2, needed)
            facts = Self.resized(facts, to: factCapacity)
        }
        (facts + columnCount).initialize(repeating: ColumnFacts(), count: count)
        columnCount = needed
    }

    /// Adds the next cell, in row-major order. The caller counts rows.
    func append(_ cell: UnsafeBufferPointer<UInt8>?, column: Int) {
        reserveCells(1)
        if let cell {
            precondition(byteCount + cell.count <= Self.mostBytes, "a store holds less than 2 GiB")
            reserveBytes(cell.count)
            if let base = cell.baseAddress { memcpy(bytes + byteCount, base, cell.count) }
            byteCount += cell.count
            note(cell, in: column)
        } else {
            facts[column].nulls += 1
        }
        cellCount += 1
        ends[cellCount] = UInt32(byteCount) | (cell == nil ? Self.nullBit : 0)
    }

    private func note(_ cell: UnsafeBufferPointer<UInt8>, in column: Int) {
        if cell.count > facts[column].longest { facts[column].longest = cell.count }
        if cell.isPrintableASCII {
            // Looked for by memchr(3): most cells have neither.
            if cell.position(of: 0x22) != nil || cell.position(of: 0x5C) != nil { facts[column].hasQuotes = true }
            return
        }
        for byte in cell { facts[column].note(byte) }
    }

    /// Trivial types only, whose memory malloc(3) gives and realloc(3) may move.
    private static func resized<T: BitwiseCopyable>(
        _ pointer: UnsafeMutablePointer<T>?, to capacity: Int
    ) -> UnsafeMutablePointer<T> {
        guard let moved = realloc(pointer, capacity * MemoryLayout<T>.stride) else {
            fatalError("out of memory: \(capacity * MemoryLayout<T>.stride) bytes")
        }
        return moved.bindMemory(to: T.self, capacity: capacity)
    }
}
