import System

/// The event log of the cluster (Clusters API, `events`).
enum ClusterEventRoutes {
    static func routes(_ workspace: Workspace) -> [Route] {
        ["/api/2.0/clusters/events", "/api/2.1/clusters/events"].map { path in
            .json("POST", path) { try await events($0, workspace) }
        }
    }

    private static func events(_ request: HTTPRequest, _ workspace: Workspace) async throws -> JSON {
        let body = try RequestBody(request)
        try workspace.requireCluster(body.requiredString("cluster_id"))
        let types = try body.array("event_types")?.compactMap(\.string) ?? []
        let start = try body.integer("start_time") ?? .min
        let end = try body.integer("end_time") ?? .max
        // `limit` is the older name of `page_size`; 0 asks for the default.
        let size = try body.integer("page_size") ?? body.integer("limit") ?? 0
        guard (0...500).contains(size) else {
            throw APIError.invalidParameter("page_size must be between 0 and 500, not \(size).")
        }
        let order = try body.string("order") ?? "DESC"
        guard ["ASC", "DESC"].contains(order) else {
            throw APIError.invalidParameter("order must be ASC or DESC, not '\(order)'.")
        }
        let cluster = await workspace.cluster
        let matching = cluster.events.filter { event in
            (types.isEmpty || types.contains(event.type)) && (start...max(start, end)).contains(event.time.milliseconds)
        }
        let page = try Page(
            of: order == "ASC" ? matching : matching.reversed(), size: size == 0 ? 50 : size,
            token: body.string("page_token"))
        let answer: JSON = [
            "events": .array(page.elements.map { describe($0, cluster.id) }), "total_count": .integer(matching.count),
        ]
        return answer.adding(["next_page_token": .optional(page.next), "prev_page_token": .optional(page.previous)])
    }

    private static func describe(_ event: ClusterLifeCycle.Event, _ clusterID: String) -> JSON {
        [
            "cluster_id": .string(clusterID), "timestamp": .integer(event.time.milliseconds),
            "type": .string(event.type), "details": strings(event.details),
        ]
    }

    /// A map of strings, in the order of its keys.
    static func strings(_ map: [String: String]) -> JSON {
        .object(map.sorted { $0.key < $1.key }.map { JSON.Member(name: $0.key, value: .string($0.value)) })
    }
}
