import Databricks
import Results

/// `.warehouse` — show, choose, start or stop a SQL warehouse.
struct WarehouseCommand: MetaCommand {
    let operation = Argument<WarehouseOperation?>("get|start|stop")
    let warehouse = Argument<WarehouseReference?>("NAME|ID", "a warehouse; the current one when left out")
    let noWait = Flag("--no-wait", "start returns at once")

    var spec: CommandSpec {
        CommandSpec(
            "warehouse", in: .warehouses, "show, use, start or stop a warehouse", takes: [operation, warehouse],
            flags: [noWait],
            details: """
                With a name or id alone, SQL goes to that warehouse from now on; without anything, the current one is shown.
                A stopped warehouse starts by itself when a statement is sent to it.
                """,
            examples: [
                .init(".warehouse", "the current warehouse"), .init(".warehouse starter", "use it", runs: false),
                .init(".warehouse stop starter", "stop it", runs: false),
            ])
    }

    func run(_ call: Call, in session: Session) async throws {
        let client = try await session.workspace.connected()
        let named = try call(warehouse)?.text
        guard let operation = try call(operation) else {
            guard let named else { return try await show(session.workspace.warehouseID(client), client, session) }
            let chosen = try await session.workspace.useWarehouse(named, client)
            return session.console.say("SQL goes to warehouse \(chosen.name) (\(chosen.state))")
        }
        let id =
            if let named { try await session.workspace.findWarehouse(named, client).id } else {
                try await session.workspace.warehouseID(client)
            }
        switch operation {
        case .get: try await show(id, client, session)
        case .start: try await start(id, client, session, waits: !call.has(noWait))
        case .stop:
            let warehouse = try await client.warehouses.get(id)
            if warehouse.state == .stopped {
                return session.console.say("warehouse \(warehouse.name) is stopped already")
            }
            try await client.warehouses.stop(id)
            session.console.say("warehouse \(warehouse.name) (\(id)) is being stopped")
        }
    }

    private func show(_ id: String, _ client: Client, _ session: Session) async throws {
        let warehouse = try await client.warehouses.get(id)
        if session.workspace.warehouse?.id == id { session.workspace.warehouse?.name = warehouse.name }
        try session.presenter.show(record: [
            ("name", warehouse.name), ("id", warehouse.id), ("state", warehouse.state.rawValue),
            ("size", warehouse.size), ("type", warehouse.isServerless ? "SERVERLESS" : warehouse.type),
            ("clusters", warehouse.clusters.map(String.init)),
            ("most_clusters", warehouse.maximumClusters.map(String.init)),
            ("stops_when_idle", ClusterText.idle(minutes: warehouse.autoStopMinutes)),
            ("health", warehouse.healthSummary ?? warehouse.health), ("creator", warehouse.creator),
        ])
    }

    private func start(_ id: String, _ client: Client, _ session: Session, waits: Bool) async throws {
        var warehouse = try await client.warehouses.get(id)
        if warehouse.state == .running {
            return session.console.say("warehouse \(warehouse.name) is running already")
        }
        try await client.warehouses.start(id)
        guard waits else { return session.console.say("warehouse \(warehouse.name) is starting") }
        try await session.console.waiting(for: "warehouse \(warehouse.name)") {
            repeat {
                try await Task.sleep(for: .seconds(1))
                warehouse = try await client.warehouses.get(id)
                session.console.nowWaiting(for: "warehouse \(warehouse.name) is \(warehouse.state)")
            } while warehouse.state == .starting || warehouse.state == .stopping
        }
        guard warehouse.state == .running else { throw WarehouseFailed(warehouse: warehouse) }
        session.console.say("warehouse \(warehouse.name) is running")
    }
}

/// What `.warehouse` can do to one.
enum WarehouseOperation: String, Operation {
    case get, start, stop
}

/// A warehouse that was waited for did not come up.
struct WarehouseFailed: Error {
    let warehouse: Warehouse
}
