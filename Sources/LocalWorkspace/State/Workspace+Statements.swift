import System

/// What the Statement Execution API does.
extension Workspace {
    /// How long results can be read, and how long a statement is remembered (API README).
    static let resultLifetime = Duration.seconds(3600)
    static let recordLifetime = Duration.seconds(12 * 3600)

    /// Takes a statement and starts the warehouse when it is stopped. Returns its id.
    func submit(_ request: StatementRequest) throws -> String {
        let id = try note(request)
        unsent.append(id)
        startWarehouse()
        sendStatements()
        return id
    }

    /// Remembers a statement that has come in. Returns its id.
    func note(_ request: StatementRequest) throws -> String {
        if let session = request.sessionID, sessions[session] == nil {
            throw APIError.notFound("Session \(session) does not exist")
        }
        forgetOldStatements()
        let id = Random.uuid()
        statements[id] = StatementLifeCycle(id: id, request: request, submitted: .now)
        statementOrder.append(id)
        return id
    }

    /// Hands waiting statements to the engine, except those whose session is not open yet.
    func sendStatements() {
        guard warehouse.state == .running else { return }
        unsent = unsent.filter { id in
            guard let statement = statements[id], statement.isOpen else { return false }
            if let session = statement.request.sessionID {
                if case .failed(let failure) = sessions[session]?.state {
                    statements[id]?.failed(failure, at: .now)
                    wake(id)
                    return false
                }
                guard isOpen(session: session) else { return true }
            }
            tell(EngineMessage.statement(statement.request, id: id, directory: data.results(of: id)))
            return false
        }
    }

    /// The statement as it is now.
    /// - Throws: `APIError` RESOURCE_DOES_NOT_EXIST.
    func statement(_ id: String) throws -> StatementLifeCycle {
        guard let statement = statements[id] else {
            throw APIError.notFound("The statement \(id) was not found.")
        }
        return statement
    }

    /// Returns when the statement is over, or after `limit`. Takes no thread meanwhile.
    func waitForEnd(of id: String, atMost limit: Duration) async {
        guard limit > .zero, statements[id]?.isOpen == true, !stopped else { return }
        waiterCount += 1
        let key = waiterCount
        let timer = Task {
            try await clock.sleep(for: limit)
            waiters[id]?.removeValue(forKey: key)?.resume()
        }
        await withCheckedContinuation { waiters[id, default: [:]][key] = $0 }
        timer.cancel()
    }

    /// Lets everybody who waits for the statement look at it.
    func wake(_ id: String) {
        for waiter in (waiters.removeValue(forKey: id) ?? [:]).values { waiter.resume() }
    }

    /// Cancels an open statement at once; the engine follows when it can.
    func cancelStatement(_ id: String) {
        guard statements[id]?.cancel(at: .now) == true else { return }
        tell(EngineMessage.cancel(id))
        wake(id)
    }

    /// Gives up a statement's result, and the statement when it is still open.
    func closeStatement(_ id: String) throws {
        _ = try statement(id)
        cancelStatement(id)
        close(id)
    }

    private func close(_ id: String) {
        statements[id]?.close(at: .now)
        links = links.filter { $0.value.statementID != id }
        Files.removeTree(data.results(of: id))
    }

    func statementSucceeded(_ id: String, _ output: StatementOutput) {
        if statements[id]?.succeeded(output, at: .now) != true { Files.removeTree(data.results(of: id)) }
        wake(id)
    }

    /// Fails what the engine was running; with `unsentToo` also what still waited for it.
    func failStatements(_ message: String, unsentToo: Bool) {
        let waiting = unsentToo ? [] : Set(unsent)
        for id in statementOrder where statements[id]?.isOpen == true && !waiting.contains(id) {
            statements[id]?.failed(
                StatementFailure(code: "INTERNAL_ERROR", message: message, sqlState: "58000"), at: .now)
            wake(id)
        }
        if unsentToo { unsent = [] }
        // A session's views and settings were in the engine; statements that wait for one fail with it.
        for id in unsent where statements[id]?.request.sessionID != nil {
            statements[id]?.failed(
                StatementFailure(code: "INTERNAL_ERROR", message: message, sqlState: "58000"), at: .now)
            wake(id)
        }
        sessions = [:]
    }

    private func forgetOldStatements() {
        let now = WallTime.now
        for id in statementOrder {
            guard let statement = statements[id], let ended = statement.ended, ended + Self.resultLifetime < now else {
                continue
            }
            if statement.state != .closed { close(id) }
            if ended + Self.recordLifetime < now { statements[id] = nil }
        }
        statementOrder.removeAll { statements[$0] == nil }
    }
}

extension Workspace {
    /// Every statement that is remembered, newest first.
    func history() -> [StatementLifeCycle] { statementOrder.reversed().compactMap { statements[$0] } }
}
