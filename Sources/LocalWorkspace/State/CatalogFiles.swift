import System

/// The catalogs of the workspace as they lie on the disk, where the engine keeps them (`Engine/scala/LocalCatalog.scala`). They are
/// read without the engine, so that what there is can be listed while nothing runs.
struct CatalogFiles: Sendable {
    /// The folder of the catalogs.
    let root: String
    /// The folder in which the catalog `samples` is; empty when there is none.
    let samples: String
    /// The folder of the volumes: `CATALOG/SCHEMA/VOLUME`.
    let volumes: String

    static let informationSchema = "information_schema"
    private static let viewSuffix = ".view.json"

    func catalogs() -> [String] {
        let made = Files.entries(in: root).filter { $0.isDirectory && !$0.name.hasPrefix(".") }.map(\.name)
        return Set(made + ["main"] + (samples.isEmpty ? [] : ["samples"])).sorted()
    }

    /// - Throws: `APIError` when there is no such catalog.
    func schemas(in catalog: String) throws -> [String] {
        let name = try require(catalog: catalog)
        let made = Files.entries(in: folder(name)).filter { $0.isDirectory && !$0.name.hasPrefix(".") }.map(\.name)
        // The engine makes it when it first needs the catalog.
        let always = name == "samples" ? [] : ["default"]
        return Set(made + always + [Self.informationSchema]).sorted()
    }

    /// A table or view, by name.
    struct Entry: Sendable, Equatable {
        let name: String
        let isView: Bool
    }

    /// Tables and views, by name.
    /// - Throws: `APIError` when there is no such schema.
    func tables(in schema: String, of catalog: String) throws -> [Entry] {
        let (catalog, schema) = try require(schema: schema, of: catalog)
        if schema == Self.informationSchema {
            return InformationSchema.views.map { Entry(name: $0.name, isView: true) }
        }
        let folder = folder(catalog) + "/" + schema
        let found = Files.entries(in: folder).filter { !$0.name.hasPrefix(".") }.compactMap { entry -> Entry? in
            if entry.name.hasSuffix(Self.viewSuffix) {
                return Entry(name: String(entry.name.dropLast(Self.viewSuffix.count)), isView: true)
            }
            guard entry.isDirectory, Files.size("\(folder)/\(entry.name)/_table.json") != nil else { return nil }
            return Entry(name: entry.name, isView: false)
        }
        return found.sorted { $0.name < $1.name }
    }

    /// What is written of a table or view, and its folder; nil when there is none.
    func table(_ entry: Entry, in schema: String, of catalog: String) -> (json: JSON, folder: String)? {
        let folder = folder(catalog) + "/" + schema + "/" + entry.name
        let path = entry.isView ? folder + Self.viewSuffix : folder + "/_table.json"
        return json(path).map { ($0, folder) }
    }

    /// What is written of a schema: comment, owner, properties.
    func schemaProperties(_ schema: String, of catalog: String) -> JSON {
        json(folder(catalog) + "/" + schema + "/_schema.json") ?? [:]
    }

    /// The CREATE FUNCTION texts of a schema, by name (`Engine/python/function_statements.py`).
    /// - Throws: `APIError` when there is no such schema.
    func functions(in schema: String, of catalog: String) throws -> [(name: String, text: String)] {
        let (catalog, schema) = try require(schema: schema, of: catalog)
        guard case .object(let members) = json(root + "/.functions.json") ?? [:] else { return [] }
        return members.compactMap { member in
            let parts = member.name.split(separator: ".", maxSplits: 2).map { $0.filter { $0 != "`" } }
            guard parts.count == 3, parts[0] == catalog, parts[1] == schema else { return nil }
            return (parts[2], member.value.string ?? "")
        }
    }

    /// The volumes of a schema, by name.
    /// - Throws: `APIError` when there is no such schema.
    func volumes(in schema: String, of catalog: String) throws -> [String] {
        let (catalog, schema) = try require(schema: schema, of: catalog)
        return Files.entries(in: "\(volumes)/\(catalog)/\(schema)").filter { $0.isDirectory && !$0.name.hasPrefix(".") }
            .map(\.name).sorted()
    }

    /// The catalog's name as it is written.
    /// - Throws: `APIError` CATALOG_DOES_NOT_EXIST.
    @discardableResult
    func require(catalog: String) throws -> String {
        let name = catalog.lowercased()
        guard catalogs().contains(name) else {
            throw APIError(404, "CATALOG_DOES_NOT_EXIST", "Catalog '\(catalog)' does not exist.")
        }
        return name
    }

    /// Both names as they are written.
    /// - Throws: `APIError` SCHEMA_DOES_NOT_EXIST, CATALOG_DOES_NOT_EXIST.
    @discardableResult
    func require(schema: String, of catalog: String) throws -> (catalog: String, schema: String) {
        let name = schema.lowercased()
        guard try schemas(in: catalog).contains(name) else {
            throw APIError(404, "SCHEMA_DOES_NOT_EXIST", "Schema '\(catalog).\(schema)' does not exist.")
        }
        return (catalog.lowercased(), name)
    }

    private func folder(_ catalog: String) -> String { (catalog == "samples" ? samples : root) + "/" + catalog }

    private func json(_ path: String) -> JSON? { (try? Files.read(path)).flatMap { try? JSON(parsing: $0) } }
}

/// The views of every `information_schema`, as `Engine/scala/InformationSchema.scala` has them.
enum InformationSchema {
    static let views: [(name: String, columns: String)] = [
        ("catalogs", "catalog_name string, catalog_owner string, comment string"),
        (
            "columns",
            "table_catalog string, table_schema string, table_name string, column_name string, ordinal_position int, "
                + "column_default string, is_nullable string, full_data_type string, data_type string, comment string"
        ),
        ("schemata", "catalog_name string, schema_name string, schema_owner string, comment string"),
        (
            "tables",
            "table_catalog string, table_schema string, table_name string, table_type string, table_owner string, "
                + "comment string, created timestamp, data_source_format string"
        ),
        ("views", "table_catalog string, table_schema string, table_name string, view_definition string"),
    ]
}
