import Glibc
import System

/// The workspace behind the HTTP server: the states of its cluster, warehouse, statements and contexts, and the
/// engine's processes.
///
/// One actor, as the states depend on one another and change seldom; what is big (rows) passes through it by
/// reference. The rules are in the life cycles; this carries out what they ask for.
actor Workspace {
    /// What never changes while the workspace lives.
    struct Facts: Sendable {
        let clusterID: String
        let warehouseID: String
        let workspaceID: String
        let userName: String
        let engine: EngineInstallation
        let cores: Int
        let memoryMegabytes: Int
        /// The cluster makes execution contexts.
        var makesContexts = true
    }

    nonisolated let facts: Facts
    nonisolated let data: DataDirectory
    let guardian: ProcessGuard
    let clock: any Clock<Duration>

    var engine = EngineLifeCycle()
    var cluster: ClusterLifeCycle
    var warehouse = WarehouseLifeCycle()

    /// The engine's process; nil while it is stopped.
    var worker: ChildProcess?
    /// Where contexts reach the engine's JVM, once it is known.
    var gateway: EngineEvent.Gateway?
    /// What the engine said about its own end.
    var failureReason: String?
    /// Tasks that read the processes' events; they end with the processes.
    var readers: [pid_t: Task<Void, Never>] = [:]
    var stopped = false

    var statements: [String: StatementLifeCycle] = [:]
    /// Ids of statements in the order they came.
    var statementOrder: [String] = []
    /// Ids of statements the engine has not been told of, as it does not run yet.
    var unsent: [String] = []
    var sessions: [String: SessionLifeCycle] = [:]
    var waiters: [String: [Int: CheckedContinuation<Void, Never>]] = [:]
    var waiterCount = 0
    var links: [String: ResultLink] = [:]
    var volumeLinks: [String: VolumeLink] = [:]
    /// Files of volumes that come in parts, by the words that name their uploads.
    var uploads: [String: VolumeUpload] = [:]
    /// Files of DBFS that are being written, by their handles.
    var blocks: [Int: (path: String, bytes: [UInt8])] = [:]
    var lastHandle = 0

    var contexts: [String: ContextLifeCycle] = [:]
    /// The process of each context that has one.
    var contextProcesses: [String: ChildProcess] = [:]
    /// Context processes that have not ended yet, also of contexts that were destroyed.
    var livingContextProcesses = 0

    /// Where the Spark of contexts is; nil for the engine's.
    nonisolated let connect: Connect?
    /// The engine has opened its Spark Connect endpoint.
    var connectIsOpen = false
    /// Who waits to be told of it.
    var endpointWaiters: [String: CheckedContinuation<EngineEvent.EndpointAnswer, Never>] = [:]

    init(
        facts: Facts, data: DataDirectory, guardian: ProcessGuard, clock: any Clock<Duration>, connect: Connect? = nil
    ) {
        self.connect = connect
        self.facts = facts
        self.data = data
        self.guardian = guardian
        self.clock = clock
        cluster = ClusterLifeCycle(id: facts.clusterID)
    }

    /// Boots cluster and warehouse, as a client would.
    func autostart() {
        try? startCluster()
        startWarehouse()
    }

    /// Ends every process and forgets everything.
    func stop() async {
        stopped = true
        for id in Array(waiters.keys) { wake(id) }
        for process in contextProcesses.values { process.end() }
        worker?.end()
        for reader in readers.values { await reader.value }
        guardian.stop()
        data.close()
    }

    /// The environment of the engine's processes: this process's own, without credentials for other workspaces.
    nonisolated var engineEnvironment: [String: String] {
        ProcessEnvironment.variables.filter { !$0.key.hasPrefix("DATABRICKS_") }
    }

    /// The catalogs on the disk.
    nonisolated var catalogFiles: CatalogFiles {
        CatalogFiles(root: data.root + "/catalogs", samples: facts.engine.samples, volumes: data.root + "/dbfs/Volumes")
    }

    /// Starts one of the engine's programs, with `variables` added to its environment.
    func launch(
        _ program: String, _ arguments: [String], variables: [String: String] = [:], directory: String? = nil,
        mayFinish: Bool = false
    ) throws -> ChildProcess {
        let run = [facts.engine.python, "-E", "-u", facts.engine.app + "/run.py", program]
        var command = SystemCommand(run + arguments)
        command.environment = engineEnvironment.merging(variables) { $1 }
        command.directory = directory ?? data.root
        return try ChildProcess(command, log: data.log, guardian: guardian, mayFinish: mayFinish)
    }

    /// Lets states follow one another: whatever waited for an engine, or for processes to end, moves on.
    func settle() {
        guard !stopped else { return }
        let now = WallTime.now
        switch cluster.state {
        case .pending where engine.state == .running: cluster.running(at: now)
        case .restarting where engine.state == .running && livingContextProcesses == 0: cluster.running(at: now)
        case .terminating where livingContextProcesses == 0 && engine.isFree(of: .cluster):
            cluster.terminated(at: now)
        default: break
        }
        switch warehouse.state {
        case .starting where engine.state == .running:
            warehouse.running()
            sendStatements()
        case .stopping where engine.isFree(of: .warehouse):
            if warehouse.stopped() { startWarehouse() }
        default: break
        }
    }
}
