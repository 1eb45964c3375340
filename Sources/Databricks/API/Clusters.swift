import Results

/// Clusters API 2.1 (`/api/2.1/clusters`).
package struct Clusters: Sendable {
    let client: Client

    /// One cluster.
    /// - Throws: `APIError`; for an unknown id `isNotFound` is true although the status is 400.
    package func get(_ id: String) async throws -> Cluster {
        Cluster(try await client.json(.get("/api/2.1/clusters/get", [("cluster_id", id)])))
    }

    /// Every cluster that a person or the API made, all pages; `includingJobs` adds those that jobs made for
    /// themselves.
    package func list(includingJobs: Bool = false) async throws -> [Cluster] {
        var query: [(String, String?)] = [("page_size", "100")]
        if !includingJobs {
            query += [("filter_by.cluster_sources", "UI"), ("filter_by.cluster_sources", "API")]
        }
        return try await client.pages("/api/2.1/clusters/list", query, items: "clusters").map(Cluster.init)
    }

    /// Starts a terminated cluster; returns before it runs. A cluster in any other state answers 400 `INVALID_STATE`.
    package func start(_ id: String) async throws {
        var call = APICall.post("/api/2.1/clusters/start", Self.starting(id), [("cluster_id", .string(id))])
        call.repetition = .freely
        _ = try await client.json(call)
    }

    static func starting(_ id: String) -> RequestEffect { .starts("cluster \(id)") }
    static func restarting(_ id: String) -> RequestEffect { .changes("restarting cluster \(id)") }

    /// Restarts a running cluster; every context on it is lost. `user` is noted as the one who did it.
    package func restart(_ id: String, user: String? = nil) async throws {
        let fields: [(String, JSONValue?)] = [
            ("cluster_id", .string(id)), ("restart_user", user.map(JSONValue.string)),
        ]
        _ = try await client.json(.post("/api/2.1/clusters/restart", Self.restarting(id), fields))
    }

    /// Terminates a cluster; its configuration is kept. (The call is named delete; permanent-delete is never made
    /// here.)
    package func terminate(_ id: String) async throws {
        var call = APICall.post(
            "/api/2.1/clusters/delete", .changes("terminating cluster \(id)"), [("cluster_id", .string(id))])
        call.repetition = .freely
        _ = try await client.json(call)
    }

    /// What happened to a cluster lately, newest first.
    /// - Parameters:
    ///   - limit: at most so many events (the service gives 500 a page).
    ///   - types: only events of these types, such as `STARTING`; all when empty.
    ///   - since: only events of this time or later, in milliseconds since 1970.
    package func events(_ id: String, limit: Int, types: [String] = [], since: Int? = nil) async throws
        -> [ClusterEvent]
    {
        var events: [ClusterEvent] = []
        var token: String?
        repeat {
            var call = APICall.post(
                "/api/2.1/clusters/events", .reads,
                [
                    ("cluster_id", .string(id)), ("order", .string("DESC")),
                    ("page_size", .number(String(min(max(limit - events.count, 1), 500)))),
                    ("event_types", types.isEmpty ? nil : .array(types.map(JSONValue.string))),
                    ("start_time", since.map { .number(String($0)) }), ("page_token", token.map(JSONValue.string)),
                ])
            // A question in the form of a POST.
            call.repetition = .freely
            let page = try await client.json(call)
            events += page.elements("events").map(ClusterEvent.init)
            let next = page.string("next_page_token")
            token = next == token ? nil : next
        } while token != nil && events.count < limit
        return Array(events.prefix(limit))
    }

    /// The kinds of machine that clusters can be made of.
    package func nodeTypes() async throws -> [NodeType] {
        try await client.json(.get("/api/2.1/clusters/list-node-types")).elements("node_types").map(NodeType.init)
    }
}

extension Client {
    package var clusters: Clusters { Clusters(client: self) }
}

/// State of a cluster, such as `RUNNING`.
package struct ClusterState: OpenEnum {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }

    package static let pending = ClusterState(rawValue: "PENDING")
    package static let running = ClusterState(rawValue: "RUNNING")
    package static let restarting = ClusterState(rawValue: "RESTARTING")
    package static let resizing = ClusterState(rawValue: "RESIZING")
    package static let terminating = ClusterState(rawValue: "TERMINATING")
    package static let terminated = ClusterState(rawValue: "TERMINATED")
    package static let error = ClusterState(rawValue: "ERROR")
    package static let unknown = ClusterState(rawValue: "UNKNOWN")

    /// Contexts can be made and commands run.
    package var acceptsCommands: Bool { self == .running || self == .resizing }
    /// It is on its way to another state by itself.
    package var isChanging: Bool { [.pending, .restarting, .resizing, .terminating].contains(self) }
}

