import Databricks

/// What there is in the catalogs of the workspace. It is read from the Unity Catalog API, for which nothing has to run; SQL is asked
/// only where that API has no answer: about `hive_metastore`, and in workspaces without Unity Catalog.
struct CatalogReader {
    let workspace: Workspace
    let client: Client
    /// How SQL is asked.
    let side: SideStatement

    init(
        _ workspace: Workspace, _ client: Client, mayStart: @escaping (Warehouse) async throws -> Bool = { _ in false }
    ) {
        self.workspace = workspace
        self.client = client
        side = SideStatement(workspace: workspace, client: client, mayStart: mayStart)
    }

    /// A catalog, schema, table, volume or function in a list.
    struct Entry: Equatable {
        var schema = SchemaName("", "")
        let name: String
        var type: String?
        var owner: String?
        var comment: String?
    }

    /// What schemas hold.
    enum Kind: String {
        case table, volume, function
    }

    /// The catalog of workspaces before Unity Catalog, which its API does not know.
    static let legacyCatalog = "hive_metastore"

    // MARK: Where the session is

    /// The current catalog; empty where there are none.
    func currentCatalog() async throws -> String {
        if let catalog = workspace.catalog ?? workspace.names.defaultCatalog { return catalog }
        guard workspace.names.hasUnityCatalog else { return "" }
        // Several lists can begin with this question at once.
        let asking = workspace.names.askingDefaultCatalog ?? Task { try await askForDefaultCatalog() }
        workspace.names.askingDefaultCatalog = asking
        defer { workspace.names.askingDefaultCatalog = nil }
        return try await asking.value
    }

    private func askForDefaultCatalog() async throws -> String {
        do {
            let found = try await unity(nil) { try await $0.defaultCatalog() }
            workspace.names.defaultCatalog = found.map { $0 ?? Self.legacyCatalog }
        } catch let error as APIError
            where (400..<500).contains(error.status) && !error.isUnauthenticated
        {
            // Who may not ask begins in the catalog of the time before, unless the profile names another.
            workspace.names.defaultCatalog = Self.legacyCatalog
        }
        return workspace.names.defaultCatalog ?? ""
    }

    func currentSchema() async throws -> SchemaName {
        SchemaName(try await currentCatalog(), workspace.schema ?? "default")
    }

    /// The schema that a name of at most two parts means; the current one when it is empty.
    func schema(_ parts: [String]) async throws -> SchemaName {
        switch parts.count {
        case 0: try await currentSchema()
        case 1: SchemaName(try await currentCatalog(), parts[0])
        default: SchemaName(parts[0], parts[1])
        }
    }

    // MARK: Lists

    func catalogs() async throws -> [Entry] {
        if let found = try await unity(nil, { try await $0.catalogs() }) {
            return found.map { Entry(name: $0.name, type: $0.catalogType, owner: $0.owner, comment: $0.comment) }
        }
        return try await column(0, of: "SHOW CATALOGS")
    }

    /// - Throws: `APIError` 404 where there is no such catalog.
    func schemas(in catalog: String) async throws -> [Entry] {
        if let found = try await unity(catalog, { try await $0.schemas(in: catalog) }) {
            return found.map { Entry(name: $0.name, owner: $0.owner, comment: $0.comment) }
        }
        return try await column(0, of: "SHOW SCHEMAS" + Self.place([catalog]))
    }

    /// Tables and views, volumes, or functions of the schemas that match; none where there is no such catalog or schema.
    func objects(
        _ kind: Kind, in catalog: String, schemas: NamePattern, names: NamePattern
    ) async throws -> [Entry] {
        if kind == .table {
            let found = try await unity(catalog) {
                try await $0.tables(in: catalog, schemas: schemas, names: names)
            }
            if let found {
                let entries = found.map { Entry(schema: SchemaName(catalog, $0.schema), name: $0.name, type: $0.type) }
                return entries.sorted { ($0.schema.schema, $0.name) < ($1.schema.schema, $1.name) }
            }
        }
        let places =
            schemas.isOpen
            ? try await self.schemas(in: catalog).map(\.name).filter(schemas.matches) : [schemas.text]
        var all: [Entry] = []
        for place in places {
            do { all += try await list(kind, in: SchemaName(catalog, place), names) } catch let error as APIError
                where error.status == 404
            {}
        }
        return all
    }

