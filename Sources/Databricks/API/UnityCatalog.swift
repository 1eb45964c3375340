import Results

/// Unity Catalog API 2.1 (`/api/2.1/unity-catalog`): what there is in the catalogs. It is read without compute.
///
/// Names are matched without regard to case. Lists hold what the user may see.
package struct UnityCatalog: Sendable {
    let client: Client
    private static let base = "/api/2.1/unity-catalog/"

    package func catalogs() async throws -> [CatalogObject] { try await list("catalogs") }

    /// - Throws: as `Client.json`; 404 where there is no such catalog.
    package func schemas(in catalog: String) async throws -> [CatalogObject] {
        try await list("schemas", [("catalog_name", catalog)])
    }

    package func volumes(in schema: SchemaName) async throws -> [CatalogObject] {
        try await list("volumes", Self.query(schema))
    }

    package func functions(in schema: SchemaName) async throws -> [CatalogObject] {
        try await list("functions", Self.query(schema))
    }

    /// Names and kinds of tables and views, chosen by the service: thousands come in one reply. Empty also where there is no
    /// such catalog or schema.
    package func tables(in catalog: String, schemas: NamePattern, names: NamePattern) async throws -> [TableSummary] {
        let query: [(String, String?)] = [
            ("catalog_name", catalog), ("schema_name_pattern", schemas.like), ("table_name_pattern", names.like),
        ]
        let found = try await list("table-summaries", query, items: "tables").map(TableSummary.init)
        // LIKE finds more than the pattern means: `_` is any character.
        return found.filter { schemas.matches($0.schema) && names.matches($0.name) }
    }

    /// Everything about one table or view.
    /// - Throws: as `Client.json`; 404 where there is none.
    package func table(_ name: String, in schema: SchemaName) async throws -> CatalogTable {
        CatalogTable(try await get("tables", [schema.catalog, schema.schema, name]))
    }

    /// - Throws: as `Client.json`; 404 where there is none.
    package func schema(_ name: SchemaName) async throws -> CatalogObject {
        CatalogObject(try await get("schemas", [name.catalog, name.schema]))
    }

    /// - Throws: as `Client.json`; 404 where there is none.
    package func catalog(_ name: String) async throws -> CatalogObject {
        CatalogObject(try await get("catalogs", [name]))
    }

    /// The catalog that a session of this workspace begins in; nil when the service does not say.
    package func defaultCatalog() async throws -> String? {
        try await client.json(.get(Self.base + "current-metastore-assignment")).string("default_catalog_name")
    }

    private func get(_ kind: String, _ name: [String]) async throws -> JSONValue {
        try await client.json(.get(Self.base + kind + "/" + PercentEncoding.component(name.joined(separator: "."))))
    }

    /// All pages; 0 asks for pages of the service's own size, as without a size some lists are refused.
    private func list(
        _ kind: String, _ query: [(String, String?)], items: String
    ) async throws -> [JSONValue] {
        try await client.pages(Self.base + kind, query + [("max_results", "0")], items: items)
    }

    private func list(_ kind: String, _ query: [(String, String?)] = []) async throws -> [CatalogObject] {
        try await list(kind, query, items: kind).map(CatalogObject.init)
    }

    private static func query(_ schema: SchemaName) -> [(String, String?)] {
        [("catalog_name", schema.catalog), ("schema_name", schema.schema)]
    }
}

extension Client {
    package var unityCatalog: UnityCatalog { UnityCatalog(client: self) }
}

extension APIError {
    /// The workspace has no Unity Catalog, or its host does not know the API (API/README.md).
    package var meansNoUnityCatalog: Bool {
        [405, 501].contains(status)
            || ["ENDPOINT_NOT_FOUND", "METASTORE_DOES_NOT_EXIST", "FEATURE_DISABLED", "NOT_IMPLEMENTED"].contains(code)
    }
}

/// A schema with its catalog.
package struct SchemaName: Sendable, Hashable {
    package var catalog: String
    package var schema: String

    package init(_ catalog: String, _ schema: String) {
        self.catalog = catalog
        self.schema = schema
    }
}

/// A catalog, schema, volume or function as a list of the API describes it.
package struct CatalogObject: Sendable, Equatable {
    /// Every field the service sent.
    package let json: JSONValue

    init(_ json: JSONValue) { self.json = json }

    package var name: String { json.string("name") ?? "" }
    package var owner: String? { json.string("owner") }
    package var comment: String? { json.string("comment") }
    /// Of a catalog, such as `MANAGED_CATALOG`.
    package var catalogType: String? { json.string("catalog_type") }
    /// Of a volume, `MANAGED` or `EXTERNAL`.
    package var volumeType: String? { json.string("volume_type") }
    /// Of a function: the type that it returns.
    package var returnType: String? { json.string("full_data_type") ?? json.string("data_type") }
}

/// A table or view as `table-summaries` tells it.
package struct TableSummary: Sendable, Equatable {
    package let name: String
    package let schema: String
    /// Such as `MANAGED` or `VIEW`.
    package let type: String?

    init(_ json: JSONValue) {
        // Names cannot have dots in them.
        let parts = (json.string("full_name") ?? "").split(separator: ".", maxSplits: 2).map(String.init)
        schema = parts.count == 3 ? parts[1] : ""
        name = parts.last ?? ""
        type = json.string("table_type")
    }
}
