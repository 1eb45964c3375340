import Databricks
import Results
import SQL

/// Runs an SQL statement where the session's SQL goes: on the warehouse, or with none chosen in the cluster's context.
struct SQLRunner {
    let session: Session
    /// Start the statement as a background job.
    var inBackground = false

    func run(_ statement: String, vertical: Bool = false) async throws {
        let client = try await session.workspace.connected()
        // The gate stops the request itself; asked here, nothing else is sent or asked for a statement that it stops.
        try client.gate.admit(.runsSQL(statement))
        try await DestructionQuestion(session: session).ask(about: statement)
        guard session.workspace.sqlTarget == .warehouse else {
            return try await CodeRunner(session: session, inBackground: inBackground)
                .run(sql: statement, vertical: vertical)
        }
        if inBackground {
            try refuseInTransaction(statement)
            return try await start(statement, client)
        }
        if VolumeStatement(statement) != nil {
            try VolumeRun(session: session, client: client).check(statement)
            let (result, _) = try await execute(statement, client)
            return try await VolumeRun(session: session, client: client).perform(result, of: statement)
        }
        if let file = session.console.current?.file, let format = file.format.service {
            return try await ServiceExport(session: session, format: format).run(statement, to: file, client)
        }
        let page = session.presenter.firstPage(as: vertical ? .vertical : nil)
        let (outcome, elapsed) = try await execute(statement, client, page: page)
        try await show(outcome, of: statement, elapsed, vertical: vertical)
    }

    /// The statements of a transaction run one after another, in one session.
    private func refuseInTransaction(_ statement: String) throws {
        let sessions = session.workspace.sessions
        guard sessions.isInTransaction || !sessions.commitsByItself || TransactionStatement(statement) != nil else {
            return
        }
        throw UsageError(
            "the statements of a transaction run one after another, not in the background",
            hint: "end it with ; instead of ;&, or COMMIT first")
    }

    /// Draws the result of a statement that has ended, and the footer.
    func show(
        _ outcome: StatementResult, of statement: String, _ elapsed: Duration, vertical: Bool = false,
        isJob: Bool = false
    ) async throws {
        // DDL has no result: nothing is the right thing to print.
        let drawn =
            outcome.columns.isEmpty
            ? nil
            : try await session.presenter.show(
                outcome, of: statement, as: vertical ? .vertical : nil)
        try session.presenter.footer(
            drawn, cut: outcome.truncated ? CutResult(kind: .statement, rows: drawn?.rows) : nil,
            .init(elapsed: elapsed, id: outcome.id, isJob: isJob))
    }

    /// Runs a statement to its end and leaves the result to the caller, e.g. for `.tables`.
    /// - Parameters:
    ///   - format: with anything but JSON the rows come from external links.
    ///   - page: what will be shown of a large result.
    ///   - parameters: besides those of the session.
    func execute(
        _ statement: String, _ client: Client, format: StatementRequest.Format = .json, page: FirstPage? = nil,
        parameters: [StatementRequest.Parameter] = []
    ) async throws -> (StatementResult, Duration) {
        let clock = ContinuousClock()
        let start = clock.now
        let sessions = session.workspace.sessions
        let result: StatementResult
        do {
            result = try await retried(statement, client, format, page, parameters)
        } catch {
            sessions.noteFailure(error)
            throw error
        }
        sessions.note(statement, session.workspace)
        return (result, clock.now - start)
    }

    private func retried(
        _ statement: String, _ client: Client, _ format: StatementRequest.Format, _ page: FirstPage?,
        _ parameters: [StatementRequest.Parameter]
    ) async throws -> StatementResult {
        try await StatementRetry(session: session).run(statement) {
            do { return try await attempt(statement, client, format, page, parameters) } catch is StatementSessionLost
                where session.kept?.isRenewed == true
            {
                session.console.say("the SQL session is lost, with its views and settings; a new one is opened")
                return try await attempt(statement, client, format, page, parameters)
            }
        }
    }

    private func attempt(
        _ statement: String, _ client: Client, _ format: StatementRequest.Format, _ page: FirstPage?,
        _ parameters: [StatementRequest.Parameter]
    ) async throws -> StatementResult {
        try await session.console.waiting(for: "PENDING") {
            var request = try await request(statement, client, format)
            request.parameters += parameters
            noteSubmission(request)
            let watch = StatementWatch(console: session.console, client: client, warehouse: request.warehouseID)
            defer { watch.end() }
            do {
                let run = StatementRun(
                    client: client, request: request, page: page,
                    isWatched: session.console.showsWaiting || session.limits.isSet)
                return try await run.run { progress in
                    if progress.runsAgainWithLinks, !session.settings.isQuiet {
                        session.console.say(
                            "the result is over 25 MiB; the statement only reads, so it is run again for external links"
                        )
                    }
                    session.remoteID = progress.id
                    session.lastStatementID = progress.id
                    session.log.note {
                        $0.statementID = progress.id
                        $0.progressed(isWaiting: progress.state == .pending, isOver: progress.state.isFinal)
                    }
                    watch.update(progress)
                }
            } catch {
                throw QueryTagsRefused.explaining(
                    session.workspace.sessions.explained(error, of: request), of: request)
            }
        }
    }

    private func noteSubmission(_ request: StatementRequest) {
        session.log.note {
            $0.submits(to: .init(kind: .warehouse, id: request.warehouseID, name: session.workspace.warehouse?.name))
            $0.sqlSessionID = request.sessionID
        }
    }

    private func request(
        _ statement: String, _ client: Client, _ format: StatementRequest.Format
    ) async throws -> StatementRequest {
        var request = StatementRequest(statement, warehouseID: try await session.workspace.warehouseID(client))
        request.parameters = session.parameters.named(in: statement)
        request.format = format
        if format != .json { request.disposition = .externalLinks }
        request.queryTags = session.workspace.queryTags.all.map { ($0.key, $0.value) }
        try await session.workspace.sessions.prepare(&request, session.workspace, client)
        return request
    }

    /// Submits the statement as a job and comes back as soon as its id is known.
    private func start(_ statement: String, _ client: Client) async throws {
        let workspace = session.workspace
        let job = try await session.console.waiting(for: "PENDING") {
            let request = try await request(statement, client, .json)
            noteSubmission(request)
            let run = StatementRun(client: client, request: request)
            return try await session.jobs.start(.sql, statement, place: workspace.warehouseTitle, context: nil) { job in
                let result = try await run.run { job.observe(id: $0.id, state: $0.state.rawValue) }
                workspace.sessions.note(statement, workspace)
                return .statement(result)
            }
        }
        session.log.note { $0.statementID = job.id }
        try session.jobs.announce(job)
    }
}
