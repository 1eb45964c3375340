/// Commands of execution contexts, API 1.2.
enum CommandRoutes {
    /// The longest command, in bytes (API README).
    static let codeLimit = 6 << 20

    static let executePath = "/api/1.2/commands/execute"

    static func routes(_ workspace: Workspace) -> [Route] {
        [
            .json("POST", executePath) { request in
                let body = try RequestBody(request)
                try ContextRoutes.requireCluster(body.requiredString("clusterId"), workspace)
                guard let code = try body.string("command") else {
                    throw APIError.invalidParameter("Missing required field: command")
                }
                guard code.utf8.count <= codeLimit else {
                    throw APIError.execution("IllegalArgumentException", "The command is longer than 6 MB")
                }
                let id = try await workspace.execute(
                    code, ContextRoutes.language(body), in: body.requiredString("contextId"))
                return ["id": .string(id)]
            },
            .json("GET", "/api/1.2/commands/status") { request in
                try ContextRoutes.requireCluster(request.requiredArgument("clusterId"), workspace)
                let command = try await workspace.command(
                    request.requiredArgument("commandId"), in: request.requiredArgument("contextId"))
                return ["id": .string(command.id), "status": .string(command.state.name), "results": results(command)]
            },
            .json("POST", "/api/1.2/commands/cancel") { request in
                let body = try RequestBody(request)
                try ContextRoutes.requireCluster(body.requiredString("clusterId"), workspace)
                let id = try body.requiredString("commandId")
                try await workspace.cancelCommand(id, in: body.requiredString("contextId"))
                return ["id": .string(id)]
            },
        ]
    }

    private static func results(_ command: Command) -> JSON {
        switch command.state {
        case .queued, .running: .null
        case .finished(let results): results
        case .cancelled:
            [
                "resultType": "error", "summary": "Command cancelled",
                "cause": "com.databricks.backend.common.rpc.CommandCancelledException",
            ]
        }
    }
}
