import Databricks
import Glibc
import Terminal

/// Runs notebooks, whole or as `%run` of another: in their language, with their parameters, up to where they end.
struct NotebookRun {
    let session: Session
    /// Goes on after cells that fail, whatever `.onerror` says.
    var continuesAfterErrors = false

    /// One that has a cell nobody can run is refused before any of it is sent, unless the session goes on after errors.
    func run(_ notebook: Notebook, name: String) async throws -> ScriptRunner.Outcome {
        let before = (language: session.language, sharesContext: session.workspace.sqlSharesContext)
        session.language = notebook.language
        defer {
            session.language = before.language
            session.workspace.sqlSharesContext = before.sharesContext
        }
        session.notebookEnvironment = notebook.environment ?? session.notebookEnvironment
        if notebook.mentions("notebook.exit") { session.workspace.contexts.notebookHooks.isWanted = true }
        let script = ScriptRun(
            session, continuesAfterErrors: continuesAfterErrors, name: name, mayWait: true, isNotebook: true)
        func place(_ cell: Notebook.Cell) -> String {
            name.lowercased().hasSuffix(".ipynb") ? "\(name):cell \(cell.number)" : name
        }
        if session.settings.onError == .stop, let invalid = notebook.firstInvalid {
            try await script.run(invalid.cell, name: place(notebook.cells[invalid.index]))
            return try await script.finish()
        }
        if notebook.mixesLanguages { try await shareContext() }
        // What was given with -P is what a job would have been given for its widgets.
        let values = session.parameters.all.compactMap { parameter in parameter.value.map { (parameter.name, $0) } }
        if !values.isEmpty, notebook.mentions("widgets") { try await setWidgets(values) }
        for cell in notebook.cells {
            if try await !script.take(cell, name: place(cell)) { break }
        }
        return try await script.finish()
    }

    /// Of the files that `%run` finds, whose names may be given without.
    static let endings = ["", ".py", ".sql", ".scala", ".r", ".ipynb", ".dbsh"]

    /// `%run PATH $name="value" …`: notebooks name others without their ending, as in Databricks.
    /// - Throws: as `ScriptRunner.read`; `UsageError` for what are no parameters.
    func run(_ text: String) async throws {
        let words: [String]
        do { words = try Words.split(text) } catch { throw UsageError("%run \(text) ends inside a quote") }
        let parameters = try words.dropFirst().map { word in
            guard word.first == "$", let equals = word.firstIndex(of: "="), equals > word.index(after: word.startIndex)
            else {
                throw UsageError("%run takes one file and parameters, not “\(word)”", hint: "%run ./x $name=\"value\"")
            }
            return (name: String(word[..<equals].dropFirst()), value: String(word[word.index(after: equals)...]))
        }
        guard let file = words.first else { throw UsageError("%run needs a file: %run FILE") }
        let remote = try await session.interrupts.cancelling {
            try await WorkspaceScript(session: session).copy(of: words.first ?? "")
        }
        let path = remote ?? Self.endings.map { file + $0 }.first { Self.isReadable(session.paths.resolve($0)) } ?? file
        let before = session.parameters
        defer { if !parameters.isEmpty { session.parameters = before } }
        // SQL on a warehouse knows them as :name, everything else as widgets.
        for parameter in parameters { try session.parameters.set(.init(name: parameter.name, value: parameter.value)) }
        if !parameters.isEmpty, Self.isReadable(session.paths.resolve(path)) { try await setWidgets(parameters) }
        try await ScriptRunner(session: session).read(path)
    }

    private func setWidgets(_ values: [(name: String, value: String)]) async throws {
        // A profile's cluster is known once it has been read; the first cell says what is wrong with it.
        _ = try? await session.workspace.connected()
        guard session.workspace.cluster != nil else { return }
        try await session.interrupts.cancelling {
            try await CodeRunner(session: session).runSilently(NotebookHooks.widgets(values))
        }
    }

    private static func isReadable(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFDIR && access(path, R_OK) == 0
    }

    /// SQL and Python of a notebook see each other's views in one context: SQL goes there, unless the user said otherwise.
    private func shareContext() async throws {
        let workspace = session.workspace
        guard !workspace.sqlSharesContext else { return }
        _ = try? await workspace.connected()  // the first cell says what is wrong
        let target = workspace.sqlTarget
        workspace.sqlSharesContext = true
        if workspace.sqlTarget != target, !session.settings.isQuiet, !workspace.saidThatSQLSharesContext {
            workspace.saidThatSQLSharesContext = true
            session.console.say(
                "SQL of notebooks goes to the cluster, beside their Python; .target warehouse sends it to the warehouse"
            )
        }
    }
}
