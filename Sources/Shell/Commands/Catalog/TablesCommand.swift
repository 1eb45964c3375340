import Databricks
import Results

/// `.tables` — tables and views of a schema.
struct TablesCommand: MetaCommand {
    let place = Argument<String?>(
        "NAME", "a schema, a pattern of names, or both; * matches any characters", from: .catalog(.table))

    var spec: CommandSpec {
        CommandSpec(
            "tables", in: .catalog, "list tables and views", takes: [place],
            details: """
                NAME is SCHEMA, CATALOG.SCHEMA, PATTERN, SCHEMA.PATTERN or CATALOG.SCHEMA.PATTERN; without it the current schema is
                listed. When a name can be read in two ways, the one that exists is meant. The catalog answers by itself: no warehouse
                has to run, except for hive_metastore. Temporary views belong to your SQL session: SHOW VIEWS lists them.
                """,
            examples: [
                .init(".tables", "tables of the current schema"),
                .init(".tables samples.nyctaxi", "tables of another schema"),
                .init(".tables samples.nyctaxi.t*", "those that begin with t"),
            ])
    }

    func run(_ call: Call, in session: Session) async throws {
        let found = try await ObjectList(session: session, kind: .table).entries(call[place])
        try session.presenter.show(
            [.text("catalog"), .text("schema"), .text("name"), .text("type")],
            rows: found.map { [$0.schema.catalog, $0.schema.schema, $0.name, $0.type] })
    }
}
