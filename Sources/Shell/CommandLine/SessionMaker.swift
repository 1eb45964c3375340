import Databricks
import Glibc
import Terminal

/// Makes sessions as a command line asks: one for the shell, one for each script that `dbsh test` runs.
struct SessionMaker {
    private let call: Call
    private let origin: Workspace.Origin
    private let connect: ConnectService
    private var parameters = Parameters()
    private var tags = QueryTags()

    /// - Throws: `UsageError` for options that contradict each other.
    init(
        _ call: Call, _ environment: ShellEnvironment, connect: ConnectService,
        startLocal: @escaping LocalEndpoint.Starter
    ) throws {
        self.call = call
        self.connect = connect
        guard !call[Options.serverless] || call[Options.cluster] == nil else {
            throw UsageError("--cluster and --serverless contradict each other", call.spec)
        }
        for parameter in call.inOrder([Options.parameter, Options.parameterFile]).joined() {
            try parameters.set(parameter)
        }
        for tag in call[Options.tag] {
            guard tags.set(tag) else { throw UsageError("a statement has \(QueryTags.most) tags at most", call.spec) }
        }
        if try Self.isLocal(call, environment) {
            origin = .local(startLocal, .init(environment: environment, isEphemeral: call[Options.ephemeral]))
        } else {
            var arguments = ConnectionArguments()
            arguments.profile = call[Options.profile]
            arguments.host = call[Options.host]
            arguments.choosesCompute = call[Options.serverless] || call[Options.cluster] != nil
            origin = .configured(arguments)
        }
    }

    /// Whether the session is one with the local workspace: `--local`, or `DBSH_LOCAL=1` when no other workspace is named.
    static func isLocal(_ call: Call, _ environment: ShellEnvironment) throws -> Bool {
        let remote: [any AnyFlag] = [Options.profile, Options.host]
        let named = remote.first { call.has($0) }
        if call[Options.local], let named {
            throw UsageError("--local and \(named.name) contradict each other", call.spec)
        }
        let isLocal = call[Options.local] || (named == nil && environment["DBSH_LOCAL"] == "1")
        if call[Options.ephemeral], !isLocal { throw UsageError("--ephemeral needs --local", call.spec) }
        return isLocal
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
        let quiet = call[Options.quiet]
        let workspace = Workspace(origin, environment: environment) { notice in
            if quiet || Background.isWorking { return }
            Task { @MainActor in console.say(RetryText.line(notice)) }
        }
        workspace.say = { [unowned console] in console.say($0) }
        workspace.trace.say = { [unowned console] in console.say(styled: $0) }
        if call[Options.debug] { workspace.trace.send(to: .errors) }
        workspace.connectService = connect
        workspace.bridges.trace = { [unowned workspace] in workspace.trace.note($0) }
        workspace.cluster =
            call[Options.serverless] ? .serverless : call[Options.cluster].map { Target.code($0.text) }
        workspace.warehouse = call[Options.warehouse].map { Target(reference: $0.text) }
        workspace.catalog = call[Options.catalog]
        workspace.schema = call[Options.schema]
        workspace.ownTags = tags
        let session = Session(
            environment: environment, console: console, interrupts: interrupts, workspace: workspace,
            commands: RegisteredCommands())
        if !workspace.isLocal {
            // A local workspace ends with the shell, and its contexts with it.
            let record = SessionRecord(directory: environment.stateDirectory + "/sessions")
            workspace.contextsChanged = { [unowned session] in
                guard !session.workspace.isKept else {
                    record.remove()
                    session.kept?.save()
                    return
                }
                var content = SessionContent()
                content.host = session.workspace.host ?? ""
                content.contexts = session.workspace.lastingContexts
                record.keep(content)
            }
        }
        session.parameters = parameters
        if call[Options.start] { workspace.gate.allowStarting() }
        session.settings.installs = call[Options.yes]
        if call[Options.readOnly] { workspace.gate.fixReadOnly() }
        session.settings.isQuiet = quiet
        // What a meta command does too is done by it.
        if let language = call[Options.language] { LangCommand.set(language, in: session) }
        if let mode = call.inOrder([Options.mode] + Options.formats).last { ModeCommand.set(mode, in: session) }
        if let choice = call[Options.onError] { OnerrorCommand.set(choice, in: session) }
        session.limits.cell = call[Options.timeout]
        if let length = call[Options.deadline] { session.limits.begin(script: length) }
        session.settings.maxRows = call[Options.maxRows]
        session.settings.retries = call[Options.retries] ?? 0
        if call[Options.strict] { StrictCommand.set(.on, in: session) }
        if call[Options.timing] { TimingCommand.set(.on, in: session) }
        return session
    }
}
