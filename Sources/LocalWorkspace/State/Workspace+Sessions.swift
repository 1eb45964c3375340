import System

/// What the (unpublished, but by the official drivers used) SQL sessions API does.
extension Workspace {
    /// Opens a session. Returns its id.
    func open(_ session: SessionLifeCycle) -> String {
        let id = Random.uuid()
        sessions[id] = session
        return id
    }

    /// Closes a session; its open statements are cancelled.
    /// - Throws: `APIError` RESOURCE_DOES_NOT_EXIST.
    func closeSession(_ id: String) throws {
        guard sessions.removeValue(forKey: id) != nil else {
            throw APIError.notFound("Session \(id) does not exist")
        }
        for statement in statementOrder where statements[statement]?.request.sessionID == id {
            cancelStatement(statement)
        }
        tell(EngineMessage.closeSession(id))
    }

    /// Ids of set-up statements carry their session's id behind this, as nobody else's do.
    private static let setUpPrefix = "set-up-of-"

    /// Whether statements of the session can go to the engine. A new session's set-up goes first.
    func isOpen(session id: String) -> Bool {
        for (number, sql) in (sessions[id]?.begin() ?? []).enumerated() {
            var request = StatementRequest(sql: sql)
            request.sessionID = id
            // The engine wants every id once.
            let name = Self.setUpPrefix + id + "/\(number)"
            tell(EngineMessage.statement(request, id: name, directory: data.results(of: id)))
        }
        return sessions[id]?.state == .open
    }

    /// A set-up statement was answered. False when `id` is not one's.
    func setUpAnswered(_ id: String, _ failure: StatementFailure?) -> Bool {
        guard id.hasPrefix(Self.setUpPrefix) else { return false }
        let session = String(id.dropFirst(Self.setUpPrefix.count).prefix { $0 != "/" })
        guard sessions[session]?.answered(failure) == true else { return true }
        if case .failed(let failure) = sessions[session]?.state {
            for id in statementOrder where statements[id]?.request.sessionID == session {
                statements[id]?.failed(failure, at: .now)
                wake(id)
            }
        }
        sendStatements()
        return true
    }
}
