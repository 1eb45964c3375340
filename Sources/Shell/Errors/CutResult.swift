import Text

/// The service did not return all of a result. It is always said, and with `--strict` the cell has failed.
struct CutResult: Error {
    /// What was cut, which decides what can be done about it.
    enum Kind {
        /// A statement's rows, by `manifest.truncated`.
        case statement
        /// The rows of a command in an execution context: 10,000 or 2 MB at most.
        case command
        /// What a command printed.
        case text
    }

    let kind: Kind
    /// Rows that did arrive; nil for text.
    let rows: Int?

    var message: String {
        let after = rows.map { " after \(Quantity.grouped($0)) row\($0 == 1 ? "" : "s")" } ?? ""
        // A command's rows may have been cut here: by Spark Connect, Python runs on this machine.
        let cutter = kind == .command ? "" : " by the service"
        return "the \(kind == .text ? "output" : "result") was cut short\(cutter)\(after)"
    }

    var advice: String {
        switch kind {
        case .statement: "select fewer rows or columns, or write them to a table"
        case .command:
            "SQL on a warehouse returns all of it (.target warehouse); or write it to a table or file"
        case .text: "print less, or write it to a file"
        }
    }
}
