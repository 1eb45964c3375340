/// What runs at the workspace's Spark Connect endpoint: dbsh's own route, for tests and for the curious. (The endpoint itself
/// is on the port of everything else, as a workspace's is; asking here does not open it.)
enum ConnectRoutes {
    static func routes(_ workspace: Workspace, _ credentials: Credentials) -> [Route] {
        [
            .json("GET", "/api/2.0/dbsh/connect/operations") { _ in
                let operations = try await workspace.connectOperations(tokens: credentials.allTokens)
                return ["operations": .array(operations.map(describe))]
            }
        ]
    }

    private static func describe(_ operation: EngineEvent.Operation) -> JSON {
        ["id": .string(operation.id), "session": .string(operation.session), "state": .string(operation.state)]
    }
}
