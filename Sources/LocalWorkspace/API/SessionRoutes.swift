/// SQL sessions, which the official drivers use (API README).
enum SessionRoutes {
    static func routes(_ workspace: Workspace) -> [Route] {
        [
            .json("POST", "/api/2.0/sql/sessions") { request in
                let body = try RequestBody(request)
                try workspace.requireWarehouse(body.requiredString("warehouse_id"))
                let session = try SessionLifeCycle(
                    catalog: body.string("catalog"), schema: body.string("schema"), settings: settings(body))
                return ["session_id": .string(await workspace.open(session))]
            },
            .json("DELETE", "/api/2.0/sql/sessions/{id}") { request in
                if let warehouse = request.argument("warehouse_id") { try workspace.requireWarehouse(warehouse) }
                try await workspace.closeSession(request.pathParameters["id"] ?? "")
                return [:]
            },
        ]
    }

    /// The settings, under either of the names the drivers use.
    private static func settings(_ body: RequestBody) throws -> [(name: String, value: String)] {
        guard let value = body.value("session_confs") ?? body.value("session_configuration") else { return [] }
        guard case .object(let members) = value else {
            throw APIError.malformed("Could not parse request object: session_confs must be an object.")
        }
        return try members.map { member in
            guard let text = member.value.string else {
                throw APIError.malformed("Could not parse request object: \(member.name) must be a string.")
            }
            return (member.name, text)
        }
    }
}
