/// Puts rows in the order of one column: numbers by value, everything else by its characters; NULLs last.
package struct CellOrder {
    private struct Key {
        let number: Double
        let isNull: Bool
        let bytes: UnsafeBufferPointer<UInt8>
        let index: Int
    }

    private let isNumber: Bool

    /// The order of a column's cells.
    package init(_ column: Column) {
        switch column.kind {
        case .integer, .decimal, .float: isNumber = true
        default: isNumber = false
        }
    }

    /// The indices of `rows` in order; equal ones stay as they are.
    /// - Parameter rows: stores and rows in them.
    package func sorted(_ rows: [(store: ResultStore, row: Int)], by column: Int, descending: Bool) -> [Int] {
        // Cells lie in the stores, which the caller holds meanwhile.
        let keys = rows.enumerated().map { index, place in
            let cell = place.store.cell(place.row, column)
            let bytes = cell ?? UnsafeBufferPointer(start: nil, count: 0)
            let number = isNumber ? Double(String(decoding: bytes, as: UTF8.self)) ?? .nan : 0
            return Key(number: number, isNull: cell == nil, bytes: bytes, index: index)
        }
        return keys.sorted { one, other in
            if one.isNull != other.isNull { return other.isNull }
            if one.isNull { return one.index < other.index }
            let order = compare(one, other)
            return order == 0 ? one.index < other.index : descending ? order > 0 : order < 0
        }.map(\.index)
    }

    private func compare(_ one: Key, _ other: Key) -> Int {
        if isNumber {
            if one.number.isNaN != other.number.isNaN { return one.number.isNaN ? 1 : -1 }
            if one.number != other.number, !one.number.isNaN { return one.number < other.number ? -1 : 1 }
            // Doubles do not tell all BIGINTs and DECIMALs apart; of one sign, the longer is the larger, else the digits say it.
            let sign = one.bytes.first == 0x2D ? -1 : 1
            if one.bytes.count != other.bytes.count { return one.bytes.count < other.bytes.count ? -sign : sign }
            return sign * Self.compare(one.bytes, other.bytes)
        }
        return Self.compare(one.bytes, other.bytes)
    }

    private static func compare(_ one: UnsafeBufferPointer<UInt8>, _ other: UnsafeBufferPointer<UInt8>) -> Int {
        for (left, right) in zip(one, other) where left != right { return left < right ? -1 : 1 }
        return one.count == other.count ? 0 : one.count < other.count ? -1 : 1
    }
}
