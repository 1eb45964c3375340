import Databricks
import Results
import Text

/// Runs code in the cluster's execution context (API 1.2) and shows what it gives back: text, tables, pictures.
struct CodeRunner {
    let session: Session
    /// Start the command as a background job.
    var inBackground = false

    /// Runs Python, Scala or R, or a magic of the cluster's.
    func run(_ code: String, in language: Language) async throws {
        // The gate stops the request itself; asked here, no cluster is looked for in vain.
        try await session.workspace.connected().gate.admit(.runsCode)
        try await run(code, language, vertical: false)
        if language == .python, !inBackground, code.contains("dbutils.widgets") { try await readWidgets() }
    }

    /// Widgets' values become parameters.
    private func readWidgets() async throws {
        let client = try await session.workspace.connected()
        let id = session.remoteID
        guard case .text(let text, _) = try await execute(NotebookHooks.allWidgets, in: .python, client) else { return }
        session.remoteID = id
        session.parameters = session.workspace.contexts.notebookHooks.parameters(session.parameters, withWidgets: text)
    }

    /// Runs Python of dbsh's own, whose result is nobody's business.
    func runSilently(_ code: String) async throws {
        let client = try await session.workspace.connected()
        try client.gate.admit(.runsCode)
        try await ConnectReadiness(session: session).prepare(for: .python, client)
        _ = try await execute(code, in: .python, client)
    }

    /// Runs an SQL statement in the context.
    func run(sql statement: String, vertical: Bool) async throws {
        let parameters = session.parameters.named(in: statement)
        if parameters.isEmpty { return try await run(statement, .sql, vertical: vertical) }
        // The Command Execution API takes no parameters: Python of the same context hands them over.
        do {
            try await run(NotebookHooks.sql(statement, parameters), .python, vertical: vertical)
        } catch let error as CommandError {
            // The traceback is of dbsh's own code.
            throw CommandError(
                summary: error.summary, cause: nil, language: .sql, contextID: error.contextID,
                commandID: error.commandID, isCancelled: error.isCancelled, endedContext: error.endedContext)
        }
    }

    /// The rows of an SQL statement of dbsh's own, run in the context.
    func rows(sql statement: String) async throws -> (columns: [Column], store: ResultStore) {
        let result = try await execute(statement, in: .sql, try await session.workspace.connected())
        guard case .table(let columns, let store, _) = result else { return ([], ResultStore.empty) }
        return (columns, store)
    }

    private func run(_ code: String, _ language: Language, vertical: Bool) async throws {
        let client = try await session.workspace.connected()
        try await ConnectReadiness(session: session).prepare(for: language, client)
        session.workspace.variablesMayChange()
        defer { session.workspace.variablesMayChange() }
        if inBackground { return try await start(code, language, client) }
        let clock = ContinuousClock()
        let start = clock.now
        let result: CommandResult
        do {
            // Only SQL can be known to read only.
            result =
                language == .sql
                ? try await StatementRetry(session: session).run(code) { try await execute(code, in: .sql, client) }
                : try await execute(code, in: language, client)
        } catch let error as CommandError {
            if let output = error.output { try await show(before: output, vertical) }
            throw error
        }
        let elapsed = clock.now - start
        if case .text(let text, _) = result, let exit = session.workspace.contexts.notebookHooks.exit(in: text) {
            session.notebookHasEnded = session.workspace.contexts.notebookHooks.isWanted
            return try session.console.result(text: exit.printed + exit.value)
        }
        let shown = try await show(result, vertical)
        tellMissing(of: code, language, result)
        try session.presenter.footer(
            shown.drawn, cut: shown.cut,
            .init(elapsed: elapsed, id: session.remoteID))
    }

    /// Draws what a command has shown before it failed.
    func show(before output: CommandResult, _ vertical: Bool) async throws {
        let shown = try await show(output, vertical)
        try session.presenter.footer(shown.drawn, cut: shown.cut, .init())
    }

