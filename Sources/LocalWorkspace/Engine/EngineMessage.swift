import System

/// What the server tells the engine's processes (Engine/PROTOCOL.md), as one line each.
enum EngineMessage {
    /// Runs a statement for the Statement Execution API.
    static func statement(_ request: StatementRequest, id: String, directory: String) -> JSON {
        let message: JSON = [
            "op": "sql", "id": .string(id), "session": .optional(request.sessionID), "sql": .string(request.sql),
            "dir": .string(directory), "results": "statement", "format": .string(request.format.engineName),
        ]
        return message.adding([
            "params": request.parameters.isEmpty ? .null : .array(request.parameters.map(\.json)),
            "catalog": .optional(request.catalog), "schema": .optional(request.schema),
            "row_limit": request.rowLimit.map(JSON.integer) ?? .null,
            "byte_limit": request.byteLimit.map(JSON.integer) ?? .null,
        ])
    }

    /// Runs a SQL command of an execution context.
    static func sqlCommand(_ sql: String, id: String, context: String, directory: String) -> JSON {
        [
            "op": "sql", "id": .string(id), "session": .string(context), "sql": .string(sql),
            "dir": .string(directory), "results": "command",
        ]
    }

    /// Runs a Scala command of an execution context.
    static func scalaCommand(_ code: String, id: String, context: String) -> JSON {
        ["op": "scala", "id": .string(id), "session": .string(context), "code": .string(code)]
    }

    /// Runs a Python or R command in a context's own process.
    static func execute(_ code: String, language: Language, id: String) -> JSON {
        ["op": "exec", "id": .string(id), "language": .string(language.rawValue), "code": .string(code)]
    }

    /// Where a context's Spark is, when it is not the engine's.
    static func connect(_ target: ConnectTarget) -> JSON {
        let headers = target.headers.map { JSON.Member(name: $0.key, value: .string($0.value)) }
        let message: JSON = [
            "op": "connect", "url": .string(target.url), "target": .string(target.address),
            "serverless": .bool(target.isServerless), "plain": .bool(target.isPlain),
            "user_agent": .string(target.userAgent), "headers": .object(headers),
        ]
        return message.adding(["roots": .optional(target.certificates)])
    }

    /// Answers a context that has asked how to sign its calls.
    static func signature(_ signature: ConnectTarget.Signature) -> JSON {
        let headers = signature.headers.map { JSON.Member(name: $0.key, value: .string($0.value)) }
        let message: JSON = ["op": "credentials", "headers": .object(headers)]
        return message.adding(["seconds": signature.seconds.map { .number("\($0)") } ?? .null])
    }

    static func noSignature(_ reason: String) -> JSON { ["op": "credentials", "error": .string(reason)] }

    /// Opens the engine's own Spark Connect endpoint, or says who may use it from now on: tokens, and until when each is good.
    static func serveConnect(_ tokens: [String: WallTime?], id: String) -> JSON {
        let tokens: [JSON] = tokens.map { token, end in
            ["token": .string(token), "end": end.map { .integer($0.milliseconds) } ?? .null]
        }
        return ["op": "connect", "id": .string(id), "tokens": .array(tokens)]
    }

    static func cancel(_ id: String) -> JSON { ["op": "cancel", "id": .string(id)] }
    static func closeSession(_ session: String) -> JSON { ["op": "session.close", "session": .string(session)] }
    static func unavailable(_ reason: String) -> JSON { ["op": "unavailable", "message": .string(reason)] }

    static func attach(_ gateway: EngineEvent.Gateway) -> JSON {
        ["op": "attach", "port": .integer(gateway.port), "secret": .string(gateway.secret)]
    }
}
