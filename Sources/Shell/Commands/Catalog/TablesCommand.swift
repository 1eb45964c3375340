import Databricks
import Results

/// `.tables` — the tables and views of the current schema.
struct TablesCommand: MetaCommand {
    let pattern = Argument<String?>("PATTERN", "only names that match; * matches any characters")

    var spec: CommandSpec {
        CommandSpec(
            "tables", in: .catalog, "list tables and views", takes: [pattern],
            details: """
                Lists the current schema. For another one, put its name first: .tables samples.nyctaxi.*
                """,
            examples: [
                .init(".tables", "tables of the current schema"),
                .init(".tables samples.nyctaxi.*", "tables of another schema"),
            ])
    }

    func run(_ call: Call, in session: Session) async throws {
        try await SQLRunner(session: session).run(Self.statement(call[pattern]))
    }

    /// `SHOW TABLES` for a pattern, whose parts but the last name the schema.
    static func statement(_ pattern: String?) -> String {
        guard let pattern else { return "SHOW TABLES" }
        var parts = pattern.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        let last = parts.removeLast()
        let schema = parts.map { SQLName.quoted($0) }.joined(separator: ".")
        let like = last.isEmpty ? "" : " LIKE '" + last.replacing("\\", with: "\\\\").replacing("'", with: "\\'") + "'"
        return "SHOW TABLES" + (schema.isEmpty ? "" : " IN " + schema) + like
    }
}
