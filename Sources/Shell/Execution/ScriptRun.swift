import Databricks

/// One script being run: its text comes in, its cells run one after another until one fails. A failure is held back until
/// the next cell is known, for that may be an `.expect error` that wants it.
final class ScriptRun {
    private let session: Session
    private var name: String
    /// Whether to wait for the next cell with a failure. A pipe's next cell may take long, and the reader of the errors
    /// may be the writer of the cells: there only a cell that has arrived already is considered.
    private let mayWait: Bool
    /// `dbutils.notebook.exit` ends it.
    private let isNotebook: Bool
    private var reader: CellReader
    private var outcome = ScriptRunner.Outcome()
    private var held: Report?
    private var hasEnded = false
    /// Nothing is run after the script.
    private let isLast: Bool
    private let continuesAfterErrors: Bool
    /// The `.if` blocks around the script.
    private let outerConditions: Int
    private var hasLeft = false

    init(
        _ session: Session, continuesAfterErrors: Bool = false, name: String, mayWait: Bool,
        rules: CellReader.Rules = .script, isNotebook: Bool = false, isLast: Bool = false
    ) {
        self.isLast = isLast
        self.continuesAfterErrors = continuesAfterErrors
        self.session = session
        self.isNotebook = isNotebook
        self.name = name
        self.mayWait = mayWait
        outerConditions = session.conditions.enter()
        reader = CellReader(language: session.language, commands: session.commands.names, rules: rules)
    }

    /// Takes the script's next bytes and runs the cells that are whole. Returns false when the script is to end.
    /// - Parameter isEnd: no more bytes come.
    /// - Throws: the cancellation that stopped a cell.
    @discardableResult
    func take(_ bytes: [UInt8], isEnd: Bool = false) async throws -> Bool {
        reader.append(bytes)
        if isEnd { reader.finish() }
        return try await drain()
    }

    /// Runs a notebook's cell. Returns false when the notebook is to end.
    func take(_ cell: Notebook.Cell, name: String) async throws -> Bool {
        if case .refused = cell.kind {
            for part in cell.parts(in: session.language) { try await run(part, name: name) }
            return !hasEnded
        }
        self.name = name
        reader = cell.reader(in: session.language)
        return try await drain()
    }

    /// Runs a cell that has been read.
    func run(_ cell: Cell, name: String) async throws {
        reportHeldFailure()
        if hasEnded { return }
        self.name = name
        try await run(cell)
    }

    /// Runs what is left.
    /// - Returns: how the script ended.
    func finish() async throws -> ScriptRunner.Outcome {
        reader.finish()
        try await drain()
        reportHeldFailure()
        if let open = leave(), !hasEnded {
            var report = session.report(UsageError("the .if has no .endif"))
            report.source = .init(name: name, line: open.line, column: open.column)
            held = report
            reportHeldFailure()
        }
        return outcome
    }

    /// - Returns: where an `.if` stands that has no `.endif`.
    private func leave() -> SourcePosition? {
        if hasLeft { return nil }
        hasLeft = true
        return session.conditions.leave(outerConditions)
    }

    @discardableResult
    private func drain() async throws -> Bool {
        while !hasEnded {
            reader.language = session.readingLanguage
            guard let cell = reader.next() else {
                if !mayWait { reportHeldFailure() }
                return !hasEnded
            }
            if held != nil, !wantsFailure(cell) {
                reportHeldFailure()
                if hasEnded { return false }
            }
            held = nil
            try await run(cell)
        }
        return false
    }

    /// Whether a cell says that the one before it had to fail.
    private func wantsFailure(_ cell: Cell) -> Bool {
        session.commands.traits(of: cell).contains(.judges) && Expectation.isForError(cell)
    }

    private func run(_ cell: Cell) async throws {
        session.observer?.willRun(cell, name)
        session.workspace.sessions.nothingFollows = nothingFollows(cell)
        defer { session.workspace.sessions.nothingFollows = false }
        session.notebookHasEnded = false
        do {
            if try await !CellRunner(session: session).run(cell, from: name) { session.observer?.passedOver() }
        } catch {
            if Report.isCancellation(error) || Report.isBrokenPipe(error) {
                _ = leave()
                throw error
            }
            let (place, line) = ErrorPosition.find(error, in: cell)
            var report = session.report(error)
            report.source = .init(name: name, line: place.line, column: place.column)
            report.cell = line
            report.excerpt = ErrorPosition.excerpt(error, in: cell)
            held = report
        }
        let hasEndedItself = session.notebookHasEnded && isNotebook
        session.notebookHasEnded = false
        if session.wantsToQuit || hasEndedItself {
            reportHeldFailure()
            hasEnded = true
        }
    }

    /// Whether a statement is the last thing to run.
    private func nothingFollows(_ cell: Cell) -> Bool {
        guard isLast, reader.isFinished, case .code(.sql, _) = cell.content else { return false }
        var rest = reader
        return rest.next() == nil
    }

    /// Reports the held failure: no `.expect error` wanted it.
    private func reportHeldFailure() {
        guard let report = held else { return }
        held = nil
        // What runs the script may be followed by an `.expect error`.
        if !session.log.isBusy { session.reports?.settle() }
        let place = report.source?.text ?? name
        if !report.wasShown {
            session.console.tell(report, location: place)
        }
        outcome.add(report, at: place)
        if session.settings.onError == .stop && !continuesAfterErrors || session.limits.scriptIsOver { hasEnded = true }
    }
}
