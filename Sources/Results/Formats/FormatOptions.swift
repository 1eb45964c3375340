/// What the user and the place of output say about how a result is drawn.
package struct FormatOptions: Sendable, Equatable {
    /// Columns of the terminal; nil is unlimited. Box and table stay within it: they shorten names and text, and leave columns
    /// out. Numbers, dates, timestamps and booleans are never shortened.
    package var width: Int?
    /// Box, table and vertical show at most so many rows, the first and the last ones; nil shows all.
    package var rowLimit: Int?
    /// Box, table and vertical without `rowLimit`: lines that the result may take, frame and header included. Shows as many
    /// rows as fit, the first and the last ones; nil shows all.
    package var lineLimit: Int?
    /// What stands for NULL; nil is the format's own (`NULL`; empty in csv, `\N` in tsv). JSON has its own null.
    package var nullText: String?
    /// Dim types and NULLs by SGR sequences.
    package var color: Bool
    /// Box: a line with the types under the names.
    package var headerTypes: Bool
    /// Box and table: no cell of text takes more columns than this; nil is unlimited.
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
