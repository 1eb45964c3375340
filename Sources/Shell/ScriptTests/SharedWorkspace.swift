/// The one local workspace that several sessions use: started when the first needs it, stopped by who made this.
final class SharedWorkspace {
    private let starter: LocalEndpoint.Starter
    private var starting: Task<LocalEndpoint, any Error>?

    private init(_ starter: @escaping LocalEndpoint.Starter) { self.starter = starter }

    /// Hands `body` what makes the sessions, and stops the workspace that they have used, however `body` ends.
    /// - Throws: `UsageError` for options that contradict each other; what `body` throws.
    static func shared(
        by call: Call, in program: ProgramContext, _ body: (SessionMaker) async throws -> Report.ExitCode
    ) async throws -> Int32 {
        let workspace = SharedWorkspace(program.startLocal)
        let maker = try SessionMaker(call, program.environment, connect: program.connect) {
            try await workspace.start($0)
        }
        do {
            let code = try await body(maker)
            await workspace.stop()
            return code.rawValue
        } catch {
            await workspace.stop()
            throw error
        }
    }

    /// For sessions, whose end does not stop it.
    private func start(_ request: LocalEndpoint.Request) async throws -> LocalEndpoint {
        let starter = starter
        let task = starting ?? Task { try await starter(request) }
        starting = task
        let endpoint = try await task.value
        return LocalEndpoint(
            url: endpoint.url, token: endpoint.token, clusterID: endpoint.clusterID, warehouseID: endpoint.warehouseID,
            name: endpoint.name, stop: {})
    }

    private func stop() async {
        guard let starting else { return }
        self.starting = nil
        await (try? starting.value)?.stop()
    }
}
