/// `.catalogs` — the catalogs one may see.
struct CatalogsCommand: MetaCommand {
    var spec: CommandSpec {
        CommandSpec(
            "catalogs", in: .catalog, "list the catalogs", examples: [.init(".catalogs", "names of the catalogs")])
    }

    func run(_ call: Call, in session: Session) async throws {
        try await SQLRunner(session: session).run("SHOW CATALOGS")
    }
}