    /// The Command Execution API answers with one table: of several calls of `display`, the others' are lost.
    private func tellMissing(of code: String, _ language: Language, _ result: CommandResult) {
        guard language == .python, case .table = result, !session.workspace.isLocal,
            session.workspace.cluster?.isConnect == false
        else { return }
        let calls = code.split(separator: "\n").reduce(0) { calls, line in
            calls + line.prefix { $0 != "#" }.matches(of: /\bdisplay\(/).count
        }
        if calls > 1 {
            session.console.say(
                "display() stands here \(calls) times, and the service returns one table for a cell: use a cell for each"
            )
        }
    }

    private func execute(_ code: String, in language: Language, _ client: Client) async throws -> CommandResult {
        try await session.console.waiting(for: "cluster") {
            let contexts = session.workspace.contexts
            let (context, compute) = try await ContextOffer(session: session).context(for: language, client)
            if var lost = contexts.takeLoss(on: compute) {
                lost.cameBefore = true
                throw lost
            }
            if language == .python {
                try await contexts.pythonParameters.update(context, session.parameters)
                try await contexts.notebookHooks.install(in: context)
            }
            session.workspace.bridges.begin(compute)
            session.log.note {
                $0.submits(to: .init(kind: .cluster, id: compute, name: session.workspace.cluster?.name))
            }
            let (bridges, host) = (session.workspace.bridges, client.connection.host)
            do {
                let result = try await context.run(language, code) { progress in
                    bridges.askSoon(compute, at: host)
                    session.remoteID = progress.commandID
                    session.log.note {
                        $0.contextID = progress.contextID
                        $0.commandID = progress.commandID
                        $0.progressed(isWaiting: progress.state == .queued, isOver: progress.state.isFinal)
                    }
                    contexts.note(progress.contextID, on: compute)
                    session.console.nowWaiting(for: state(of: progress, on: compute))
                }
                try? await bridges.ask(compute, at: host)
                return result
            } catch {
                try? await bridges.ask(compute, at: host)
                throw error
            }
        }
    }

    /// The service runs the commands of a context one after another: one that waits may wait for a job.
    private func state(of progress: CommandProgress, on compute: String) -> String {
        guard progress.state == .queued,
            let job = session.jobs.running.first(where: { $0.context == progress.contextID })
        else {
            let activity = session.workspace.bridges.facts[compute]?.activity
            return [progress.state.rawValue, activity].compactMap { $0 }.joined(separator: " · ")
        }
        return "\(progress.state): job \(job.number) runs in the same context"
    }

    /// Submits the code as a job and comes back as soon as its id is known.
    private func start(_ code: String, _ language: Language, _ client: Client) async throws {
        let contexts = session.workspace.contexts
        let job = try await session.console.waiting(for: "cluster") {
            let (context, compute) = try await ContextOffer(session: session).context(for: language, client)
            let id = try await context.open(language: language)
            if language == .python { try await contexts.pythonParameters.update(context, session.parameters) }
            return try await session.jobs.start(
                language, code, place: session.workspace.clusterTitle, context: id
            ) { job in
                defer { session.workspace.variablesMayChange() }
                let result = try await context.run(language, code) { progress in
                    contexts.note(progress.contextID, on: compute)
                    job.observe(id: progress.commandID, state: progress.state.rawValue)
                }
                return .command(result)
            }
        }
        session.log.note {
            $0.contextID = job.context
            $0.commandID = job.id
        }
        try session.jobs.announce(job)
    }

    /// Text, tables and pictures of a piece of HTML, which is kept as it is for `.save`.
    private func show(html: String) async throws -> ResultPresenter.Drawn? {
        session.log.add(.html(html))
        defer { session.log.add(.htmlEnd) }
        guard let document = HTMLDocument(html) else {
            session.console.say("HTML is not shown, and .save keeps it: \(HTMLDocument.isMissing ?? "")")
            return nil
        }
        var drawn: ResultPresenter.Drawn?
        for part in document.parts {
            switch part {
            case .text(let text): try session.console.result(text: text)
            case .table(let columns, let rows):
                let typed = columns.enumerated().map { index, name in
                    HTMLDocument.column(name, holding: rows.map { $0[index] })
                }
                drawn = try session.presenter.show(typed, ResultStore(columnCount: columns.count, rows: rows))
            case .picture(let image): try await Pictures(session: session).show(image)
            }
        }
        return drawn
    }

    /// Draws a command's result.
    /// - Returns: what was drawn, for the footer.
    @discardableResult
    func show(_ result: CommandResult, _ vertical: Bool) async throws -> (
        drawn: ResultPresenter.Drawn?, cut: CutResult?
    ) {
        let console = session.console
        switch result {
        case .text(let text, let truncated):
            try console.result(text: text)
            return (nil, truncated ? CutResult(kind: .text, rows: nil) : nil)
        case .html(let html):
            return (try await show(html: html), nil)
        case .table(let columns, let store, let truncated):
            if columns.isEmpty { return (nil, nil) }
            return (
                try session.presenter.show(columns, store, as: vertical ? .vertical : nil, truncated: truncated),
                truncated ? CutResult(kind: .command, rows: store.rowCount) : nil
            )
        case .images(let images, let text):
            if let text { try console.result(text: text) }
            for image in images { session.log.add(.image(image)) }
            for image in images { try await Pictures(session: session).show(image) }
            return (nil, nil)
        case .several(let parts):
            var last: (drawn: ResultPresenter.Drawn?, cut: CutResult?) = (nil, nil)
            for (index, part) in parts.enumerated() {
                let shown = try await show(part, vertical)
                last = (shown.drawn ?? last.drawn, last.cut ?? shown.cut)
                if let drawn = shown.drawn, parts[(index + 1)...].contains(where: \.mayHoldRows) {
                    // F3 will show the one that follows.
                    var presenter = session.presenter
                    presenter.isLastResult = false
                    try presenter.footer(drawn, .init())
                }
            }
            return last
        }
    }
}
