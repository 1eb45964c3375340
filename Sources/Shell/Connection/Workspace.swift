import Databricks

/// The workspace a session talks to, and what it uses there: the connection, the warehouse for SQL, the cluster for code
/// and its execution context, the catalog and schema.
final class Workspace {
    /// How the connection is made.
    enum Origin {
        /// As the official clients resolve it: arguments, environment, profile.
        case configured(ConnectionArguments)
        /// The local workspace, started when the shell starts.
        case local(LocalEndpoint.Starter, LocalEndpoint.Request)

        var isLocal: Bool { if case .local = self { true } else { false } }
    }

    let environment: ShellEnvironment
    private let onRetry: @Sendable (RetryNotice) -> Void
    private var origin: Origin
    private var connecting: Task<Client, any Error>?
    private var endpoint: LocalEndpoint?
    private(set) var client: Client?

    var cluster: Target?
    var warehouse: Target?
    /// The warehouse is the local workspace's only one, which nobody has asked for.
    var warehouseIsDefault = false
    /// A person is at the prompt: without a default, a warehouse may be chosen.
    var mayChooseWarehouse = false
    /// Tags for statements: those of the profile, and those that the session was told.
    var profileTags = QueryTags()
    var ownTags = QueryTags()
    /// A notebook runs whose SQL and Python are to see each other's views.
    var sqlSharesContext = false
    /// The user knows.
    var saidThatSQLSharesContext = false
    /// Where `.target` sends SQL; nil leaves it to what is there.
    var chosenSQLTarget: SQLTarget?
    var catalog: String?
    var schema: String?
    /// Who one is there, once the workspace has said so.
    var user: String?
    /// Server-side SQL sessions and execution contexts made for this connection.
    private(set) var contexts: ExecutionContexts
    /// Called when the contexts in use have changed.
    var contextsChanged: () -> Void = {}
    /// What the session has there stays when this dbsh leaves.
    var isKept = false {
        didSet { sessions.outlives = isKept }
    }
    let sessions = StatementSessions()
    /// Stops what a read-only session does not do, on every connection.
    let gate = RequestGate()
    let names = NameCache()
    /// Python on this machine, for compute that is reached by Spark Connect: how it is started, and what runs of it.
    var connectService: ConnectService?
    let bridges = ConnectBridges()
    /// The user knows that Python runs here.
    var saidWhereConnectRuns = false
    /// Counts what may have changed the variables of the contexts: code that ran, another connection. What is known about the
    /// variables is stale once this has changed.
    private(set) var variablesVersion = 0
    /// Watches the requests, when somebody wants to see them.
    let trace: RequestTrace
    /// Says something about the connection to the user.
    var say: (String) -> Void = { _ in }

    init(_ origin: Origin, environment: ShellEnvironment, onRetry: @escaping @Sendable (RetryNotice) -> Void) {
        self.origin = origin
        self.environment = environment
        contexts = ExecutionContexts()
        self.onRetry = onRetry
        trace = RequestTrace()
        contexts.onChange = { [unowned self] in contextsChanged() }
    }

    /// The connection arguments, besides environment and profile.
    var arguments: ConnectionArguments {
        if case .configured(let arguments) = origin { arguments } else { ConnectionArguments() }
    }

    /// Whether this is the local workspace.
    var isLocal: Bool { origin.isLocal }

    /// The connection's host, for prompts and reports; nil before there is one.
    var host: String? { client?.connection.host }

    /// How the warehouse and the cluster are called in prompts and footers; nil when there is none.
    var warehouseTitle: String? {
        warehouse.map { target in target.id.flatMap(names.name(ofWarehouse:)) ?? target.title }
    }
    var clusterTitle: String? {
        cluster.map { target in target.id.flatMap(names.name(ofCluster:)) ?? target.title }
    }

    /// Starts what the connection needs in the background, so that the prompt need not wait for it. Reads files only:
    /// the network is first used by the first cell.
    func open() {
        guard connecting == nil else { return }
        switch origin {
        case .configured(let arguments):
            // Only files are read, at once, so that the first prompt can show them; the first cell reports what is wrong.
            let configured = Result { try configure(arguments) }
            connecting = Task { try configured.get() }
        case .local(let start, let request):
            connecting = Task { try await self.startLocal(start, request) }
        }
    }

    /// The client, once connected.
    /// - Throws: `ProfileError`, `CredentialError` when it cannot be configured, or what starting the local workspace threw.
    func connected() async throws -> Client {
        if let client { return client }
        open()
        guard let connecting else { throw CancellationError() }
        do { return try await connecting.value } catch {
            self.connecting = nil  // the next cell tries again, when the file or the environment may have been mended
            throw error
        }
    }

