/// Execution contexts and commands, API 1.2: names in camelCase, errors in a form of their own.
enum ContextRoutes {
    static func routes(_ workspace: Workspace) -> [Route] {
        [
            .json("POST", "/api/1.2/contexts/create") { request in
                let body = try RequestBody(request)
                try requireCluster(body.requiredString("clusterId"), workspace)
                return ["id": .string(try await workspace.createContext(language(body)))]
            },
            .json("GET", "/api/1.2/contexts/status") { request in
                try requireCluster(request.requiredArgument("clusterId"), workspace)
                let context = try await workspace.context(request.requiredArgument("contextId"))
                return ["id": .string(context.id), "status": .string(context.state.name)]
            },
            .json("POST", "/api/1.2/contexts/destroy") { request in
                let body = try RequestBody(request)
                try requireCluster(body.requiredString("clusterId"), workspace)
                let id = try body.requiredString("contextId")
                try await workspace.destroyContext(id)
                return ["id": .string(id)]
            },
        ]
    }

    /// Checks a cluster id.
    /// - Throws: `APIError` in 1.2 form.
    static func requireCluster(_ id: String, _ workspace: Workspace) throws {
        guard id == workspace.facts.clusterID else {
            throw APIError.execution("ClusterNotFoundException", "Cluster \(id) does not exist")
        }
    }

    /// The language a body names.
    static func language(_ body: RequestBody) throws -> Language {
        let name = try body.requiredString("language")
        guard let language = Language(rawValue: name.lowercased()) else {
            throw APIError.execution("IllegalArgumentException", "Unknown language '\(name)'")
        }
        return language
    }
}
