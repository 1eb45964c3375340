import CMalloc
import Databricks
import Glibc
import LocalWorkspace
import Shell
import System

/// Puts the parts together: the shell, and the local workspace that it knows only by its address.
enum Main {
    /// Runs dbsh and returns its exit code.
    @MainActor
    static func run(_ arguments: [String]) async -> Int32 {
        keepFreedMemory()
        let environment = ShellEnvironment.ofProcess()
        let program = Program(environment: environment, connect: connect) { request in
            let workspace: LocalWorkspace
            do { workspace = try await start(request.environment, isEphemeral: request.isEphemeral) } catch let error
                as LocalWorkspaceError
            {
                throw LocalWorkspaceNotStarted(message: error.message, hint: error.hint)
            }
            return LocalEndpoint(
                url: workspace.url, token: Secret(workspace.token), clusterID: workspace.clusterID,
                warehouseID: workspace.warehouseID,
                name: "local", stop: { await workspace.stop() })
        } serveLocal: { request in
            await ServeProgram(request: request).run()
        } describeEngine: { environment in
            do {
                let engine = try EngineInstallation.find(environment: environment.variables, home: environment.home)
                return "Apache Spark \(engine.spark) (\(engine.app))"
            } catch let error as LocalWorkspaceError {
                throw LocalWorkspaceNotStarted(message: error.message, hint: error.hint)
            }
        }
        return await program.run(arguments)
    }

    /// Python on this machine with Spark elsewhere.
    private static let connect = ConnectService { environment in
        ConnectInstallation.find(environment: environment.variables, home: environment.home).map {
            ConnectService.Installation(pythonVersion: $0.pythonVersion, isStale: $0.isStale)
        }
    } start: { request in
        let environment = request.environment
        guard
            let installation = ConnectInstallation.find(environment: environment.variables, home: environment.home)
        else { throw LocalWorkspaceNotStarted(message: "Python for Spark Connect is gone.", hint: nil) }
        let bridge: ConnectBridge
        do {
            bridge = try await ConnectBridge(target(of: request), installation, directory: request.directory)
        } catch let error as LocalWorkspaceError {
            throw LocalWorkspaceNotStarted(message: error.message, hint: error.hint)
        }
        return ConnectService.Server(
            url: bridge.url, token: Secret(bridge.token), untilUnused: { await bridge.untilUnused() },
            stop: { await bridge.stop() })
    }

    private static func target(of request: ConnectService.Request) -> ConnectTarget {
        var headers: [String: String] = [:]
        if case .cluster(let id) = request.compute { headers["x-databricks-cluster-id"] = id }
        let trust = CertificateTrust.of(environment: request.environment.variables)
        let certificates: String? = if case .file(let path) = trust { path } else { nil }
        return ConnectTarget(
            clusterID: request.compute.id, url: request.url, isServerless: request.compute == .serverless,
            headers: headers, certificates: certificates, userAgent: request.userAgent
        ) { isRefused in
            let signature = try await request.sign(isRefused)
            let headers = signature.headers.map { ($0.name, $0.value.reveal()) }
            let seconds = signature.expiry.map { max(0, $0.seconds - WallTime.now.seconds) }
            return (Dictionary(headers) { $1 }, seconds)
        } notice: { notice in
            switch notice {
            case .session(let id, let headers):
                request.notice(.session(id: id, headers: headers, since: .now))
            case .progress(let tasks, let left): request.notice(.progress(tasks: tasks, left: left))
            case .waiting(let why): request.notice(.waiting(why))
            case .signature(let refused): request.notice(.signature(refused: refused))
            }
        }
    }

    /// Rows travel in blocks of about a megabyte, which malloc(3) would return to the kernel and ask for again all the time;
    /// each time the kernel clears every page. mallopt(3): up to 16 MiB may stay, blocks of 4 MiB and more still go at once,
    /// and threads share two arenas, so that what one thread frees serves another.
    private static func keepFreedMemory() {
        mallopt(M_MMAP_THRESHOLD, 4 << 20)
        mallopt(M_TRIM_THRESHOLD, 16 << 20)
        mallopt(M_ARENA_MAX, 2)
    }

    /// Starts the local workspace with its data in the user's data directory.
    nonisolated static func start(_ environment: ShellEnvironment, isEphemeral: Bool) async throws -> LocalWorkspace {
        let engine = try EngineInstallation.find(environment: environment.variables, home: environment.home)
        var options = LocalWorkspace.Options(dataDirectory: environment.dataDirectory + "/local", engine: engine)
        options.ephemeral = isEphemeral
        return try await LocalWorkspace.start(options)
    }
}
