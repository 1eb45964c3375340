import Databricks

/// Which warehouse is used when none was chosen or configured, and why.
struct DefaultWarehouse {
    let warehouse: Warehouse
    let reason: String

    /// Asks the workspace: for the user's own default, for the workspace's, and with `mayChoose` takes the best of those that the user may
    /// use. Scripts do not choose: a new warehouse must not change what they do.
    /// - Returns: nil when there is none.
    static func find(_ client: Client, mayChoose: Bool) async throws -> DefaultWarehouse? {
        if let found = try await client.warehouses.usersDefault() {
            return DefaultWarehouse(warehouse: found, reason: "your default")
        }
        if let found = try await client.warehouses.workspaceDefault() {
            return DefaultWarehouse(warehouse: found, reason: "the workspace's default")
        }
        guard mayChoose else { return nil }
        let usable = try await client.warehouses.usable()
        guard let best = best(of: usable) else { return nil }
        let reason =
            usable.count == 1
            ? "the only one that you may use"
            : "chosen by state and name out of \(usable.count); .warehouse NAME uses another"
        return DefaultWarehouse(warehouse: best, reason: reason)
    }

    /// One that runs or will soon before one that would have to be started, then by name.
    private static func best(of warehouses: [Warehouse]) -> Warehouse? {
        let order: [WarehouseState] = [.running, .starting, .stopped, .stopping]
        return warehouses.compactMap { warehouse in order.firstIndex(of: warehouse.state).map { ($0, warehouse) } }
            .min { ($0.0, $0.1.name) < ($1.0, $1.1.name) }?.1
    }
}

extension Workspace {
    /// Uses the default warehouse from now on, and says which it is.
    /// - Throws: `UsageError` when there is none; what the workspace says when it refuses to list them, as it does for a token that
    ///   is wrong: the defaults alone do not tell that from a workspace that has none.
    @discardableResult
    func useDefaultWarehouse(_ client: Client) async throws -> Warehouse {
        guard let found = try await DefaultWarehouse.find(client, mayChoose: mayChooseWarehouse) else {
            let all = try await client.warehouses.usable()
            let list = all.prefix(8).map { "\($0.name) (\($0.id))" }.joined(separator: ", ")
            throw UsageError(
                "no warehouse is chosen for SQL, and neither you nor the workspace has a default",
                hint: all.isEmpty
                    ? "the workspace has no warehouse that you may use; .cluster NAME and .target cluster run SQL on a cluster"
                    : "--warehouse NAME or .warehouse NAME uses one: \(list)\(all.count > 8 ? ", …" : "")")
        }
        let chosen = found.warehouse
        // Another cell may have been faster.
        if let id = warehouse?.id, id != chosen.id { return try await client.warehouses.get(id) }
        if warehouse == nil { say("SQL goes to warehouse \(chosen.name) (\(chosen.state)): \(found.reason)") }
        warehouse = Target(id: chosen.id, name: chosen.name)
        return chosen
    }
}
