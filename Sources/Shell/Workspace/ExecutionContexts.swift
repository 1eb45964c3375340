import Databricks

/// The execution contexts a session has made, one for each cluster it ran code on. They are made on first use, kept
/// through the session and destroyed at its end, because the service cannot list them and a cluster holds 145 at most
/// (api-contract §1.4).
final class ExecutionContexts {
    private var byCluster: [String: String] = [:]

    func context(on cluster: String) -> String? { byCluster[cluster] }

    func keep(_ context: String, on cluster: String) { byCluster[cluster] = context }

    /// The context is gone on the server; the next cell makes another.
    func forget(on cluster: String) { byCluster[cluster] = nil }

    var all: [(cluster: String, context: String)] {
        byCluster.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// Destroys the context on one cluster. Says nothing when it is gone already.
    func destroy(on cluster: String, _ client: Client) async throws {
        guard let context = byCluster.removeValue(forKey: cluster) else { return }
        try await client.contexts.destroy(clusterID: cluster, contextID: context)
    }

    /// Destroys every context, as far as that goes: this is the way out, and nothing here may hold it up.
    func destroyAll(_ client: Client) async {
        let contexts = all
        byCluster = [:]
        await withTaskGroup(of: Void.self) { group in
            for (cluster, context) in contexts {
                group.addTask { try? await client.contexts.destroy(clusterID: cluster, contextID: context) }
            }
        }
    }
}