/// A cluster as the API describes it.
package struct Cluster: Sendable, Equatable {
    /// How many workers it has: a fixed number or bounds.
    package enum Workers: Sendable, Equatable {
        case fixed(Int)
        case autoscale(minimum: Int, maximum: Int)
    }

    /// Every field the service sent.
    package let json: JSONValue

    init(_ json: JSONValue) { self.json = json }

    package var id: String { json.string("cluster_id") ?? "" }
    package var name: String { json.string("cluster_name") ?? "" }
    package var state: ClusterState { ClusterState(reading: json.string("state") ?? "UNKNOWN") }
    /// Text for a person about the state.
    package var stateMessage: String? { json.string("state_message") }
    /// Why it was terminated: the code and everything that the service and the cloud say beside it.
    package var termination: String? { json["termination_reason"].flatMap(Self.reason) }

    /// A reason in one line: its code, its type and its parameters, messages last.
    static func reason(_ json: JSONValue) -> String? {
        guard json.members != nil else { return json.text }
        let parameters = (json["parameters"]?.members ?? []).compactMap { member -> (key: String, value: String)? in
            let value = member.value.text ?? (member.value.isNull ? nil : member.value.serialized())
            return value.flatMap { $0.isEmpty ? nil : (member.key, $0) }
        }
        let facts = parameters.filter { !$0.key.hasSuffix("message") }.map { "\($0.key) \($0.value)" }
        let messages = parameters.filter { $0.key.hasSuffix("message") }.map(\.value)
        let head = [json.string("code"), facts.isEmpty ? nil : "(\(facts.joined(separator: ", ")))"]
            .compactMap { $0 }.joined(separator: " ")
        let parts = [head].filter { !$0.isEmpty } + messages
        return parts.isEmpty ? nil : parts.joined(separator: ": ")
    }
    package var sparkVersion: String? { json.string("spark_version") }
    package var nodeTypeID: String? { json.string("node_type_id") }
    package var driverNodeTypeID: String? { json.string("driver_node_type_id") }
    package var workers: Workers? {
        if let scale = json["autoscale"], let low = scale.integer("min_workers"),
            let high = scale.integer("max_workers")
        {
            return .autoscale(minimum: low, maximum: high)
        }
        return json.integer("num_workers").map(Workers.fixed)
    }
    package var memoryMegabytes: Int? { json.integer("cluster_memory_mb") }
    package var cores: String? { json.string("cluster_cores") }
    package var accessMode: String? { json.string("data_security_mode") }
    package var creator: String? { json.string("creator_user_name") }
    package var autoterminationMinutes: Int? { json.integer("autotermination_minutes") }
}

/// Something that happened to a cluster.
package struct ClusterEvent: Sendable, Equatable {
    /// Every field the service sent.
    package let json: JSONValue

    init(_ json: JSONValue) { self.json = json }

    /// Such as `STARTING` or `DRIVER_HEALTHY`.
    package var type: String { json.string("type") ?? "" }
    /// Milliseconds since 1970.
    package var timestamp: Int? { json.integer("timestamp") }
    /// Who caused it.
    package var user: String? { json["details"]?.string("user") }
    /// What the details say, in one line: reason, workers, message of the driver.
    package var summary: String? {
        guard let details = json["details"] else { return nil }
        var parts: [String] = []
        if let reason = details["reason"] { parts.append(Cluster.reason(reason) ?? "") }
        if let cause = details.string("cause") { parts.append(cause.lowercased()) }
        if let current = details.integer("current_num_workers") {
            let target = details.integer("target_num_workers")
            parts.append(target.map { "\(current) of \($0) workers" } ?? "\(current) workers")
        }
        if let why = details.string("did_not_expand_reason") { parts.append("did not expand: \(why)") }
        if let message = details.string("driver_state_message") { parts.append(message) }
        parts.removeAll(where: \.isEmpty)
        return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }
}

/// A kind of machine.
package struct NodeType: Sendable, Equatable {
    /// Every field the service sent.
    package let json: JSONValue

    init(_ json: JSONValue) { self.json = json }

    package var id: String { json.string("node_type_id") ?? "" }
    package var category: String? { json.string("category") }
    package var description: String? { json.string("description") }
    package var memoryMegabytes: Int? { json.integer("memory_mb") }
    /// A number with decimals, as text.
    package var cores: String? { json.string("num_cores") }
    package var gpus: Int? { json.integer("num_gpus") }
    package var isDeprecated: Bool { json["is_deprecated"] == .bool(true) }
    package var isHidden: Bool { json["is_hidden"] == .bool(true) }
}
