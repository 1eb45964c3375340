import Databricks

/// The execution contexts a session has, one for each cluster it ran code on. They are made on first use, kept through the
/// session and destroyed at its end, because the service cannot list them and a cluster holds 145 at most (API README).
final class ExecutionContexts {
    private var byCluster: [String: ContextSession] = [:]
    /// Known contexts, by cluster.
    private(set) var known: [String: String] = [:]
    /// The same as a session's file has them.
    var listed: [SessionContent.Context] {
        known.sorted { $0.key < $1.key }.map { .init(cluster: $0.key, id: $0.value) }
    }
    /// Gives their Python the session's parameters.
    let pythonParameters = PythonParameters()
    let notebookHooks = NotebookHooks()
    private var losses: [String: ContextLost] = [:]
    /// Sessions that are no longer used, and may still be destroying their context.
    private var retired: [ContextSession] = []
    /// Called when `known` has changed.
    var onChange: (() -> Void)?

    /// A cluster has answered with this context.
    func note(_ context: String, on cluster: String) {
        guard known[cluster] != context else { return }
        known[cluster] = context
        onChange?()
    }

    /// The context on a cluster, which its first use makes.
    func session(on cluster: String, _ client: Client) -> ContextSession {
        // Python on this machine that was started anew has another way to it.
        if let session = byCluster[cluster], session.uses(client) { return session }
        let session = ContextSession(client: client, clusterID: cluster)
        byCluster[cluster] = session
        return session
    }

    /// Background work found that a context is lost. The next cell reports it, or the user would not know that the variables
    /// are gone.
    func noteLoss(_ lost: ContextLost) {
        losses[lost.clusterID] = lost
        if known.removeValue(forKey: lost.clusterID) != nil { onChange?() }
    }

    /// A loss that was not reported yet; the caller reports it.
    func takeLoss(on cluster: String) -> ContextLost? { losses.removeValue(forKey: cluster) }

    /// Uses an attached context; the previous one on the same cluster is destroyed.
    func use(_ attached: ContextSession) async {
        await close(on: attached.clusterID)
        byCluster[attached.clusterID] = attached
        if let id = await attached.id { note(id, on: attached.clusterID) }
    }

    /// Whether there is one already, so that the cluster was up a moment ago.
    func isOpen(on cluster: String) async -> Bool { await byCluster[cluster]?.id != nil }

    /// The cluster was restarted or terminated: its context is gone.
    func forget(on cluster: String) {
        byCluster[cluster] = nil
        if known.removeValue(forKey: cluster) != nil { onChange?() }
    }

    /// Clusters and the ids of the contexts on them.
    func all() async -> [(cluster: String, context: String)] {
        var found: [(String, String)] = []
        for (cluster, session) in byCluster.sorted(by: { $0.key < $1.key }) {
            if let id = await session.id { found.append((cluster, id)) }
        }
        return found
    }

    /// Destroys the context on one cluster; the next use makes another.
    func close(on cluster: String) async {
        if let session = byCluster.removeValue(forKey: cluster) {
            retired.append(session)
            await session.close()
            retired.removeAll { $0 === session }
        }
        if known.removeValue(forKey: cluster) != nil { onChange?() }
    }

    /// Destroys every context, as far as possible: dbsh is leaving, and nothing here may delay that for long.
    func closeAll() async {
        let sessions = byCluster.values + retired
        byCluster = [:]
        retired = []
        await withTaskGroup(of: Void.self) { group in
            for session in sessions { group.addTask { await session.close() } }
        }
        known = [:]
        onChange?()
    }
}
