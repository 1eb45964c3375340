import Databricks
import SQL

/// Keeps `USE`, `SET`, temporary views and variables of SQL on a warehouse for the length of the shell's session: in a
/// server-side session where the service has them, else by sending the catalog and schema that `USE` named with every
/// statement (API README: sessions are what the official drivers use, but are not documented).
final class StatementSessions {
    private enum State {
        case untried
        case open(id: String, warehouse: String)
        /// The service has no sessions.
        case unavailable
    }

    private var state = State.untried
    /// The session is one that others go on with: what it is left with always matters.
    var outlives = false

    /// The session in use.
    var current: (id: String, warehouse: String)? {
        if case .open(let id, let warehouse) = state { (id, warehouse) } else { nil }
    }

    /// Goes on with a session that was left open.
    func resume(id: String, warehouse: String, transaction: Transaction?, commitsByItself: Bool) {
        state = .open(id: id, warehouse: warehouse)
        (self.transaction, self.commitsByItself) = (transaction, commitsByItself)
    }

    /// The statement about to run is the last one: nothing it leaves behind in a session can matter, so none is made for it.
    var nothingFollows = false

    /// Adds the session, or the catalog and schema, to a request.
    /// - Throws: `UsageError` for a transaction without a session; else as `Client.json`.
    func prepare(_ request: inout StatementRequest, _ workspace: Workspace, _ client: Client) async throws {
        try await addSession(to: &request, workspace, client)
        try refuseTransaction(in: request)
    }

    private func addSession(
        to request: inout StatementRequest, _ workspace: Workspace, _ client: Client
    ) async throws {
        switch state {
        case .open(let id, request.warehouseID):
            request.sessionID = id
            return
        case .untried where nothingFollows && !outlives && TransactionStatement(request.statement) == nil: break
        case .untried, .open:
            do {
                let id = try await client.sqlSessions.open(
                    warehouseID: request.warehouseID, catalog: workspace.catalog, schema: workspace.schema)
                state = .open(id: id, warehouse: request.warehouseID)
                request.sessionID = id
                return
            } catch let error as APIError where [400, 403, 404, 405, 501].contains(error.status) {
                state = .unavailable
            }
        case .unavailable: break
        }
        request.catalog = workspace.catalog
        request.schema = workspace.schema
    }

    /// Follows `USE` in a statement that has succeeded, for the prompt and for services without sessions.
    func note(_ statement: String, _ workspace: Workspace) {
        noteTransaction(statement)
        guard let change = UseStatement(statement) else { return }
        if let catalog = change.catalog {
            workspace.catalog = catalog
            workspace.schema = change.schema ?? "default"
        } else if let schema = change.schema {
            workspace.schema = schema
        }
    }

    /// How a transaction of several statements stands, as far as the statements that were run and their errors tell.
    enum Transaction: String {
        case open
        /// A statement in it has failed: everything is refused until ROLLBACK.
        case aborted
    }

    private(set) var transaction: Transaction?
    /// `SET AUTOCOMMIT = FALSE` was not run, or was taken back.
    private(set) var commitsByItself = true
    var isInTransaction: Bool { transaction != nil }

    private func noteTransaction(_ statement: String) {
        switch TransactionStatement(statement) {
        case .begin?: transaction = .open
        case .end?: transaction = nil
        case .autocommit(let isOn)?:
            commitsByItself = isOn
            if isOn { transaction = nil }
        case nil: if !commitsByItself, SQLText.isTransactional(statement) { transaction = transaction ?? .open }
        }
    }

    /// A statement has failed, or was cancelled while it ran.
    func noteFailure(_ error: any Error) {
        if transaction != nil, error is StatementError || error is RunCancelled { transaction = .aborted }
    }

    /// Refuses to begin a transaction where the next statement would not be part of it.
    /// - Throws: `UsageError`.
    private func refuseTransaction(in request: StatementRequest) throws {
        guard request.sessionID == nil else { return }
        switch TransactionStatement(request.statement) {
        case .begin?, .autocommit(false)?: break
        case .end?, .autocommit(true)?, nil: return
        }
        throw UsageError(
            "a transaction cannot begin here: the warehouse gives no session, and without one every statement stands alone",
            hint: "BEGIN ATOMIC … END runs several statements as one")
    }

    /// Another warehouse was chosen: the session stays behind.
    func forget() {
        if case .open = state { state = .untried }
        (transaction, commitsByItself) = (nil, true)
    }

    /// What the refusal of a statement means: `StatementSessionLost` when it is about the session that the statement named, which
    /// is forgotten, so that the next statement opens another; else the refusal itself.
    func explained(_ error: any Error, of request: StatementRequest) -> any Error {
        // The service has no code of its own for it: 400 or 404, with a message about the session.
        guard let refusal = error as? APIError, [400, 404].contains(refusal.status), let id = request.sessionID,
            refusal.message.lowercased().contains("session")
        else { return error }
        if case .open(id, _) = state { state = .untried }
        (transaction, commitsByItself) = (nil, true)
        return StatementSessionLost(message: refusal.message)
    }

    /// Closes the session. Nobody's exit waits for a service far away: once sent, the request is left to itself, and a session
    /// that was not closed ends by itself when it has been idle.
    func closeAll(_ client: Client) async {
        defer { state = .untried }
        guard case .open(let id, let warehouse) = state else { return }
        let closing = Task { try? await client.sqlSessions.close(id, warehouseID: warehouse) }
        let timer = Task {
            try? await Task.sleep(for: Self.sendingTime)
            closing.cancel()
        }
        await closing.value
        timer.cancel()
    }

    /// Enough to send a request on a connection that is open.
    private static let sendingTime = Duration.milliseconds(25)
}
