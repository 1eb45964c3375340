import Results

/// SQL Warehouses API 2.0 (`/api/2.0/sql/warehouses`).
package struct Warehouses: Sendable {
    let client: Client

    package func get(_ id: String) async throws -> Warehouse {
        Warehouse(try await client.json(.get(Self.path(id))))
    }

    /// Every warehouse, all pages.
    package func list() async throws -> [Warehouse] {
        try await client.pages(Self.base, [], items: "warehouses").map(Warehouse.init)
    }

    /// Those that the user may use.
    package func usable() async throws -> [Warehouse] {
        try await client.pages(Self.base, [("skip_cannot_use", "true")], items: "warehouses").map(Warehouse.init)
    }

    /// The warehouse that the user has set as the own default; nil when there is none, or it is deleted.
    package func usersDefault() async throws -> Warehouse? {
        guard let choice = try await ifKnown("/api/warehouses/v1/default-warehouse-overrides/me"),
            choice.string("type") == "CUSTOM", let id = choice.string("warehouse_id"),
            let found = try await ifKnown(Self.path(id))
        else { return nil }
        let warehouse = Warehouse(found)
        return warehouse.state == .deleted || warehouse.state == .deleting ? nil : warehouse
    }

    /// The warehouse that is the workspace's default; nil when there is none.
    package func workspaceDefault() async throws -> Warehouse? {
        guard let found = try await ifKnown(Self.path("default")) else { return nil }
        let warehouse = Warehouse(found)
        return warehouse.id.isEmpty ? nil : warehouse
    }

    /// Services that do not have the endpoint, or do not let the user ask, answer 4xx.
    private func ifKnown(_ path: String) async throws -> JSONValue? {
        do { return try await client.json(.get(path)) } catch let error as APIError
            where (400..<500).contains(error.status) && !error.isUnauthenticated
        { return nil }
    }

    /// Starts a stopped warehouse; returns before it runs.
    package func start(_ id: String) async throws {
        try await act("start", on: id, Self.starting(id))
    }

    static func starting(_ id: String) -> RequestEffect { .starts("warehouse \(id)") }

    /// Stops a warehouse; returns before it has stopped.
    package func stop(_ id: String) async throws {
        try await act("stop", on: id, .changes("stopping warehouse \(id)"))
    }

    private func act(_ action: String, on id: String, _ effect: RequestEffect) async throws {
        var call = APICall.post(Self.path(id) + "/" + action, effect)
        call.repetition = .freely
        _ = try await client.json(call)
    }

    private static let base = "/api/2.0/sql/warehouses"

    private static func path(_ id: String) -> String { base + "/" + PercentEncoding.component(id) }
}

extension Client {
    package var warehouses: Warehouses { Warehouses(client: self) }
}

/// State of a warehouse, such as `STOPPED`.
package struct WarehouseState: OpenEnum {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }

    package static let starting = WarehouseState(rawValue: "STARTING")
    package static let running = WarehouseState(rawValue: "RUNNING")
    package static let stopping = WarehouseState(rawValue: "STOPPING")
    package static let stopped = WarehouseState(rawValue: "STOPPED")
    package static let deleting = WarehouseState(rawValue: "DELETING")
    package static let deleted = WarehouseState(rawValue: "DELETED")

    /// Whether it starts by itself when a statement or a session is sent to it.
    var startsWithRequests: Bool { self == .stopped || self == .stopping }
}

/// A SQL warehouse as the API describes it.
package struct Warehouse: Sendable, Equatable {
    /// Every field the service sent.
    package let json: JSONValue

    init(_ json: JSONValue) { self.json = json }

    package var id: String { json.string("id") ?? "" }
    package var name: String { json.string("name") ?? "" }
    package var state: WarehouseState { WarehouseState(reading: json.string("state") ?? "UNKNOWN") }
    /// Such as `2X-Small`.
    package var size: String? { json.string("cluster_size") }
    /// `PRO` or `CLASSIC`; a serverless one is `PRO` with `isServerless`.
    package var type: String? { json.string("warehouse_type") }
    package var isServerless: Bool { json["enable_serverless_compute"] == .bool(true) }
    package var clusters: Int? { json.integer("num_clusters") }
    package var maximumClusters: Int? { json.integer("max_num_clusters") }
    package var autoStopMinutes: Int? { json.integer("auto_stop_mins") }
    package var creator: String? { json.string("creator_name") }
    /// `HEALTHY`, `DEGRADED` or `FAILED`.
    package var health: String? { json["health"]?.string("status") }
    /// What is wrong, when something is.
    package var healthSummary: String? { json["health"].flatMap { $0.string("summary") ?? $0.string("message") } }
}
