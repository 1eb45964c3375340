import Databricks
import Results

/// `.statement` — how a statement is doing, and its result.
struct StatementCommand: MetaCommand {
    let id = Argument<String>("ID", "the statement's id, as shown by ;& and below results")
    let wait = Flag("--wait", "wait until it has finished")
    let cancel = Flag("--cancel", "cancel it")

    var spec: CommandSpec {
        CommandSpec(
            "statement", in: .warehouses, "show a statement's state, and its result when there is one", takes: [id],
            flags: [wait, cancel],
            details: """
                The service keeps statements for about 12 hours and results for one, for whoever sent them, also from another
                session. A statement that failed fails this command too. For a statement that is still running only the state
                is shown. A result that its sender asked for as Arrow or CSV is not drawn; .export passes it on to a file.
                """,
            examples: [
                .init(".statement 01f0c0de-0000-1000-8000-0123456789ab", "its state, or its result", runs: false),
                .init(".statement 01f0c0de-0000-1000-8000-0123456789ab --wait", "wait for the result", runs: false),
            ])
    }

    func run(_ call: Call, in session: Session) async throws {
        let client = try await session.workspace.connected()
        let id = call[id]
        if call[cancel] {
            let isOwn = session.jobs.all.contains { $0.id == id }
            try await client.statements.cancel(id, of: isOwn ? .session : .anyone)
            session.console.say("the service was asked to stop statement \(id)")
        }
        let clock = ContinuousClock()
        let start = clock.now
        let reply = try await session.console.waiting(for: "statement \(id)") {
            var reply = try await client.statements.get(id)
            while call[wait], !reply.state.isFinal {
                session.console.nowWaiting(for: reply.state.rawValue)
                try await clock.sleep(for: Polling.wait(elapsed: clock.now - start))
                reply = try await client.statements.get(id, retry: .patient)
            }
            return reply
        }
        guard let result = try StatementResult.of(reply, client: client) else {
            return try session.presenter.show(record: [("statement_id", id), ("state", reply.state.rawValue)])
        }
        if let format = result.otherFormat { return try await pass(result, format, in: session) }
        let drawn =
            result.columns.isEmpty
            ? nil : try await session.presenter.show(result, of: id)
        try session.presenter.footer(
            drawn, cut: result.truncated ? CutResult(kind: .statement, rows: drawn?.rows) : nil,
            .init(id: id))
    }

    /// A result that is not JSON: into the file that results go to, if that is of its format; else its facts, and what to type.
    private func pass(_ result: StatementResult, _ format: StatementFormat, in session: Session) async throws {
        let service = ServiceFormat(format)
        if let service, let file = session.console.current?.file, file.format.takes(service) {
            return try await ServiceExport(session: session, format: service).copy(result, to: file)
        }
        try session.presenter.show(record: [
            ("statement_id", result.id), ("state", StatementState.succeeded.rawValue), ("format", format.name),
            ("rows", result.totalRowCount.map { String($0) }), ("bytes", result.totalByteCount.map { String($0) }),
        ])
        // That is the last result, and not the lines above.
        session.last.begin(result.columns, statement: result)
        session.last.breakOff()
        guard !session.settings.isQuiet else { return }
        let advice =
            service.map { ": .export FILE.\($0.ending) passes it on unchanged" } ?? ", which dbsh does not read"
        session.console.say("the result is \(format.title), as its sender asked for\(advice)")
    }
}
