import Results

/// Execution contexts, API 1.2 (`/api/1.2/contexts`). One context serves every language.
package struct Contexts: Sendable {
    let client: Client

    /// Makes a context on a running cluster; returns before it is ready. When the answer is lost it is asked for once more,
    /// as a user would: the first one, if there is one, is evicted in time.
    /// - Returns: its id.
    package func create(clusterID: String, language: Language) async throws -> String {
        var call = APICall.post(
            "/api/1.2/contexts/create", language == .sql ? .ownSession() : .runsCode,
            [("clusterId", .string(clusterID)), ("language", .string(language.rawValue))])
        call.repetition = .once
        let json = try await client.json(call)
        guard let id = json.string("id") else {
            throw APIError(
                status: 200, code: APIError.notJSON, message: "the reply has no context id", method: call.method,
                path: call.path)
        }
        return id
    }

    package func status(clusterID: String, contextID: String, retry: RetryPolicy = .standard) async throws
        -> ContextState
    {
        var call = APICall.get("/api/1.2/contexts/status", [("clusterId", clusterID), ("contextId", contextID)])
        call.retry = retry
        return ContextState(reading: try await client.json(call).string("status") ?? "UNKNOWN")
    }

    /// Ends a context and frees its place: a cluster has 145, and there is no list of them.
    package func destroy(clusterID: String, contextID: String, of owner: WorkOwner) async throws {
        var call = APICall.post(
            "/api/1.2/contexts/destroy", owner.effect("closing context \(contextID)"),
            [("clusterId", .string(clusterID)), ("contextId", .string(contextID))])
        call.repetition = .freely
        _ = try await client.json(call)
    }
}

extension Client {
    package var contexts: Contexts { Contexts(client: self) }
}

/// State of a context: `PENDING`, `RUNNING` or `ERROR`.
package struct ContextState: OpenEnum {
    package let rawValue: String

    /// Newer documents spell it `CONTEXT_RUNNING`; both are read.
    package init(rawValue: String) {
        self.rawValue = Self.word(rawValue, without: "CONTEXT_")
    }

    package static let pending = ContextState(rawValue: "PENDING")
    package static let running = ContextState(rawValue: "RUNNING")
    package static let error = ContextState(rawValue: "ERROR")
}