    /// The host to sign in at, when that is all that is missing: nothing is configured that would sign in there.
    func missingLogin() -> (host: HostURL, accountID: String?)? {
        guard case .configured(let arguments) = origin else { return nil }
        let (variables, home) = (environment.variables, environment.home)
        do { _ = try ConnectionResolver.resolve(arguments, environment: variables, home: home) } catch {
            guard case CredentialError.notSignedIn = error else { return nil }
            return (try? ConnectionResolver.place(arguments, environment: variables, home: home)) ?? nil
        }
        return nil
    }

    /// Connects again with what is configured now.
    func openAgain() {
        connecting = nil
        open()
    }

    /// A cell is likely to come soon: opens the connection, unless it is open, so that the cell need not wait for it.
    func expectCell() {
        guard !isLocal, let client else { return }
        // Opening libcurl takes some milliseconds: not on the main actor.
        Task.detached { client.connect() }
    }

    /// Leaves the current connection and uses another from now on.
    func reconnect(_ origin: Origin) async {
        await close()
        self.origin = origin
        isKept = false
        contexts = ExecutionContexts()
        contexts.onChange = { [unowned self] in contextsChanged() }
        cluster = nil
        warehouse = nil
        warehouseIsDefault = false
        chosenSQLTarget = nil
        catalog = nil
        schema = nil
        user = nil
        names.clear()
        variablesMayChange()
        open()
    }

    /// Destroys execution contexts and closes sessions, unless they are kept; closes connections, and ends the local workspace.
    func close() async {
        let starting = connecting
        connecting = nil
        if client == nil, isLocal { _ = try? await starting?.value }
        if let client {
            // The local workspace ends with all its contexts; elsewhere they would live on.
            if endpoint == nil, !isKept {
                async let closing: Void = sessions.closeAll(client)
                await contexts.closeAll()
                await closing
            }
            await bridges.close(leavingKept: isKept)
            await client.shutdown()
        }
        sessions.forget()
        client = nil
        await endpoint?.stop()
        endpoint = nil
    }

    /// Code runs in a context, or has run.
    func variablesMayChange() { variablesVersion += 1 }

    // MARK: Connecting

    private func configure(_ arguments: ConnectionArguments) throws -> Client {
        let connection = try ConnectionResolver.resolve(
            arguments, environment: environment.variables, home: environment.home)
        return adopt(connection, cluster: connection.clusterID, warehouse: connection.warehouseID)
    }

    private func startLocal(_ start: LocalEndpoint.Starter, _ request: LocalEndpoint.Request) async throws -> Client {
        let endpoint = try await start(request)
        self.endpoint = endpoint
        let connection = try Connection(
            host: endpoint.url, credential: PersonalAccessToken(endpoint.token), clusterID: endpoint.clusterID,
            warehouseID: endpoint.warehouseID)
        warehouseIsDefault = warehouse == nil
        let client = adopt(connection, cluster: endpoint.clusterID, warehouse: endpoint.warehouseID)
        if cluster?.reference == endpoint.clusterID { cluster?.name = endpoint.name }
        if warehouse?.reference == endpoint.warehouseID { warehouse?.name = endpoint.name }
        return client
    }

    private func adopt(_ connection: Connection, cluster clusterID: String?, warehouse warehouseID: String?) -> Client {
        gate.configure(readOnly: connection.isReadOnly)
        let client = makeClient(connection, isLocal: isLocal)
        configureTags(connection.queryTags)
        self.client = client
        if cluster == nil {
            cluster = connection.isServerless ? .serverless : clusterID.map { Target(reference: $0) }
        }
        if warehouse == nil { warehouse = warehouseID.map { Target(reference: $0) } }
        return client
    }

    /// A client whose requests pass the gate, and are traced. Nothing is connected yet.
    func makeClient(_ connection: Connection, isLocal: Bool) -> Client {
        makeClient(connection, makeTransport(isLocal: isLocal))
    }

    func makeClient(_ connection: Connection, _ transport: any Transport) -> Client {
        Client(
            connection: connection, transport: transport, version: Version.number,
            callers: UserAgent.callers(environment.variables), gate: gate, onRetry: onRetry)
    }

    /// The wire, watched by the trace.
    func makeTransport(isLocal: Bool) -> any Transport {
        let trace = trace
        let options = CurlTransport.Options(environment: environment.variables)
        if options.allowsPlainHTTP, !isLocal {
            say("DBSH_ALLOW_HTTP=1: credentials may go over plain http, where others can read them")
        }
        return TracingTransport(CurlTransport(options), isOn: { trace.isOn }, emit: { trace.record($0) })
    }
}
