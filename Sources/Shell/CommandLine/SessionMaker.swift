import Databricks
import Glibc
import Terminal

/// Makes sessions as a command line asks: one for the shell, one for each script that `dbsh test` runs.
struct SessionMaker {
    let invocation: Invocation
    let origin: Workspace.Origin

    init(_ invocation: Invocation, _ environment: ShellEnvironment, startLocal: @escaping LocalEndpoint.Starter) {
        self.invocation = invocation
        if invocation.isLocal {
            origin = .local(startLocal, .init(environment: environment, isEphemeral: invocation.isEphemeral))
        } else {
            var arguments = ConnectionArguments()
            arguments.profile = invocation.profile
            arguments.host = invocation.host
            origin = .configured(arguments)
        }
    }

    /// Runs `body` with a session whose output is captured and whose input is empty: for scripts that are checked by their
    /// output.
    func withSession<Result>(
        _ environment: ShellEnvironment, writingTo output: Int32, _ errors: Int32,
        _ body: (Session) async throws -> Result
    ) async rethrows -> Result {
        let nothing = open("/dev/null", O_RDONLY | O_CLOEXEC)
        defer { close(nothing) }
        var environment = environment
        environment.standardInput = nothing
        environment.standardOutput = output
        environment.standardError = errors
        // Ctrl-C belongs to the whole run, which cancels this session's work with its task.
        let session = session(
            environment, Console(environment: environment, color: .never), interrupts: Interrupts(isProcessWide: false))
        defer { withExtendedLifetime(session) {} }
        return try await body(session)
    }

    func session(_ environment: ShellEnvironment, _ console: Console, interrupts: Interrupts = .shared) -> Session {
        let quiet = invocation.isQuiet
        let workspace = Workspace(origin, environment: environment) { notice in
            if quiet || Background.isWorking { return }
            Task { @MainActor in console.say(RetryText.line(notice)) }
        }
        workspace.trace.say = { [unowned console] in console.say(styled: $0) }
        if invocation.isDebugging { workspace.trace.send(to: .errors) }
        workspace.cluster = invocation.cluster.map { Target(reference: $0) }
        workspace.warehouse = invocation.warehouse.map { Target(reference: $0) }
        workspace.catalog = invocation.catalog
        workspace.schema = invocation.schema
        let session = Session(
            environment: environment, console: console, interrupts: interrupts, workspace: workspace,
            commands: RegisteredCommands())
        if !workspace.isLocal {
            // A local workspace ends with the shell, and its contexts with it.
            let record = SessionRecord(directory: environment.stateDirectory + "/sessions")
            workspace.contexts.onChange = { [unowned workspace] in
                let contexts = workspace.contexts.known.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
                record.keep(.init(host: workspace.host ?? "", contexts: contexts))
            }
        }
        session.language = invocation.language ?? .sql
        session.parameters = invocation.parameters
        session.startsStopped = invocation.startsStopped
        session.settings.mode = invocation.mode
        session.settings.choosesByWidth = invocation.choosesByWidth
        session.settings.showsTiming = invocation.showsTiming
        session.settings.isQuiet = quiet
        session.settings.onError = invocation.continuesOnError ? .continue : .stop
        if invocation.isReadOnly { session.settings.isReadOnly = true }
        return session
    }
}
