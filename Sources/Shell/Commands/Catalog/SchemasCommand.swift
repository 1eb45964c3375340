/// `.schemas` — the schemas of a catalog.
struct SchemasCommand: MetaCommand {
    let catalog = Argument<String?>("CATALOG", "the current one when left out")

    var spec: CommandSpec {
        CommandSpec(
            "schemas", in: .catalog, "list the schemas of a catalog", takes: [catalog],
            examples: [.init(".schemas", "of the current catalog"), .init(".schemas samples", "of another")])
    }

    func run(_ call: Call, in session: Session) async throws {
        let place = call[catalog].map { " IN " + SQLName.quoted($0) } ?? ""
        try await SQLRunner(session: session).run("SHOW SCHEMAS" + place)
    }
}
