import Databricks

/// Makes sure that the current cluster accepts commands: waits while it starts, starts it if allowed, or says what to type.
/// A client that executed on a stopped cluster without looking first waited forever (API README).
struct ClusterReadiness {
    let session: Session

    /// Where code runs, once it takes commands.
    /// - Throws: `UsageError` when there is none or it may not be started, `StateChangeFailed` when it does not come up; as
    ///   `ConnectReadiness.ready`.
    func ready(_ client: Client) async throws -> Compute {
        if let compute = try await session.workspace.connectCompute(client) {
            return try await ConnectReadiness(session: session).ready(compute, client)
        }
        return Compute(client: client, id: try await readyCluster(client))
    }

    private func readyCluster(_ client: Client) async throws -> String {
        let id = try await session.workspace.clusterID(client)
        // With a context in use the cluster was running a moment ago; if it no longer is, the command fails and says so.
        if await session.workspace.contexts.isOpen(on: id) { return id }
        let news = ClusterNews(client: client, id: id)
        var mayStart = client.gate.mayStart
        // The local workspace makes contexts while its engine boots: Python need not wait for Java.
        let pendingIsEnough = session.workspace.isLocal
        _ = try await ClusterChange(client: client, id: id).start(pendingIsEnough: pendingIsEnough) {
            cluster in
            // Not asked about when the answer would not help.
            try client.gate.admit(.starts("cluster \(cluster.name)"))
            if !mayStart { try await askToStart(cluster) }
            mayStart = true
        } observing: { cluster in
            session.workspace.cluster?.name = cluster.name
            guard !cluster.state.acceptsCommands, !(pendingIsEnough && cluster.state == .pending) else { return }
            session.console.nowWaiting(for: Self.describe(cluster))
            guard cluster.state.isChanging, let newest = await news.newest() else { return }
            session.console.nowWaiting(for: "\(Self.describe(cluster)) · \(newest)")
        }
        return id
    }

    static func describe(_ cluster: Cluster) -> String {
        let message = cluster.stateMessage.flatMap { $0.isEmpty ? nil : ": \($0)" } ?? ""
        return "cluster \(cluster.name) is \(cluster.state)\(message)"
    }

    private func askToStart(_ cluster: Cluster) async throws {
        let answer = await session.prompter?.ask("Cluster \(cluster.name) is terminated. Start it? [Y/n] ")
        if Agreement.isGiven(answer, isDefault: true) { return }
        throw UsageError(
            "cluster \(cluster.name) is terminated", hint: "start it with .cluster start, or run dbsh with --start")
    }
}
