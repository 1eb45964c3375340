import Databricks
import Results
import Terminal

/// Runs one cell of any kind in the session, and records its outcome in the log. Both the prompt and scripts use it.
struct CellRunner {
    let session: Session

    /// - Parameter source: the script that it comes from; nil for what is typed.
    /// - Throws: whatever went wrong, typed where it arose; `CancellationError` when Ctrl-C stopped the cell.
    /// - Returns: false when it was passed over, because an `.if` says so.
    @discardableResult
    func run(_ cell: Cell, from source: String? = nil) async throws -> Bool {
        let log = session.log
        let traits = session.commands.traits(of: cell)
        if !traits.contains(.judges) { session.reports?.settle() }
        let number = log.begin(cell, language: session.language, traits, source: source)
        if session.conditions.passesOver(cell, branches: traits.contains(.branches)) {
            try log.end(number, .skipped, elapsed: .zero)
            session.reports?.ended(number, nil, nil)
            return false
        }
        let clock = ContinuousClock()
        let start = clock.now
        do {
            try await perform(cell)
        } catch {
            if traits.contains(.branches) { session.conditions.failed(cell.metaName, at: cell.start) }
            var report = session.report(error)
            let place = ErrorPosition.find(error, in: cell).place
            report.source = .init(name: source ?? "", line: place.line, column: place.column)
            try log.end(number, Self.state(after: error, report), elapsed: clock.now - start)
            session.reports?.ended(number, error, report)
            throw error
        }
        try log.end(number, .succeeded, elapsed: clock.now - start)
        session.reports?.ended(number, nil, nil)
        return true
    }

    private static func state(after error: any Error, _ report: Report) -> SessionLog.State {
        if Report.isCancellation(error) { return .cancelled }
        return .failed(.init(headline: report.headline, detail: report.detail, codes: report.codes))
    }

    private func perform(_ cell: Cell) async throws {
        defer { session.kept?.save() }
        try session.limits.checkScript()
        // `.once` is for the cell after it.
        let isOnce = session.console.hasOnceDestination
        do { try await dispatch(cell) } catch {
            let reason = await session.console.explained(error)
            if isOnce {
                session.console.resultBrokeOff()
                try? await session.console.endOnce()
            }
            throw reason
        }
        if isOnce { try await session.console.endOnce() }
    }

    private func dispatch(_ cell: Cell) async throws {
        switch cell.content {
        case .meta(let line):
            try await runMeta(line)
        case .code(.sql, let statement):
            try await cancelling {
                try await SQLRunner(session: session, inBackground: cell.ending == .background)
                    .run(statement, vertical: cell.ending == .vertical)
            }
        case .code(let language, let code):
            try await cancelling {
                try await CodeRunner(session: session, inBackground: cell.ending == .background).run(code, in: language)
            }
        case .clusterMagic(let text):
            try await cancelling {
                try await CodeRunner(session: session, inBackground: cell.ending == .background).run(text, in: .python)
            }
        case .run(let path):
            try await NotebookRun(session: session).run(path)
        case .note(let text):
            try draw(note: text)
        case .skipped:
            break
        case .invalid(let why):
            throw UsageError(why)
        }
    }

    /// Notes are for people: what reads the results elsewhere gets none.
    private func draw(note: String) throws {
        guard session.console.resultsReachTerminal else { return }
        let environment = session.environment
        let columns = TerminalSize.of(environment.standardOutput, environment: environment.variables)?.columns ?? 80
        let text = MarkdownText(width: columns - 1, color: session.console.colorsResults).draw(note)
        if !text.isEmpty { try session.console.draw(text) }
    }

    private func runMeta(_ line: String) async throws {
        let command = try session.commands.prepare(line, in: session)
        try await session.workspace.trace.watching(command.showsRequests) {
            if command.isImmediate { return try await command.run() }
            try await cancelling(command.run)
        }
    }

    /// The one place where Ctrl-C cancels work: the first one cancels, and a message says so at once.
    private func cancelling(_ body: @escaping @MainActor () async throws -> Void) async throws {
        session.remoteID = nil
        do {
            try await session.interrupts.cancelling(onCancel: { session.sayCancelling() }) {
                try await session.limits.enforced(body)
            }
        } catch let error as Detached {
            session.console.stopWaiting()
            throw error
        }
    }
}
