import Databricks
import Results

/// `.schemas` — the schemas of a catalog.
struct SchemasCommand: MetaCommand {
    let place = Argument<String?>(
        "CATALOG[.PATTERN]", "a catalog, a pattern of names, or both (default: the current catalog)",
        from: .catalog(.catalog))

    var spec: CommandSpec {
        CommandSpec(
            "schemas", in: .catalog, "list the schemas of a catalog", takes: [place],
            examples: [
                .init(".schemas", "schemas of the current catalog"),
                .init(".schemas samples", "schemas of another catalog"),
                .init(".schemas samples.n*", "those that begin with n"),
            ])
    }

    func run(_ call: Call, in session: Session) async throws {
        let catalogs = try await session.catalogs()
        let parts = call[place].map(SQLName.parts) ?? []
        guard parts.count <= 2 else {
            throw UsageError("“\(call[place] ?? "")” is no catalog", hint: ".tables lists what a schema holds")
        }
        let isPattern = parts.count == 1 && NamePattern(parts[0]).isOpen
        var catalog = parts.first ?? ""
        if parts.isEmpty || isPattern { catalog = try await catalogs.currentCatalog() }
        let pattern = NamePattern(isPattern ? parts[0] : parts.count == 2 ? parts[1] : "*")
        let found: [CatalogReader.Entry]
        do { found = try await catalogs.schemas(in: catalog) } catch let error as APIError where error.status == 404 {
            throw UsageError("there is no catalog “\(catalog)”", hint: ".catalogs lists them")
        }
        try session.presenter.show(
            [.text("catalog"), .text("name"), .text("owner"), .text("comment")],
            rows: found.filter { pattern.matches($0.name) }.map { [catalog, $0.name, $0.owner, $0.comment] })
    }
}
