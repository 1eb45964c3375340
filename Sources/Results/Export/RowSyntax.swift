/// How a text format writes the rows of a result with these columns, so that they can be written without being kept.
package struct RowSyntax: Sendable {
    /// How the text of a cell that lies as it is in the JSON, with no escapes, gets into the format.
    enum Passage: UInt8 {
        /// As it is, unless it is empty, NULL's text, or has a comma.
        case csv
        /// As it is.
        case plain
        /// As it is, with its quotes.
        case quoted
        /// As it is, if it is a number.
        case number
        /// Only by way of `CellSyntax`.
        case none
    }

    let cells: CellSyntax
    let kinds: [Column.Kind]
    /// What stands before the cell of each column; the first one's begins the row.
    let leads: [[UInt8]]
    /// What ends a row.
    let tail: [UInt8]
    let passages: [Passage]
    let nested: NestedCells?
    /// Tests say false: what wide vectors do on some processors is to be the same without.
    var mayBeWide = true

    /// - Parameter passage: for columns whose cells are not nested.
    init(
        _ cells: CellSyntax, _ columns: [Column], leads: [[UInt8]], tail: [UInt8],
        passage: (Column.Kind) -> Passage
    ) {
        self.cells = cells
        kinds = columns.map(\.kind)
        self.leads = leads
        self.tail = tail
        let nested = NestedCells(columns)
        self.nested = nested
        passages = columns.enumerated().map { index, column in
            nested?.isNested(index) == true ? .none : passage(column.kind)
        }
    }

    var columnCount: Int { kinds.count }

    /// What NULL is.
    var null: [UInt8] {
        var text: [UInt8] = []
        cells.append(nil, .null, to: &text)
        return text
    }
}
