/// Writes one result in one format: `begin`, any number of `write`, `end`.
package protocol ResultWriter: AnyObject {
    /// Starts the result.
    /// - Throws: what the output throws, as do the others.
    func begin(_ columns: [Column]) throws
    /// Takes the next rows. Formats that need every width keep them until `end`.
    /// - Throws: `ColumnMismatch` too.
    func write(_ store: ResultStore) throws
    /// Ends the result and hands everything to the output.
    func end() throws
    /// What was left out; known after `end`.
    var omissions: Omissions { get }
    /// Nothing is written before `end`.
    var drawsAtEnd: Bool { get }
}

extension ResultWriter {
    package var omissions: Omissions { Omissions() }
    package var drawsAtEnd: Bool { false }
}

/// A writer that can leave rows out between the first and the last ones: those need not be fetched.
package protocol LimitedWriter: ResultWriter {
    /// How many rows are shown at most, half of them from the start of the result and half from its end; nil for all.
    var rowsShown: Int? { get }
    /// The next `count` rows exist, and will not be shown.
    func skip(_ count: Int)
}

/// What a writer did not show, for the footer to say.
package struct Omissions: Sendable, Equatable {
    /// Rows between the first and the last ones.
    package var hiddenRows = 0
    /// Columns left out because the terminal is too narrow.
    package var hiddenColumns = 0
    /// Some cell was cut.
    package var shortenedCells = false
    /// Some column's name was cut.
    package var shortenedNames = false

    /// Nothing was left out.
    package init() {}

    /// Whether the terminal was too narrow for something.
    package var cutsAcross: Bool { hiddenColumns > 0 || shortenedCells || shortenedNames }

    /// Whether anything was left out.
    package var isEmpty: Bool { self == Omissions() }
}

/// Rows have another number of cells than the result has columns.
package struct ColumnMismatch: Error, Equatable, CustomStringConvertible {
    /// The columns of the schema.
    package let expected: Int
    /// The cells of a row.
    package let found: Int

    package var description: String { "the result has \(expected) columns, but its rows have \(found) cells" }

    /// A store without rows knows nothing of columns and always fits.
    static func check(_ store: ResultStore, against columns: [Column]) throws(ColumnMismatch) {
        guard store.rowCount == 0 || store.columnCount == columns.count else {
            throw ColumnMismatch(expected: columns.count, found: store.columnCount)
        }
    }
}
