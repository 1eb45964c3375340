/// `.use` — the catalog and schema that names without them belong to.
struct UseCommand: MetaCommand {
    let place = Argument<String>("CATALOG[.SCHEMA]", from: .catalog(.place))

    var spec: CommandSpec {
        CommandSpec(
            "use", in: .catalog, "set the current catalog and schema", takes: [place],
            details:
                "A name without a dot is a catalog, and the schema is then default. The SQL statement USE does the same.",
            examples: [
                .init(".use main", "use the catalog main"), .init(".use main.default", "use one of its schemas"),
            ])
    }

    func run(_ call: Call, in session: Session) async throws {
        let place = call[place]
        let statement =
            place.contains(".") ? "USE " + SQLName.quoted(path: place) : "USE CATALOG " + SQLName.quoted(place)
        try await SQLRunner(session: session).run(statement)
    }
}
