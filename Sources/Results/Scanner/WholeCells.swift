/// The hot loop of the scanner.
extension StatementResponseScanner {
    /// Reads cells that lie whole in this piece, with no escapes and no blanks between them; it copies and searches
    /// eight bytes at once. Anything else is left, at a token's start, to `scanTokens`.
    mutating func scanWholeCells(_ position: inout UnsafeRawPointer, _ end: UnsafeRawPointer) {
        guard state == .row, !expectsComma, columnsKnown, store.columnCount > 0 else { return }
        var cells = WholeCells(store, column: column, source: position)
        let safe = end - WholeCells.margin
        var last = expectsItem ? WholeCells.Separator.comma : .row
        while cells.source < safe, last != .other, cells.takeCell(before: safe) { last = cells.takeSeparator() }
        cells.store(in: store)
        column = cells.column
        expectsComma = last == .other
        expectsItem = last == .comma
        position = cells.source
    }
}

/// The state of the hot loop, in locals: properties of a class would be reloaded for every cell.
///
/// Unsafe pointers: nothing is read at or behind the end of the piece, since the loop stops `margin` bytes before it,
/// which is more than the widest load and the longest token without an end. The arena has room for the whole piece and
/// `ResultStore.slack` bytes behind, which wide stores may reach; the ends have room for every cell of the piece.
private struct WholeCells {
    /// What stood behind a cell.
    enum Separator { case comma, row, other }

    static let margin = 40

    private(set) var source: UnsafeRawPointer
    private(set) var column: Int
    private var target: UnsafeMutableRawPointer
    private var cell: Int
    private var rows: Int
    private let columns: Int
    private let arena: UnsafeMutableRawPointer
    private let ends: UnsafeMutablePointer<UInt32>
    private let facts: UnsafeMutablePointer<ResultStore.ColumnFacts>

    init(_ store: ResultStore, column: Int, source: UnsafeRawPointer) {
        self.source = source
        self.column = column
        arena = UnsafeMutableRawPointer(store.bytes)
        target = arena + store.byteCount
        cell = store.cellCount
        rows = store.rowCount
        columns = store.columnCount
        ends = store.ends
        facts = store.facts
    }

    func store(in store: ResultStore) {
        store.byteCount = target - arena
        store.cellCount = cell
        store.rowCount = rows
    }

    /// False, and nothing is taken, when what comes is not a whole, simple cell.
    @inline(__always)
    mutating func takeCell(before safe: UnsafeRawPointer) -> Bool {
        guard column < columns else { return false }
        let byte = source.load(as: UInt8.self)
        var null: UInt32 = 0
        if byte == 0x22 {
            guard let text = copyString(from: source + 1, to: target, before: safe), !text.hasControls else {
                return false
            }
            source += text.length + 2
            target += text.length
            facts[column].union |= text.union
            if text.hasDelete { facts[column].hasControls = true }
            if text.length > facts[column].longest { facts[column].longest = text.length }
        } else if byte == 0x6E, source.loadUnaligned(as: UInt32.self) == 0x6C6C_756E {
            source += 4
            facts[column].nulls &+= 1
            null = ResultStore.nullBit
        } else {
            return false
        }
        cell &+= 1
        ends[cell] = UInt32(truncatingIfNeeded: target - arena) | null
        column &+= 1
        return true
    }

    @inline(__always)
    mutating func takeSeparator() -> Separator {
        let byte = source.load(as: UInt8.self)
        if byte == 0x2C {
            source += 1
            return .comma
        }
        // "],[" — the next row, at once.
        guard byte == 0x5D, column == columns, source.loadUnaligned(fromByteOffset: 1, as: UInt16.self) == 0x5B2C
        else { return .other }
        source += 3
        column = 0
        rows &+= 1
        return .row
    }
}

private struct CopiedString {
    var length: Int
    var union: UInt64
    var hasDelete: Bool
    var hasControls: Bool
}

/// Copies a string's bytes up to its closing quote; nil when a backslash or `limit` comes first.
@inline(__always)
private func copyString(
    from start: UnsafeRawPointer, to target: UnsafeMutableRawPointer, before limit: UnsafeRawPointer
) -> CopiedString? {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let highs: UInt64 = 0x8080_8080_8080_8080
    var length = 0
    var union: UInt64 = 0
    var deletes: UInt64 = 0
    var controls: UInt64 = 0
    while start + length < limit {
        let word = start.loadUnaligned(fromByteOffset: length, as: UInt64.self)
        target.storeBytes(of: word, toByteOffset: length, as: UInt64.self)
        let quotes = word ^ 0x2222_2222_2222_2222
        let backslashes = word ^ 0x5C5C_5C5C_5C5C_5C5C
        // The lowest set high bit is exact: borrows of the zero-byte test only travel upwards.
        let found = ((quotes &- ones) & ~quotes | (backslashes &- ones) & ~backslashes) & highs
        if found == 0 {
            union |= word
            deletes |= (word & ~highs) &+ ones
            controls |= (word &- 0x2020_2020_2020_2020) & ~word
            length &+= 8
            continue
        }
        let count = found.trailingZeroBitCount &>> 3
        let mask = ((1 as UInt64) &<< UInt64(count &* 8)) &- 1
        union |= word & mask
        deletes |= (word & mask & ~highs) &+ ones
        controls |= (word &- 0x2020_2020_2020_2020) & ~word & mask
        length &+= count
        guard start.load(fromByteOffset: length, as: UInt8.self) == 0x22 else { return nil }
        return CopiedString(
            length: length, union: union, hasDelete: deletes & highs != 0, hasControls: controls & highs != 0)
    }
    return nil
}
