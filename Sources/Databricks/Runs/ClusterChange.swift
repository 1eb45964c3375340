/// Brings a cluster into another state, whatever state it is in, and waits until it is there.
///
/// Others may change it at the same time: the service answers a call that does not fit the present state with
/// `INVALID_STATE`. That is no failure but a reason to look again (api-contract §2).
package struct ClusterChange: Sendable {
    private let client: Client
    private let id: String
    private let clock: any Clock<Duration>
    /// As long as the official SDKs wait.
    private let patience: Duration

    package init(
        client: Client, id: String, clock: any Clock<Duration> = ContinuousClock(),
        patience: Duration = .seconds(20 * 60)
    ) {
        self.client = client
        self.id = id
        self.clock = clock
        self.patience = patience
    }

    /// What came of a change.
    package struct Outcome: Sendable {
        package let cluster: Cluster
        /// Whether a call was needed: false when it was as wished already, or on its way there.
        package let hasActed: Bool
    }

    /// Sees to it that the cluster runs. One that runs is left alone; one that terminates is waited for and started again.
    /// - Parameters:
    ///   - waits: until it runs; otherwise until it is on its way.
    ///   - observing: called with every state that is read.
    /// - Throws: `ClusterChangeFailed` when it ends up otherwise, or not in time; else as `Client.json`.
    package func start(waits: Bool = true, observing: (Cluster) async -> Void = { _ in }) async throws -> Outcome {
        var hasActed = false
        return try await follow(observing) { cluster in
            switch cluster.state {
            case .running, .resizing: return Outcome(cluster: cluster, hasActed: hasActed)
            case .terminated:
                // Started here once and terminated again: it did not come up.
                guard !hasActed else { throw ClusterChangeFailed(cluster: cluster, wanted: .running) }
                hasActed = try await StateChange.accepted { try await client.clusters.start(id) }
            case .terminating: break
            case .pending, .restarting: if !waits { return Outcome(cluster: cluster, hasActed: hasActed) }
            default: throw ClusterChangeFailed(cluster: cluster, wanted: .running)
            }
            return hasActed && !waits ? Outcome(cluster: try await client.clusters.get(id), hasActed: true) : nil
        }
    }

    /// Restarts the cluster once it runs; one that does not run is started.
    /// - Throws: as `start`.
    package func restart(
        waits: Bool = true, user: String? = nil, observing: (Cluster) async -> Void = { _ in }
    ) async throws -> Outcome {
        var hasActed = false
        return try await follow(observing) { cluster in
            switch cluster.state {
            case .running, .resizing:
                if hasActed { return Outcome(cluster: cluster, hasActed: true) }
                hasActed = try await StateChange.accepted { try await client.clusters.restart(id, user: user) }
            case .terminated:
                guard !hasActed else { throw ClusterChangeFailed(cluster: cluster, wanted: .running) }
                hasActed = try await StateChange.accepted { try await client.clusters.start(id) }
            case .pending, .restarting, .terminating: break
            default: throw ClusterChangeFailed(cluster: cluster, wanted: .running)
            }
            return hasActed && !waits ? Outcome(cluster: try await client.clusters.get(id), hasActed: true) : nil
        }
    }

    /// Terminates the cluster; its configuration is kept.
    /// - Throws: as `start`.
    package func terminate(waits: Bool = false, observing: (Cluster) async -> Void = { _ in }) async throws -> Outcome {
        var hasActed = false
        return try await follow(observing) { cluster in
            switch cluster.state {
            case .terminated: return Outcome(cluster: cluster, hasActed: hasActed)
            case .terminating: return waits ? nil : Outcome(cluster: cluster, hasActed: hasActed)
            default:
                if !hasActed { hasActed = try await StateChange.accepted { try await client.clusters.terminate(id) } }
            }
            return hasActed && !waits ? Outcome(cluster: try await client.clusters.get(id), hasActed: true) : nil
        }
    }

    /// Reads the state and asks `step` what to do, until it is done. First looks come quickly, later ones every two seconds.
    private func follow(
        _ observing: (Cluster) async -> Void, _ step: (Cluster) async throws -> Outcome?
    ) async throws -> Outcome {
        try await StateChange.follow(clock: clock, patience: patience) {
            let cluster = try await client.clusters.get(id)
            await observing(cluster)
            return cluster
        } step: {
            try await step($0)
        } late: {
            ClusterChangeFailed(cluster: $0, wanted: nil)
        }
    }
}

/// A cluster that was waited for is in a state that leads nowhere, or took too long.
package struct ClusterChangeFailed: Error, Sendable {
    package let cluster: Cluster
    /// What it was to become; nil when the time was over.
    package let wanted: ClusterState?
}
