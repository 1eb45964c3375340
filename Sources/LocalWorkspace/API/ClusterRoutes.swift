import System

/// Clusters API, 2.1 and (as far as older tools use it) 2.0.
enum ClusterRoutes {
    static func routes(_ workspace: Workspace) -> [Route] {
        ["/api/2.0/clusters", "/api/2.1/clusters"].flatMap { base -> [Route] in
            [
                .json("GET", base + "/get") { try await get($0, workspace) },
                .json("GET", base + "/list") { try await list($0, workspace, paged: base.contains("2.1")) },
                .json("GET", base + "/list-node-types") { _ in nodeTypes(workspace.facts) },
                .json("GET", base + "/spark-versions") { _ in sparkVersions(workspace.facts) },
                .json("POST", base + "/start") { request in
                    try workspace.requireCluster(RequestBody(request).requiredString("cluster_id"))
                    try await workspace.startCluster()
                    return [:]
                },
                .json("POST", base + "/restart") { request in
                    try workspace.requireCluster(RequestBody(request).requiredString("cluster_id"))
                    try await workspace.restartCluster()
                    return [:]
                },
                .json("POST", base + "/delete") { request in
                    try workspace.requireCluster(RequestBody(request).requiredString("cluster_id"))
                    await workspace.terminateCluster()
                    return [:]
                },
            ]
        }
    }

    private static func get(_ request: HTTPRequest, _ workspace: Workspace) async throws -> JSON {
        try workspace.requireCluster(request.requiredArgument("cluster_id"))
        return describe(await workspace.cluster, workspace.facts)
    }

    private static func list(_ request: HTTPRequest, _ workspace: Workspace, paged: Bool) async throws -> JSON {
        let cluster = await workspace.cluster
        let states = request.arguments("filter_by.cluster_states")
        let sources = request.arguments("filter_by.cluster_sources")
        // The one cluster is not pinned, follows no policy, and was made by a person.
        let shown =
            (states.isEmpty || states.contains(cluster.state.rawValue)) && (sources.isEmpty || sources.contains("UI"))
            && request.argument("filter_by.is_pinned")?.lowercased() != "true"
            && (request.argument("filter_by.policy_id") ?? "").isEmpty
        let all = shown ? [describe(cluster, workspace.facts)] : []
        guard paged else { return all.isEmpty ? [:] : ["clusters": .array(all)] }
        let page = try Page(
            of: all, size: request.integerArgument("page_size", in: 0...100) ?? 20,
            token: request.argument("page_token"))
        let empty: JSON = [:]
        return empty.adding([
            "clusters": page.elements.isEmpty ? .null : .array(page.elements),
            "next_page_token": .optional(page.next), "prev_page_token": .optional(page.previous),
        ])
    }

    private static func nodeTypeID(_ facts: Workspace.Facts) -> String { "local.\(facts.cores)" }

    private static func sparkVersion(_ facts: Workspace.Facts) -> String {
        "\(facts.engine.spark.split(separator: ".").prefix(2).joined(separator: ".")).x-scala2.13"
    }

    private static func describe(_ cluster: ClusterLifeCycle, _ facts: Workspace.Facts) -> JSON {
        let object: JSON = [
            "cluster_id": .string(cluster.id), "cluster_name": "local",
            "state": .string(cluster.state.rawValue), "state_message": .string(cluster.message),
            "spark_version": .string(sparkVersion(facts)), "node_type_id": .string(nodeTypeID(facts)),
            "driver_node_type_id": .string(nodeTypeID(facts)), "num_workers": 0, "is_single_node": true,
            "autotermination_minutes": 0, "cluster_source": "UI",
            "data_security_mode": facts.makesContexts ? "SINGLE_USER" : "USER_ISOLATION",
            "creator_user_name": .string(facts.userName),
            "cluster_cores": .integer(facts.cores), "cluster_memory_mb": .integer(facts.memoryMegabytes),
        ]
        return object.adding([
            "single_user_name": facts.makesContexts ? .string(facts.userName) : .null,
            "start_time": time(cluster.startTime), "terminated_time": time(cluster.terminatedTime),
            "last_restarted_time": time(cluster.lastRestarted),
            "termination_reason": cluster.reason.map { reason in
                [
                    "code": .string(reason.code), "type": .string(reason.type),
                    "parameters": ClusterEventRoutes.strings(reason.parameters),
                ]
            } ?? .null,
        ])
    }

    private static func time(_ timestamp: WallTime?) -> JSON {
        timestamp.map { .integer($0.milliseconds) } ?? .null
    }

    private static func nodeTypes(_ facts: Workspace.Facts) -> JSON {
        [
            "node_types": [
                [
                    "node_type_id": .string(nodeTypeID(facts)), "description": "This machine",
                    "memory_mb": .integer(facts.memoryMegabytes), "num_cores": .number("\(Double(facts.cores))"),
                    "num_gpus": 0, "category": "General Purpose", "instance_type_id": .string(nodeTypeID(facts)),
                    "is_deprecated": false, "is_hidden": false, "display_order": 0,
                ]
            ]
        ]
    }

    private static func sparkVersions(_ facts: Workspace.Facts) -> JSON {
        [
            "versions": [
                [
                    "key": .string(sparkVersion(facts)),
                    "name": .string("Local (Apache Spark \(facts.engine.spark), Scala 2.13)"),
                ]
            ]
        ]
    }
}
