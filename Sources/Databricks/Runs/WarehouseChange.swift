/// Starts or stops a warehouse, whatever state it is in, and waits until it is there. As `ClusterChange`.
package struct WarehouseChange: Sendable {
    private let client: Client
    private let id: String
    private let clock: any Clock<Duration>
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
        package let warehouse: Warehouse
        /// Whether a call was needed.
        package let hasActed: Bool
    }

    /// Sees to it that the warehouse runs; one that is stopping is waited for.
    /// - Throws: `WarehouseChangeFailed`; else as `Client.json`.
    package func start(waits: Bool = true, observing: (Warehouse) async -> Void = { _ in }) async throws -> Outcome {
        var hasActed = false
        return try await follow(observing) { warehouse in
            switch warehouse.state {
            case .running: return Outcome(warehouse: warehouse, hasActed: hasActed)
            case .stopped:
                guard !hasActed else { throw WarehouseChangeFailed(warehouse: warehouse, wanted: .running) }
                hasActed = try await StateChange.accepted { try await client.warehouses.start(id) }
            case .starting: if !waits { return Outcome(warehouse: warehouse, hasActed: hasActed) }
            case .stopping: break
            default: throw WarehouseChangeFailed(warehouse: warehouse, wanted: .running)
            }
            return hasActed && !waits ? Outcome(warehouse: try await client.warehouses.get(id), hasActed: true) : nil
        }
    }

    /// Stops the warehouse.
    /// - Throws: as `start`.
    package func stop(waits: Bool = false, observing: (Warehouse) async -> Void = { _ in }) async throws -> Outcome {
        var hasActed = false
        return try await follow(observing) { warehouse in
            switch warehouse.state {
            case .stopped, .deleted: return Outcome(warehouse: warehouse, hasActed: hasActed)
            case .stopping, .deleting: return waits ? nil : Outcome(warehouse: warehouse, hasActed: hasActed)
            default: if !hasActed { hasActed = try await StateChange.accepted { try await client.warehouses.stop(id) } }
            }
            return hasActed && !waits ? Outcome(warehouse: try await client.warehouses.get(id), hasActed: true) : nil
        }
    }

    private func follow(
        _ observing: (Warehouse) async -> Void, _ step: (Warehouse) async throws -> Outcome?
    ) async throws -> Outcome {
        try await StateChange.follow(clock: clock, patience: patience) {
            let warehouse = try await client.warehouses.get(id)
            await observing(warehouse)
            return warehouse
        } step: {
            try await step($0)
        } late: {
            WarehouseChangeFailed(warehouse: $0, wanted: nil)
        }
    }
}

/// A warehouse that was waited for is in a state that leads nowhere, or took too long.
package struct WarehouseChangeFailed: Error, Sendable {
    package let warehouse: Warehouse
    /// What it was to become; nil when the time was over.
    package let wanted: WarehouseState?
}
