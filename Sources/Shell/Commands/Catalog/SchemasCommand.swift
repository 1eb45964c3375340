/// `.schemas` — the schemas of a catalog.
struct SchemasCommand: MetaCommand {
    let catalog = Argument<String?>("CATALOG", "a catalog (default: the current one)")

    var spec: CommandSpec {
        CommandSpec(
            "schemas", in: .catalog, "list the schemas of a catalog", takes: [catalog],
            examples: [
                .init(".schemas", "schemas of the current catalog"),
                .init(".schemas samples", "schemas of another catalog"),
            ])
    }

    func run(_ call: Call, in session: Session) async throws {
        let place = call[catalog].map { " IN " + SQLName.quoted($0) } ?? ""
        try await SQLRunner(session: session).run("SHOW SCHEMAS" + place)
    }
}
