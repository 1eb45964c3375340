import Databricks
import Results
import Terminal
import Text

/// Runs one cell of any kind on the session, and writes down in the log what came of it. The terminal and scripts both
/// come through here.
struct CellRunner {
    let session: Session

    /// - Throws: whatever went wrong, typed where it arose; `CancellationError` when Ctrl-C stopped the cell.
    func run(_ cell: Cell) async throws {
        let log = session.log
        let number = log.begin(cell, language: session.language)
        let clock = ContinuousClock()
        let start = clock.now
        do {
            try await perform(cell)
        } catch {
            try log.end(number, Self.state(after: error, session), elapsed: clock.now - start)
            throw error
        }
        try log.end(number, .succeeded, elapsed: clock.now - start)
    }

    private static func state(after error: any Error, _ session: Session) -> SessionLog.State {
        if Report.isCancellation(error) { return .cancelled }
        let report = session.report(error)
        return .failed(.init(headline: report.headline, detail: report.detail, codes: ErrorCodes.of(error)))
    }

    private func perform(_ cell: Cell) async throws {
        // `.once` is for the cell after it.
        let isOnce = session.console.isArmedOnce
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
            try await ScriptRunner(session: session).readNotebook(path)
        case .note:
            break
        case .invalid(let why):
            throw UsageError(why)
        }
    }

    private func runMeta(_ line: String) async throws {
        let trimmed = line.drop { $0 == " " || $0 == "\t" }
        let typed = trimmed.dropFirst().prefix { !$0.isWhitespace }
        let command = try Registry.command(named: typed.lowercased())
        let rest = String(trimmed.dropFirst(typed.count + 1))
        let text = rest.trimmingBlanks()
        let words = command.spec.takesText ? text.isEmpty ? [] : [text] : try words(of: rest)
        let call = try Call(command.spec, words: words)
        try await session.workspace.trace.watching(call.has(.debug)) {
            if command.spec.isImmediate { return try await command.run(call, in: session) }
            try await cancelling { try await command.run(call, in: session) }
        }
    }

    /// The one place where Ctrl-C meets work: the first cancels it, and says so at once.
    private func cancelling(_ body: @escaping @MainActor () async throws -> Void) async throws {
        session.remoteID = nil
        do { try await session.interrupts.cancelling(onCancel: { session.sayCancelling() }, body) } catch let error
            as Detached
        {
            session.console.stopWaiting()
            throw error
        }
    }

    private func words(of text: String) throws -> [String] {
        do {
            return try Words.split(text, value: value(of:))
        } catch .openQuote(let quote) {
            throw UsageError(
                "the line ends inside \(quote)…\(quote)", hint: "close the quote, or write \\\(quote) for the character"
            )
        } catch .unknownVariable(let name) {
            throw UsageError(
                "${\(name)} has no value",
                hint: name.hasPrefix("env:") ? "set the environment variable" : "pass it with -P \(name)=VALUE")
        }
    }

    /// `${NAME}` is a parameter, `${env:NAME}` an environment variable.
    private func value(of name: String) -> String? {
        if name.hasPrefix("env:") { return session.environment.variables[String(name.dropFirst(4))] }
        return session.parameters[name].map { $0.value ?? "" }
    }
}
