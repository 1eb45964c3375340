import Databricks

/// What a user means by the argument of `.tables`, `.volumes` and `.functions`: which schemas, and which names in them.
///
/// A name can be read in two ways: `a` is a schema or a name in the current one, `a.b` is a schema of catalog `a`, or a name in schema
/// `a`. The reading that exists is meant, and the first one when both do.
nonisolated struct ObjectPlace: Equatable {
    let catalog: String
    let schemas: NamePattern
    let names: NamePattern

    /// As the user could write it to mean this and nothing else.
    var text: String { [catalog, schemas.text, names.text].filter { !$0.isEmpty }.joined(separator: ".") }

    /// The readings of what was typed, with the likeliest first.
    /// - Throws: `UsageError` for a name of more than three parts.
    static func readings(of typed: String?, in here: SchemaName) throws -> [ObjectPlace] {
        func place(_ catalog: String, _ schema: String, _ names: String) -> ObjectPlace {
            ObjectPlace(catalog: catalog, schemas: NamePattern(schema), names: NamePattern(names))
        }
        let parts = typed.map { SQLName.parts(of: $0).map { $0.isEmpty ? "*" : $0 } } ?? []
        switch parts.count {
        case 0: return [place(here.catalog, here.schema, "*")]
        case 1 where NamePattern(parts[0]).isOpen: return [place(here.catalog, here.schema, parts[0])]
        case 1: return [place(here.catalog, parts[0], "*"), place(here.catalog, here.schema, parts[0])]
        case 2 where NamePattern(parts[1]).isOpen:
            return [place(here.catalog, parts[0], parts[1]), place(parts[0], parts[1], "*")]
        case 2: return [place(parts[0], parts[1], "*"), place(here.catalog, parts[0], parts[1])]
        case 3: return [place(parts[0], parts[1], parts[2])]
        default:
            throw UsageError(
                "“\(typed ?? "")” has more than three parts",
                hint: "a name is CATALOG.SCHEMA.NAME; * matches any characters")
        }
    }
}

/// Lists what schemas hold.
struct ObjectList {
    let session: Session
    let kind: CatalogReader.Kind

    /// What was typed, read as the workspace has it.
    /// - Throws: `UsageError` when there is nothing that it could mean.
    func entries(_ typed: String?) async throws -> [CatalogReader.Entry] {
        let catalogs = try await session.catalogs()
        let readings = try ObjectPlace.readings(of: typed, in: try await catalogs.currentSchema())
        guard readings.count == 2 else {
            return try await found(readings[0], catalogs) ?? missing(readings[0])
        }
        async let first = found(readings[0], catalogs)
        async let second = found(readings[1], catalogs)
        let (one, other) = try await (first, second)
        switch (one, other) {
        case (let entries?, nil): return entries
        case (nil, let entries?): return entries
        case (let entries?, .some):
            session.console.say("“\(typed ?? "")” is listed as \(readings[0].text); there is \(readings[1].text) too")
            return entries
        case (nil, nil):
            if let typed, try await catalogs.has(catalog: typed) {
                throw UsageError("“\(typed)” is a catalog", hint: ".schemas \(typed) lists its schemas")
            }
            return try missing(readings[0], readings[1])
        }
    }

    /// What the reading means; nil when it means nothing: there is no such schema, or for a whole name, nothing that is called so.
    private func found(_ place: ObjectPlace, _ catalogs: CatalogReader) async throws -> [CatalogReader.Entry]? {
        let entries: [CatalogReader.Entry]
        do {
            entries = try await catalogs.objects(kind, in: place.catalog, schemas: place.schemas, names: place.names)
        } catch let error as APIError where error.status == 404 { return nil }
        if !entries.isEmpty { return entries }
        guard place.names.isOpen else { return nil }
        let exists =
            place.schemas.isOpen
            ? try await catalogs.has(catalog: place.catalog)
            : try await catalogs.has(SchemaName(place.catalog, place.schemas.text))
        return exists ? [] : nil
    }

    private func missing(_ places: ObjectPlace...) throws -> [CatalogReader.Entry] {
        let words = places.map { place in
            let schema = [place.catalog, place.schemas.text].filter { !$0.isEmpty }.joined(separator: ".")
            if place.names.isOpen { return place.schemas.isOpen ? "catalog \(place.catalog)" : "schema \(schema)" }
            return "\(kind.rawValue) \(schema).\(place.names.text)"
        }
        throw UsageError(
            "there is no \(words.joined(separator: " and no "))",
            hint: ".schemas lists schemas, .schemas CATALOG those of another catalog")
    }
}
