/// How a result is written. The raw values are the names that `.mode` takes.
package enum Format: String, CaseIterable, Sendable {
    case box, table, markdown, vertical, csv, tsv, json, jsonl, html, insert

    /// Whether it is made for eyes, fits itself to a terminal's width and leaves rows out when asked to.
    package var isForReading: Bool {
        switch self {
        case .box, .table, .vertical: true
        case .markdown, .csv, .tsv, .json, .jsonl, .html, .insert: false
        }
    }

    /// A writer of one result.
    package func writer(options: FormatOptions, output: any ByteOutput) -> any ResultWriter {
        let buffer = OutputBuffer(output)
        switch self {
        case .box: return GridWriter(style: .box, options: options, output: buffer)
        case .table: return GridWriter(style: .ascii, options: options, output: buffer)
        case .markdown: return MarkdownWriter(options: options, output: buffer)
        case .vertical: return VerticalWriter(options: options, output: buffer)
        case .csv: return CSVWriter(options: options, output: buffer)
        case .tsv: return TSVWriter(options: options, output: buffer)
        case .json: return JSONWriter(layout: .array, options: options, output: buffer)
        case .jsonl: return JSONWriter(layout: .lines, options: options, output: buffer)
        case .html: return HTMLWriter(options: options, output: buffer)
        case .insert: return InsertWriter(options: options, output: buffer)
        }
    }
}

/// What the user and the place of output say about how a result is drawn.
package struct FormatOptions: Sendable, Equatable {
    /// Columns of the terminal; nil is unlimited. Box and table shorten cells to stay within it.
    package var width: Int?
    /// Box, table and vertical show at most so many rows, the first and the last ones; nil shows all.
    package var rowLimit: Int?
    /// What stands for NULL; nil is the format's own (`NULL`; empty in csv, `\N` in tsv). JSON has its own null.
    package var nullText: String?
    /// Dim types and NULLs by SGR sequences.
    package var color: Bool
    /// Box: a line with the types under the names.
    package var headerTypes: Bool
    /// Box and table: no cell takes more columns than this; nil is unlimited.
    package var maxCellWidth: Int?
    /// The output is a terminal: control characters are made visible or escaped in every format, so that data cannot
    /// steer it. Elsewhere csv, tsv, json, jsonl, html and insert pass data on exactly.
    package var sanitize: Bool
    /// Box and table: when the terminal is too narrow for every cell and column, the rows are drawn as `vertical` does.
    package var verticalWhenCut = false
    /// Box and table without a row limit: where rows wait that memory should not hold.
    package var spill = SpillOptions()

    /// Options; by default those of a file.
    package init(
        width: Int? = nil, rowLimit: Int? = nil, nullText: String? = nil, color: Bool = false,
        headerTypes: Bool = true, maxCellWidth: Int? = nil, sanitize: Bool = false
    ) {
        self.width = width
        self.rowLimit = rowLimit
        self.nullText = nullText
        self.color = color
        self.headerTypes = headerTypes
        self.maxCellWidth = maxCellWidth
        self.sanitize = sanitize
    }
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
    /// How many rows are shown at most, half of them from the start of the result and half from its end; nil for all.
    /// Those between need not be fetched: `skip` says how many there are.
    var rowsShown: Int? { get }
    /// The next `count` rows exist, and will not be shown. Only for writers that have `rowsShown`.
    func skip(_ count: Int)
    /// Nothing is written before `end`.
    var drawsAtEnd: Bool { get }
    /// How rows may be written by whoever has them as JSON, to be passed on by `write`; nil when they are needed as they
    /// are. Known after `begin`.
    var rowSyntax: RowSyntax? { get }
    /// Takes the next rows, written as `rowSyntax` says.
    func write(_ text: RowText) throws
}

extension ResultWriter {
    package var omissions: Omissions { Omissions() }
    package var rowsShown: Int? { nil }
    package var drawsAtEnd: Bool { false }
    package func skip(_ count: Int) { preconditionFailure("this format shows every row") }
    package var rowSyntax: RowSyntax? { nil }
    package func write(_ text: RowText) throws { preconditionFailure("this format has no syntax of rows") }
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
