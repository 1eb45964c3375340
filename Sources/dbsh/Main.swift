import CMalloc
import Databricks
import Glibc
import LocalWorkspace
import Shell

/// Puts the parts together: the shell, and the local workspace that it knows only by its address.
enum Main {
    /// Runs dbsh and returns its exit code.
    @MainActor
    static func run(_ arguments: [String]) async -> Int32 {
        keepFreedMemory()
        let environment = ShellEnvironment.ofProcess()
        let program = Program(environment: environment) { request in
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
