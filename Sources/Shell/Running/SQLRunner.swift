import Databricks
import Results

/// Runs an SQL statement where the session's SQL goes: on the warehouse, or with none chosen in the cluster's context.
struct SQLRunner {
    let session: Session

    func run(_ statement: String, vertical: Bool = false) async throws {
        let client = try await session.workspace.connected()
        guard session.workspace.warehouse != nil || session.workspace.cluster == nil else {
            return try await CodeRunner(session: session).run(statement, in: .sql, vertical: vertical)
        }
        if session.console.current?.format?.content == .arrow, let file = session.console.current?.file {
            return try await ArrowExport(session: session).run(statement, to: file, client)
        }
        let (outcome, elapsed) = try await execute(statement, client)
        // DDL has no result: nothing is the right thing to print.
        let drawn =
            outcome.columns.isEmpty
            ? nil
            : try await session.presenter.show(
                outcome, of: statement, as: vertical ? .vertical : nil)
        session.presenter.footer(
            drawn, truncated: outcome.truncated,
            .init(elapsed: elapsed, place: session.workspace.warehouseTitle, id: outcome.id))
    }

    /// Runs a statement to its end and leaves the result to the caller, e.g. for `.tables`.
    /// - Parameter format: with anything but JSON the rows come from external links.
    func execute(
        _ statement: String, _ client: Client, format: StatementRequest.Format = .json
    ) async throws -> (StatementResult, Duration) {
        let clock = ContinuousClock()
        let start = clock.now
        let result = try await session.console.waiting(for: "PENDING") {
            let warehouse = try await session.workspace.warehouseID(client)
            var request = StatementRequest(statement, warehouseID: warehouse)
            request.parameters = session.parameters
            request.format = format
            if format != .json { request.disposition = .externalLinks }
            try await session.workspace.sessions.prepare(&request, session.workspace, client)
            let watch = Task { await watchWarehouse(warehouse, client) }
            defer { watch.cancel() }
            return try await StatementRun(client: client, request: request, clock: clock).run { progress in
                if progress.runsAgainWithLinks, !session.settings.isQuiet {
                    session.console.say(
                        "the result is over 25 MiB; the statement only reads, so it is run again for external links")
                }
                guard progress.state != .pending else { return }
                watch.cancel()
                session.console.nowWaiting(for: progress.state.rawValue)
            }
        }
        session.workspace.sessions.note(statement, session.workspace)
        return (result, clock.now - start)
    }

    /// A statement that stays PENDING may wait for its warehouse to start: says so, instead of letting it look stuck.
    private func watchWarehouse(_ id: String, _ client: Client) async {
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(1))
            guard !Task.isCancelled, let warehouse = try? await client.warehouses.get(id), !Task.isCancelled else {
                return
            }
            if warehouse.state != .running {
                session.console.nowWaiting(for: "PENDING: warehouse \(warehouse.name) is \(warehouse.state.rawValue)")
            }
        }
    }
}
