import System

/// What the Clusters API does.
extension Workspace {
    /// Checks a cluster id.
    /// - Throws: `APIError` as the service words it: SDKs turn this very message into "not found".
    nonisolated func requireCluster(_ id: String) throws {
        guard id == facts.clusterID else { throw APIError.invalidParameter("Cluster \(id) does not exist") }
    }

    func startCluster() throws {
        try cluster.start(by: facts.userName, at: .now)
        perform(engine.acquire(.cluster))
    }

    /// Restarts: every context is lost, and the engine is a new one unless the warehouse is using it.
    func restartCluster() throws {
        try cluster.restart(by: facts.userName, at: .now)
        closeContexts()
        perform(engine.renew(for: .cluster))
    }

    func terminateCluster() {
        guard cluster.terminate(by: facts.userName, at: .now) else { return }
        closeContexts()
        perform(engine.release(.cluster))
    }
}
