import Text

/// The cells of one column as they read in a table for people, for a view that shows some of them at a time.
package struct CellDrawing {
    private let isTimestamp: Bool
    private var measured: ColumnWidth
    private let null: String
    /// Cells stand at the right edge.
    package let alignsRight: Bool
    /// Part of a cell would pass for another value: it is shown whole or not at all.
    package let isAllOrNothing: Bool

    /// - Parameter nullText: what stands for NULL; nil is `NULL`.
    package init(_ column: Column, nullText: String?) {
        isTimestamp = column.kind == .timestamp
        measured = ColumnWidth(column)
        null = Sanitizer.oneLine(nullText ?? "NULL")
        alignsRight = column.alignsRight
        isAllOrNothing = column.isAllOrNothing
    }

    /// Columns that the widest cell so far takes.
    package var width: Int { measured.width }

    /// The zone of all timestamps so far, for the header.
    package var zone: String? { measured.timestamps?.zoneText }

    /// Takes cells into account: those of the rows, and what is known of the others of their store without looking.
    package mutating func measure(_ store: ResultStore, column: Int, rows: Range<Int>) {
        let nullWidth = DisplayWidth.of(null)
        if !isTimestamp, measured.isPlain, store.columnFacts(column).isPlain {
            measured.add(.init(store: store, rows: 0..<store.rowCount), column: column, nullWidth: nullWidth)
        } else {
            measured.add(.init(store: store, rows: rows), column: column, nullWidth: nullWidth)
        }
    }

    /// A cell on one line, harmless, and whether it is NULL.
    /// - Parameter mostBytes: of a longer cell, only the beginning is looked at.
    package func text(_ store: ResultStore, _ row: Int, _ column: Int, mostBytes: Int = 4096) -> (
        text: String, isNull: Bool
    ) {
        guard let cell = store.cell(row, column) else { return (null, true) }
        if let text = measured.timestamps?.text(of: cell) { return (String(decoding: text, as: UTF8.self), false) }
        var scratch: [UInt8] = []
        Sanitizer.append(UnsafeBufferPointer(rebasing: cell.prefix(mostBytes)), to: &scratch)
        return (String(decoding: scratch, as: UTF8.self), false)
    }
}

extension ResultStore {
    /// What is known of a column.
    func columnFacts(_ column: Int) -> ColumnFacts { facts[column] }

    /// The first row from `start` on that has a cell with `text`; of the rows before `end`.
    /// - Parameter ignoresCase: of letters of ASCII; `text` is then in lower case.
    package func row(containing text: [UInt8], in rows: Range<Int>, ignoresCase: Bool) -> Int? {
        rows.first { row in
            (0..<columnCount).contains { column in
                cell(row, column)?.contains(text, ignoresCase: ignoresCase) ?? false
            }
        }
    }

    /// The columns of a row that hold `text`.
    package func columns(of row: Int, containing text: [UInt8], ignoresCase: Bool) -> [Int] {
        (0..<columnCount).filter { cell(row, $0)?.contains(text, ignoresCase: ignoresCase) ?? false }
    }
}

extension UnsafeBufferPointer<UInt8> {
    fileprivate func contains(_ text: [UInt8], ignoresCase: Bool) -> Bool {
        guard let first = text.first, count >= text.count else { return false }
        var start = 0
        let last = count - text.count
        while start <= last {
            if Self.folded(self[start], ignoresCase) == first {
                var length = 1
                while length < text.count, Self.folded(self[start + length], ignoresCase) == text[length] {
                    length += 1
                }
                if length == text.count { return true }
            }
            start += 1
        }
        return false
    }

    @inline(__always)
    private static func folded(_ byte: UInt8, _ ignoresCase: Bool) -> UInt8 {
        ignoresCase && byte &- 0x41 < 26 ? byte | 0x20 : byte
    }
}
