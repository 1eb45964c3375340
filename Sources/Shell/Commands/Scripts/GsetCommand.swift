import Databricks
import Results

/// `.gset` — a one-row result becomes parameters.
struct GsetCommand: MetaCommand {
    let prefix = Argument<String?>("PREFIX", "a prefix for the names of the parameters")

    var spec: CommandSpec {
        CommandSpec(
            "gset", in: .scripts, "set parameters from a one-row result", takes: [prefix],
            details: """
                Each column of the last result becomes a parameter of the same name, with its type and value. Binary and nested values, \
                which a parameter cannot have, become text.
                """,
            examples: [.init(".gset", "after select max(day) as day …, use :day", runs: false)], isImmediate: true)
    }

    func run(_ call: Call, in session: Session) async throws {
        guard let table = session.log.lastTable else {
            throw UsageError("there is no result yet", hint: "run a query first")
        }
        guard table.rowCount == 1, let row = table.rows(1).first else {
            throw UsageError(
                "the last result has \(table.rowCount) rows", hint: ".gset takes one row, e.g. of limit 1")
        }
        let prefix = call[prefix] ?? ""
        var parameters = session.parameters
        for (column, value) in zip(table.columns, row) {
            try parameters.set(.init(name: prefix + column.name, type: Self.type(of: column), value: value))
        }
        session.parameters = parameters
        for column in table.columns where Self.isOnlyText(column) {
            session.console.say(
                ":\(prefix + column.name) is text: a parameter cannot be of type \(column.typeText.uppercased())")
        }
    }

    /// The column's type, where parameters can have it.
    private static func type(of column: Column) -> String? {
        switch column.kind {
        case .integer, .decimal, .float, .boolean, .date, .timestamp:
            column.typeText.isEmpty ? nil : column.typeText.uppercased()
        case .text, .interval, .binary, .array, .map, .structure, .variant, .null, .other: nil
        }
    }

    /// Whether the value loses its type.
    private static func isOnlyText(_ column: Column) -> Bool {
        switch column.kind {
        case .binary, .array, .map, .structure, .variant: true
        case .integer, .decimal, .float, .boolean, .date, .timestamp, .text, .interval, .null, .other: false
        }
    }
}
