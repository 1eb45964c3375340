import Databricks
import Results

/// `.functions` — functions of a schema.
struct FunctionsCommand: MetaCommand {
    let place = Argument<String?>(
        "NAME", "a schema, a pattern of names, or both; * matches any characters", from: .catalog(.function))

    var spec: CommandSpec {
        CommandSpec(
            "functions", in: .catalog, "list functions that users made", takes: [place],
            details: "NAME is read as by .tables.",
            examples: [
                .init(".functions", "functions of the current schema"),
                .init(".functions main.default", "functions of another schema"),
            ])
    }

    func run(_ call: Call, in session: Session) async throws {
        let found = try await ObjectList(session: session, kind: .function).entries(call[place])
        try session.presenter.show(
            [.text("catalog"), .text("schema"), .text("name"), .text("returns"), .text("comment")],
            rows: found.map { [$0.schema.catalog, $0.schema.schema, $0.name, $0.type, $0.comment] })
    }
}
