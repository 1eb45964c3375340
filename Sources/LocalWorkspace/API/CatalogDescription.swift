import System

/// What the Unity Catalog API says of a catalog, schema, table or function, made of the catalogs' files.
struct CatalogDescription: Sendable {
    let files: CatalogFiles
    private let owner: String

    init(_ files: CatalogFiles, owner: String) {
        self.files = files
        self.owner = owner
    }

    func catalog(_ name: String) -> JSON {
        [
            "name": .string(name), "full_name": .string(name), "catalog_type": "MANAGED_CATALOG",
            "owner": .string(owner), "securable_type": "CATALOG", "isolation_mode": "OPEN",
        ]
    }

    func schema(_ name: String, of catalog: String) -> JSON {
        let known = files.schemaProperties(name, of: catalog)
        let object: JSON = [
            "name": .string(name), "catalog_name": .string(catalog), "full_name": .string("\(catalog).\(name)"),
            "owner": .string(owner),
        ]
        return object.adding(["comment": .optional(known["comment"]?.string)])
    }

    func table(_ entry: CatalogFiles.Entry, in schema: String, of catalog: String, hasColumns: Bool) -> JSON {
        let object: JSON = [
            "name": .string(entry.name), "catalog_name": .string(catalog), "schema_name": .string(schema),
            "full_name": .string("\(catalog).\(schema).\(entry.name)"), "owner": .string(owner),
            "table_type": entry.isView ? "VIEW" : "MANAGED",
        ]
        if schema == CatalogFiles.informationSchema {
            let text = InformationSchema.views.first { $0.name == entry.name }?.columns ?? ""
            return object.adding(["columns": hasColumns ? .array(Self.columns(ddl: text)) : .null])
        }
        guard let (known, folder) = files.table(entry, in: schema, of: catalog) else { return object }
        let properties = known["properties"] ?? [:]
        let versions = known["versions"]?.elements ?? []
        let partitions = (known["partitions"]?.elements ?? []).compactMap(\.string)
        let fields = (known["schema"]?.string).flatMap { try? JSON(parsing: $0.utf8) }?["fields"]?.elements ?? []
        return object.adding([
            "data_source_format": entry.isView
                ? .null : .string((properties["provider"]?.string ?? "delta").uppercased()),
            "comment": .optional(properties["comment"]?.string), "table_id": .optional(known["id"]?.string),
            "storage_location": entry.isView ? .null : .string("file:" + folder),
            "view_definition": .optional(known["sql"]?.string),
            "created_at": known["created"] ?? .null, "updated_at": versions.last?["ts"] ?? .null,
            "columns": hasColumns ? .array(Self.columns(fields, partitions)) : .null,
            "properties": Self.shown(properties, versions, folder),
        ])
    }

    func volume(_ name: String, in schema: String, of catalog: String) -> JSON {
        [
            "name": .string(name), "catalog_name": .string(catalog), "schema_name": .string(schema),
            "full_name": .string("\(catalog).\(schema).\(name)"), "volume_type": "MANAGED", "owner": .string(owner),
            "storage_location": .string("file:\(files.volumes)/\(catalog)/\(schema)/\(name)"),
        ]
    }

    func function(_ name: String, _ text: String, in schema: String, of catalog: String) -> JSON {
        let function = FunctionText(text)
        let object: JSON = [
            "name": .string(name), "catalog_name": .string(catalog), "schema_name": .string(schema),
            "full_name": .string("\(catalog).\(schema).\(name)"), "owner": .string(owner),
            "routine_body": function.isSQL ? "SQL" : "EXTERNAL", "routine_definition": .string(function.body),
        ]
        let parameters = function.parameters.enumerated().map { index, parameter -> JSON in
            [
                "name": .string(parameter.name), "type_text": .string(parameter.type), "position": .integer(index),
                "type_name": .string(SparkType.name(ofSQL: parameter.type)),
            ]
        }
        return object.adding([
            "full_data_type": .optional(function.returns),
            "data_type": .optional(function.returns.map(SparkType.name(ofSQL:))),
            "input_params": parameters.isEmpty ? .null : ["parameters": .array(parameters)],
        ])
    }

    private static func columns(_ fields: [JSON], _ partitions: [String]) -> [JSON] {
        fields.enumerated().map { index, field in
            let name = field["name"]?.string ?? ""
            let type = SparkType(field["type"] ?? .null)
            let column: JSON = [
                "name": .string(name), "type_text": .string(type.text), "type_name": .string(type.name),
                "type_json": .string(String(decoding: field.bytes, as: UTF8.self)), "position": .integer(index),
                "nullable": field["nullable"] ?? true,
            ]
            return column.adding([
                "comment": .optional(field["metadata"]?["comment"]?.string),
                "partition_index": partitions.firstIndex(of: name).map(JSON.integer) ?? .null,
            ])
        }
    }

    private static func columns(ddl text: String) -> [JSON] {
        text.split(separator: ",").enumerated().map { index, column in
            let words = column.split(separator: " ").map(String.init)
            return [
                "name": .string(words[0]), "type_text": .string(words[1]),
                "type_name": .string(SparkType.name(ofSQL: words[1])), "position": .integer(index), "nullable": true,
            ]
        }
    }

    /// Properties of the user, without those that have fields of their own, and the size as ANALYZE leaves it.
    private static func shown(_ properties: JSON, _ versions: [JSON], _ folder: String) -> JSON {
        guard case .object(let members) = properties else { return [:] }
        let own: Set<String> = ["owner", "comment", "provider", "table_type", "location"]
        let shown = JSON.object(members.filter { !own.contains($0.name) })
        guard let newest = versions.last else { return shown }
        let size = folders(newest).reduce(0) { $0 + Self.size(folder + "/" + $1) }
        return shown.adding([
            "spark.sql.statistics.numRows": .optional(rowCount(versions).map(String.init)),
            "spark.sql.statistics.totalSize": .string(String(size)),
        ])
    }

    private static func folders(_ version: JSON) -> [String] {
        (version["dirs"]?.elements ?? []).compactMap(\.string)
    }

    /// Rows of a table, as its versions tell them: each says which folders it has and how many rows were added. Nil when rows were
    /// changed or removed in between.
    private static func rowCount(_ versions: [JSON]) -> Int? {
        var count = 0
        var before: [String] = []
        for version in versions {
            let now = folders(version)
            let metrics = version["metrics"]
            let added = metrics?["num_inserted_rows"]?.integer ?? 0
            let isOnlyAdded = metrics?["num_affected_rows"]?.integer ?? 0 == added
            if now.starts(with: before), isOnlyAdded {
                count += added
            } else if now.count <= 1, isOnlyAdded, version["op"] == "WRITE" || now.isEmpty {
                count = added
            } else if version["op"] != "ALTER TABLE" {
                return nil
            }
            before = now
        }
        return count
    }

    /// Bytes of the data files below a folder.
    private static func size(_ folder: String) -> Int {
        Files.entries(in: folder).reduce(0) { sum, entry in
            let path = folder + "/" + entry.name
            if entry.isDirectory { return sum + size(path) }
            return sum + (entry.name.hasSuffix(".parquet") ? Files.size(path) ?? 0 : 0)
        }
    }
}
