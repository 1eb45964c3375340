import Databricks
import Results

/// `.volumes` — volumes of a schema.
struct VolumesCommand: MetaCommand {
    let place = Argument<String?>(
        "NAME", "a schema, a pattern of names, or both; * matches any characters", from: .catalog(.volume))

    var spec: CommandSpec {
        CommandSpec(
            "volumes", in: .catalog, "list volumes", takes: [place],
            details: "NAME is read as by .tables.",
            examples: [
                .init(".volumes", "volumes of the current schema"),
                .init(".volumes main.default", "volumes of another schema"),
            ])
    }

    func run(_ call: Call, in session: Session) async throws {
        let found = try await ObjectList(session: session, kind: .volume).entries(call[place])
        try session.presenter.show(
            [.text("catalog"), .text("schema"), .text("name"), .text("type"), .text("comment")],
            rows: found.map { [$0.schema.catalog, $0.schema.schema, $0.name, $0.type, $0.comment] })
    }
}
