import Databricks

/// Sees to it that the current cluster can take commands: waits while it starts, starts it when it may, or says what to type.
/// A client that executed on a stopped cluster without looking first hung for ever (api-contract §1.4).
struct ClusterReadiness {
    let session: Session

    /// The id of the current cluster, once it takes commands.
    /// - Throws: `UsageError` when there is none or it may not be started, `ClusterFailed` when it does not come up.
    func readyCluster(_ client: Client) async throws -> String {
        let id = try await session.workspace.clusterID(client)
        // With a context in use the cluster was up a moment ago; if it is no more, the command's failure tells.
        if await session.workspace.contexts.isOpen(on: id) { return id }
        var mayStart = session.startsStopped
        let news = ClusterNews(client: client, id: id)
        while true {
            let cluster = try await client.clusters.get(id)
            session.workspace.cluster?.name = cluster.name
            // The local workspace makes contexts while its engine boots: Python need not wait for Java.
            if cluster.state.acceptsCommands || session.workspace.isLocal && cluster.state == .pending { return id }
            if cluster.state == .terminated {
                if !mayStart { try await askToStart(cluster) }
                mayStart = true
                // Somebody else's start is as good.
                do { try await client.clusters.start(id) } catch let error as APIError
                    where error.code == "INVALID_STATE"
                {
                }
            } else if !cluster.state.isChanging {
                throw ClusterFailed(cluster: cluster)
            }
            session.console.nowWaiting(for: Self.describe(cluster))
            if let newest = await news.newest() {
                session.console.nowWaiting(for: "\(Self.describe(cluster)) · \(newest)")
            }
            try await Task.sleep(for: .seconds(session.workspace.isLocal ? 0.1 : 2))
        }
    }

    static func describe(_ cluster: Cluster) -> String {
        let message = cluster.stateMessage.flatMap { $0.isEmpty ? nil : ": \($0)" } ?? ""
        return "cluster \(cluster.name) is \(cluster.state)\(message)"
    }

    private func askToStart(_ cluster: Cluster) async throws {
        let answer = await session.ask?("Cluster \(cluster.name) is terminated. Start it? [Y/n] ")
        if let answer, ["", "y", "yes"].contains(answer.lowercased()) { return }
        throw UsageError(
            "cluster \(cluster.name) is terminated", hint: "start it with .cluster start, or run dbsh with --start")
    }
}