    private func list(_ kind: Kind, in schema: SchemaName, _ names: NamePattern) async throws -> [Entry] {
        let found = try await unity(schema.catalog) {
            switch kind {
            case .table: [CatalogObject]()  // they come by `table-summaries`
            case .volume: try await $0.volumes(in: schema)
            case .function: try await $0.functions(in: schema)
            }
        }
        if let found {
            return found.filter { names.matches($0.name) }.map {
                Entry(
                    schema: schema, name: $0.name, type: kind == .volume ? $0.volumeType : $0.returnType,
                    owner: $0.owner, comment: $0.comment)
            }
        }
        let place = Self.place([schema.catalog, schema.schema])
        let entries: [Entry] =
            switch kind {
            case .table: try await column(1, of: "SHOW TABLES" + place)
            case .volume: try await column(1, of: "SHOW VOLUMES" + place)
            case .function: try await column(0, of: "SHOW USER FUNCTIONS" + place)
            }
        return entries.filter { names.matches($0.name) }.map { entry in
            // SHOW FUNCTIONS answers whole names.
            Entry(schema: schema, name: kind == .function ? SQLName.parts(of: entry.name).last ?? "" : entry.name)
        }
    }

    // MARK: One of them

    func has(_ schema: SchemaName) async throws -> Bool {
        do {
            if try await unity(schema.catalog, { try await $0.schema(schema) }) != nil { return true }
        } catch let error as APIError where error.status == 404 { return false }
        return try await schemas(in: schema.catalog).contains { $0.name.lowercased() == schema.schema.lowercased() }
    }

    func has(catalog: String) async throws -> Bool {
        do {
            if try await unity(catalog, { try await $0.catalog(catalog) }) != nil { return true }
        } catch let error as APIError where error.status == 404 { return false }
        return try await catalogs().contains { $0.name.lowercased() == catalog.lowercased() }
    }

    /// Everything about a table or view; nil where only SQL knows it.
    /// - Throws: `APIError` 404 where there is none.
    func table(_ name: String, in schema: SchemaName) async throws -> CatalogTable? {
        try await unity(schema.catalog) { try await $0.table(name, in: schema) }
    }

    /// Names and types of a table's columns.
    func columns(of table: String, in schema: SchemaName) async throws -> [CatalogName] {
        if let found = try await self.table(table, in: schema) {
            let references = found.references
            return found.columns.map { CatalogName(text: $0.name, note: $0.type, reference: references[$0.name]) }
        }
        let parts = [schema.catalog, schema.schema, table].filter { !$0.isEmpty }
        let rows = try await side.rows("DESCRIBE TABLE " + SQLName.quoted(parts)).rows
        // Partitioning and the like follow after the columns, under a `#` heading.
        return rows.prefix { !($0.first ?? "").isEmpty && !$0[0].hasPrefix("#") }
            .map { CatalogName(text: $0[0], note: $0.count > 1 ? $0[1] : "") }
    }

    // MARK: Asking

    /// What the API says of a catalog, or of all; nil where SQL has to be asked.
    private func unity<T>(
        _ catalog: String?, _ body: (UnityCatalog) async throws -> T
    ) async throws -> T? {
        guard workspace.names.hasUnityCatalog, catalog != "", catalog?.lowercased() != Self.legacyCatalog else {
            return nil
        }
        do { return try await body(client.unityCatalog) } catch let error as APIError where error.meansNoUnityCatalog {
            workspace.names.hasUnityCatalog = false
            return nil
        }
    }

    private func column(_ index: Int, of statement: String) async throws -> [Entry] {
        try await side.rows(statement).rows.compactMap { row in
            row.indices.contains(index) ? Entry(name: row[index]) : nil
        }
    }

    private static func place(_ parts: [String]) -> String {
        let parts = parts.filter { !$0.isEmpty }
        return parts.isEmpty ? "" : " IN " + SQLName.quoted(parts)
    }
}
