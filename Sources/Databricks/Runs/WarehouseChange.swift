/// Starts or stops a warehouse.
package typealias WarehouseChange = StateChange<Warehouse>

extension StateChange<Warehouse> {
    package init(
        client: Client, id: String, clock: any Clock<Duration> = ContinuousClock(),
        timeLimit: Duration = .seconds(20 * 60)
    ) {
        self.init(client: client, id: id, clock: clock, timeLimit: timeLimit) { try await client.warehouses.get(id) }
    }

    /// Sees to it that the warehouse runs; one that is stopping is waited for.
    /// - Throws: `StateChangeFailed`; else as `Client.json`.
    package func start(waits: Bool = true, observing: (Warehouse) async -> Void = { _ in }) async throws -> Outcome {
        var hasActed = false
        return try await follow(observing) { warehouse in
            switch warehouse.state {
            case .running: return Outcome(resource: warehouse, hasActed: hasActed)
            case .stopped:
                guard !hasActed else { throw StateChangeFailed(resource: warehouse, isLate: false) }
                hasActed = try await accepted { try await client.warehouses.start(id) }
            case .starting: if !waits { return Outcome(resource: warehouse, hasActed: hasActed) }
            // Not waited for when it may not be started then.
            case .stopping: try client.gate.admit(Warehouses.starting(id))
            default: throw StateChangeFailed(resource: warehouse, isLate: false)
            }
            return try await left(hasActed, waits: waits)
        }
    }

    /// Stops the warehouse.
    /// - Throws: as `start`.
    package func stop(waits: Bool = false, observing: (Warehouse) async -> Void = { _ in }) async throws -> Outcome {
        var hasActed = false
        return try await follow(observing) { warehouse in
            switch warehouse.state {
            case .stopped, .deleted: return Outcome(resource: warehouse, hasActed: hasActed)
            case .stopping, .deleting: return waits ? nil : Outcome(resource: warehouse, hasActed: hasActed)
            default: if !hasActed { hasActed = try await accepted { try await client.warehouses.stop(id) } }
            }
            return try await left(hasActed, waits: waits)
        }
    }
}
