/// Starts, restarts or terminates a cluster.
package typealias ClusterChange = StateChange<Cluster>

extension StateChange<Cluster> {
    package init(
        client: Client, id: String, clock: any Clock<Duration> = ContinuousClock(),
        timeLimit: Duration = .seconds(20 * 60)
    ) {
        self.init(client: client, id: id, clock: clock, timeLimit: timeLimit) { try await client.clusters.get(id) }
    }

    /// Sees to it that the cluster runs. One that runs is left alone; one that terminates is waited for and started again.
    /// - Parameters:
    ///   - waits: until it runs; otherwise until it is on its way.
    ///   - pendingIsEnough: a cluster that is still starting will do.
    ///   - consent: called before a terminated cluster is started; what it throws ends the change.
    ///   - observing: called with every state that is read.
    /// - Throws: `StateChangeFailed` when it ends up otherwise, or not in time; else as `Client.json`.
    package func start(
        waits: Bool = true, pendingIsEnough: Bool = false, consent: (Cluster) async throws -> Void = { _ in },
        observing: (Cluster) async -> Void = { _ in }
    ) async throws -> Outcome {
        var hasActed = false
        return try await follow(observing) { cluster in
            switch cluster.state {
            case .running, .resizing: return Outcome(resource: cluster, hasActed: hasActed)
            case .terminated:
                // Started here once and terminated again: it did not come up.
                guard !hasActed else { throw StateChangeFailed(resource: cluster, isLate: false) }
                try await consent(cluster)
                hasActed = try await accepted { try await client.clusters.start(id) }
            // Not waited for when it may not be started then.
            case .terminating: try client.gate.admit(Clusters.starting(id))
            case .pending where pendingIsEnough: return Outcome(resource: cluster, hasActed: hasActed)
            case .pending, .restarting: if !waits { return Outcome(resource: cluster, hasActed: hasActed) }
            default: throw StateChangeFailed(resource: cluster, isLate: false)
            }
            return try await left(hasActed, waits: waits)
        }
    }

    /// Restarts the cluster once it runs; one that does not run is started.
    /// - Throws: as `start`.
    package func restart(
        waits: Bool = true, user: String? = nil, observing: (Cluster) async -> Void = { _ in }
    ) async throws -> Outcome {
        // A cluster that starts is waited for first, which would be in vain.
        try client.gate.admit(Clusters.restarting(id))
        var hasActed = false
        return try await follow(observing) { cluster in
            switch cluster.state {
            case .running, .resizing:
                if hasActed { return Outcome(resource: cluster, hasActed: true) }
                hasActed = try await accepted { try await client.clusters.restart(id, user: user) }
            case .terminated:
                guard !hasActed else { throw StateChangeFailed(resource: cluster, isLate: false) }
                hasActed = try await accepted { try await client.clusters.start(id) }
            case .pending, .restarting, .terminating: break
            default: throw StateChangeFailed(resource: cluster, isLate: false)
            }
            return try await left(hasActed, waits: waits)
        }
    }

    /// Terminates the cluster; its configuration is kept.
    /// - Throws: as `start`.
    package func terminate(waits: Bool = false, observing: (Cluster) async -> Void = { _ in }) async throws -> Outcome {
        var hasActed = false
        return try await follow(observing) { cluster in
            switch cluster.state {
            case .terminated: return Outcome(resource: cluster, hasActed: hasActed)
            case .terminating: return waits ? nil : Outcome(resource: cluster, hasActed: hasActed)
            default:
                if !hasActed { hasActed = try await accepted { try await client.clusters.terminate(id) } }
            }
            return try await left(hasActed, waits: waits)
        }
    }
}
