/// The one local workspace that several sessions use: started when the first needs it, stopped by who made this.
final class SharedWorkspace {
    private let starter: LocalEndpoint.Starter
    private var starting: Task<LocalEndpoint, any Error>?

    init(_ starter: @escaping LocalEndpoint.Starter) { self.starter = starter }

    /// For sessions, whose end does not stop it.
    func start(_ request: LocalEndpoint.Request) async throws -> LocalEndpoint {
        let starter = starter
        let task = starting ?? Task { try await starter(request) }
        starting = task
        let endpoint = try await task.value
        return LocalEndpoint(
            url: endpoint.url, token: endpoint.token, clusterID: endpoint.clusterID, warehouseID: endpoint.warehouseID,
            name: endpoint.name, stop: {})
    }

    func stop() async {
        guard let starting else { return }
        self.starting = nil
        await (try? starting.value)?.stop()
    }
}
