/// Unity Catalog API 2.1, read from the catalogs' files: it answers while the warehouse and the cluster are stopped.
enum CatalogRoutes {
    private static let base = "/api/2.1/unity-catalog"

    static func routes(_ workspace: Workspace) -> [Route] {
        let description = CatalogDescription(workspace.catalogFiles, owner: workspace.facts.userName)
        return containers(description) + tables(description) + functions(description)
            + [
                .json("GET", base + "/current-metastore-assignment") { _ in
                    [
                        "metastore_id": "00000000-0000-4000-8000-000000000001",
                        "workspace_id": .number(workspace.facts.workspaceID), "default_catalog_name": "main",
                    ]
                }
            ]
    }

    private static func containers(_ description: CatalogDescription) -> [Route] {
        let files = description.files
        return [
            .json("GET", base + "/catalogs") { request in
                try list("catalogs", files.catalogs(), request) { description.catalog($0) }
            },
            .json("GET", base + "/catalogs/{name}") { request in
                description.catalog(try files.require(catalog: request.pathParameters["name"] ?? ""))
            },
            .json("GET", base + "/schemas") { request in
                let catalog = try request.requiredArgument("catalog_name")
                return try list("schemas", files.schemas(in: catalog), request) {
                    description.schema($0, of: catalog.lowercased())
                }
            },
            .json("GET", base + "/schemas/{name}") { request in
                let parts = try parts(request, 2)
                let (catalog, schema) = try files.require(schema: parts[1], of: parts[0])
                return description.schema(schema, of: catalog)
            },
            .json("GET", base + "/volumes") { request in
                let (catalog, schema) = try schema(request)
                return try list("volumes", files.volumes(in: schema, of: catalog), request) {
                    description.volume($0, in: schema.lowercased(), of: catalog.lowercased())
                }
            },
            .json("GET", base + "/volumes/{name}") { request in
                let parts = try parts(request, 3).map { $0.lowercased() }
                guard try files.volumes(in: parts[1], of: parts[0]).contains(parts[2]) else {
                    throw APIError.notFound("Volume '\(parts.joined(separator: "."))' does not exist.")
                }
                return description.volume(parts[2], in: parts[1], of: parts[0])
            },
        ]
    }

    private static func tables(_ description: CatalogDescription) -> [Route] {
        let files = description.files
        return [
            .json("GET", base + "/tables") { request in
                let (catalog, schema) = try schema(request)
                let hasColumns = request.argument("omit_columns") != "true"
                let all = try files.tables(in: schema, of: catalog)
                return try list("tables", all, request) {
                    description.table($0, in: schema.lowercased(), of: catalog.lowercased(), hasColumns: hasColumns)
                }
            },
            .json("GET", base + "/table-summaries") { request in
                let catalog = try request.requiredArgument("catalog_name")
                let schemas = LikePattern(request.argument("schema_name_pattern"))
                let names = LikePattern(request.argument("table_name_pattern"))
                // Where there is no such catalog, there are no tables.
                let found = ((try? files.schemas(in: catalog)) ?? []).filter(schemas.matches).flatMap { schema in
                    ((try? files.tables(in: schema, of: catalog)) ?? []).filter { names.matches($0.name) }.map {
                        (schema, $0)
                    }
                }
                return try list("tables", found, request, size: 10_000) { schema, entry in
                    [
                        "full_name": .string("\(catalog.lowercased()).\(schema).\(entry.name)"),
                        "table_type": entry.isView ? "VIEW" : "MANAGED",
                    ]
                }
            },
            .json("GET", base + "/tables/{name}") { request in
                let (entry, parts) = try table(request, files)
                return description.table(entry, in: parts[1], of: parts[0], hasColumns: true)
            },
            .json("GET", base + "/tables/{name}/exists") { request in
                ["table_exists": .bool((try? table(request, files)) != nil)]
            },
        ]
    }

    private static func functions(_ description: CatalogDescription) -> [Route] {
        [
            .json("GET", base + "/functions") { request in
                let (catalog, schema) = try schema(request)
                let all = try description.files.functions(in: schema, of: catalog)
                return try list("functions", all, request) {
                    description.function($0.name, $0.text, in: schema.lowercased(), of: catalog.lowercased())
                }
            },
            .json("GET", base + "/functions/{name}") { request in
                let parts = try parts(request, 3)
                let all = try description.files.functions(in: parts[1], of: parts[0])
                guard let found = all.first(where: { $0.name == parts[2].lowercased() }) else {
                    throw APIError.notFound("Function '\(parts.joined(separator: "."))' does not exist.")
                }
                return description.function(
                    found.name, found.text, in: parts[1].lowercased(), of: parts[0].lowercased())
            },
        ]
    }

    // MARK: Parts of a request

    private static func schema(_ request: HTTPRequest) throws -> (catalog: String, schema: String) {
        (try request.requiredArgument("catalog_name"), try request.requiredArgument("schema_name"))
    }

    /// The parts of the full name in the path.
    private static func parts(_ request: HTTPRequest, _ count: Int) throws -> [String] {
        let name = request.pathParameters["name"] ?? ""
        let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == count else {
            throw APIError.invalidParameter("'\(name)' is not a name of \(count) parts.")
        }
        return parts
    }

    private static func table(
        _ request: HTTPRequest, _ files: CatalogFiles
    ) throws -> (CatalogFiles.Entry, parts: [String]) {
        let parts = try parts(request, 3).map { $0.lowercased() }
        guard let entry = try files.tables(in: parts[1], of: parts[0]).first(where: { $0.name == parts[2] }) else {
            throw APIError(404, "TABLE_DOES_NOT_EXIST", "Table '\(parts.joined(separator: "."))' does not exist.")
        }
        return (entry, parts)
    }

    /// One page; only what is on it is described.
    private static func list<Element>(
        _ name: String, _ all: [Element], _ request: HTTPRequest, size: Int = 100, describe: (Element) -> JSON
    ) throws -> JSON {
        let wanted = try request.integerArgument("max_results", in: 0...Int(Int32.max)) ?? 0
        let page = try Page(
            of: all, size: wanted == 0 ? size : min(wanted, size), token: request.argument("page_token"))
        return JSON.object([.init(name: name, value: .array(page.elements.map(describe)))])
            .adding(["next_page_token": .optional(page.next)])
    }
}

/// A pattern of SQL's LIKE: `%` is any characters, `_` one. Without a pattern everything matches.
struct LikePattern {
    private let pattern: [Character]?

    init(_ text: String?) { pattern = text.flatMap { $0.isEmpty ? nil : Array($0.lowercased()) } }

    func matches(_ name: String) -> Bool {
        guard let pattern else { return true }
        // The places in the pattern at which what was read of the name may end.
        var places: Set<Int> = Self.opened([0], pattern)
        for character in name.lowercased() {
            places = Self.opened(
                Set(
                    places.compactMap { at in
                        guard at < pattern.count else { return nil }
                        if pattern[at] == "%" { return at }
                        return pattern[at] == "_" || pattern[at] == character ? at + 1 : nil
                    }), pattern)
        }
        return places.contains(pattern.count)
    }

    /// With the places behind every `%` that stands at one.
    private static func opened(_ places: Set<Int>, _ pattern: [Character]) -> Set<Int> {
        var all = places
        for place in places {
            var at = place
            while at < pattern.count, pattern[at] == "%" {
                at += 1
                all.insert(at)
            }
        }
        return all
    }
}
