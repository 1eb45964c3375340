/// The hot loop of the scanner.
///
/// Unsafe pointers: `position ..< end` is the caller's piece, and nothing is read at or behind `end` (the loop stops
/// 40 bytes before it, more than the widest load and the longest token without an end). The arena has room for the
/// whole piece and `ResultStore.slack` bytes behind, which wide stores may reach; the ends have room for every cell.
extension StatementResponseScanner {
    /// Reads cells that lie whole in this piece, with no escapes and no blanks between them; it copies and searches
    /// eight bytes at once. Anything else is left, at a token's start, to `scanTokens`.
    mutating func scanWholeCells(_ position: inout UnsafeRawPointer, _ end: UnsafeRawPointer) {
        guard state == .row, !expectsComma, columnsKnown, store.columnCount > 0 else { return }
        let columns = store.columnCount
        let facts = store.facts
        let ends = store.ends
        let arena = UnsafeMutableRawPointer(store.bytes)
        var target = arena + store.byteCount
        var cell = store.cellCount
        var current = column
        var rows = store.rowCount
        var source = position
        var afterComma = expectsItem
        var afterCell = false
        let safe = end - 40
        while source < safe, current < columns {
            let byte = source.load(as: UInt8.self)
            if byte == 0x22 {
                guard let text = copyString(from: source + 1, to: target, before: safe), !text.hasControls else {
                    break
                }
                source += text.length + 2
                target += text.length
                facts[current].union |= text.union
                if text.hasDelete { facts[current].hasControls = true }
                if text.length > facts[current].longest { facts[current].longest = text.length }
                cell &+= 1
                ends[cell] = UInt32(truncatingIfNeeded: target - arena)
            } else if byte == 0x6E, source.loadUnaligned(as: UInt32.self) == 0x6C6C_756E {
                source += 4
                facts[current].nulls &+= 1
                cell &+= 1
                ends[cell] = UInt32(truncatingIfNeeded: target - arena) | ResultStore.nullBit
            } else {
                break
            }
            current &+= 1
            let next = source.load(as: UInt8.self)
            if next == 0x2C {
                source += 1
                afterComma = true
            } else if next == 0x5D, current == columns,
                source.loadUnaligned(fromByteOffset: 1, as: UInt16.self) == 0x5B2C
            {
                // "],[" — the next row, at once.
                source += 3
                current = 0
                rows &+= 1
                afterComma = false
            } else {
                afterCell = true
                afterComma = false
                break
            }
        }
        store.byteCount = target - arena
        store.cellCount = cell
        store.rowCount = rows
        column = current
        expectsComma = afterCell
        expectsItem = afterComma
        position = source
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
