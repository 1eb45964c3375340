import Databricks
import Results

/// `.warehouse` — show, choose, start or stop a SQL warehouse.
struct WarehouseCommand: MetaCommand {
    let operation = Argument<WarehouseOperation?>("get|start|stop")
    let warehouse = Argument<WarehouseReference?>("NAME|ID", "a warehouse (default: the current one)")
    let waiting = WaitFlags("start")

    var spec: CommandSpec {
        CommandSpec(
            "warehouse", in: .warehouses, "show, use, start or stop a warehouse", takes: [operation, warehouse],
            flags: waiting.all,
            details: """
                A name or id alone selects the warehouse where SQL runs; .warehouse alone shows the current one, or without one lists them.
                A stopped warehouse starts by itself when a statement is sent to it. When none is chosen or configured, SQL goes to your
                default, else the workspace's default, else at the prompt to one that runs; a script then asks for one.
                """,
            examples: [
                .init(".warehouse", "show the current warehouse"),
                .init(".warehouse starter", "run SQL on it", runs: false),
                .init(".warehouse stop starter", "stop it", runs: false),
            ], suits: { WarehouseOperation(rawValue: $0)?.applies(inState: $1) ?? true })
    }

    func run(_ call: Call, in session: Session) async throws {
        let client = try await session.workspace.connected()
        let named = call[warehouse]?.text
        guard let operation = call[operation] else {
            guard let named else {
                guard session.workspace.warehouse != nil else {
                    return try await WarehousesCommand.list(session, client)
                }
                return try await show(session.workspace.warehouseID(client), client, session)
            }
            let chosen = try await session.workspace.useWarehouse(named, client)
            return session.console.say("SQL goes to warehouse \(chosen.name) (\(chosen.state))")
        }
        let waits = try waiting.isSet(in: call, otherwise: operation == .start)
        let id =
            if let named { try await session.workspace.findWarehouse(named, client).id } else {
                try await session.workspace.warehouseID(client)
            }
        if operation == .get { return try await show(id, client, session) }
        try await change(id, client, session, to: operation, waits: waits)
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

    private func change(
        _ id: String, _ client: Client, _ session: Session, to operation: WarehouseOperation, waits: Bool
    ) async throws {
        let change = WarehouseChange(client: client, id: id)
        let console = session.console
        var lastState: WarehouseState?
        let observe = { (warehouse: Warehouse) async in
            let text = "warehouse \(warehouse.name) is \(warehouse.state)"
            console.nowWaiting(for: text)
            if waits, let lastState, warehouse.state != lastState { console.say(text) }
            lastState = warehouse.state
        }
        let outcome = try await console.waiting(for: "warehouse \(id)") {
            operation == .stop
                ? try await change.stop(waits: waits, observing: observe)
                : try await change.start(waits: waits, observing: observe)
        }
        let warehouse = outcome.resource
        let did = operation == .stop ? "was told to stop" : "was started"
        let already = outcome.hasActed ? "\(did) and is \(warehouse.state)" : "is \(warehouse.state) already"
        try session.presenter.show(
            change: "warehouse \(warehouse.name) (\(id)) \(already)",
            [("name", warehouse.name), ("id", warehouse.id), ("state", warehouse.state.rawValue)])
    }
}

/// What `.warehouse` can do to one.
enum WarehouseOperation: String, Operation {
    case get, start, stop

    /// Whether it makes sense for a warehouse in this state.
    func applies(inState state: String) -> Bool {
        let isDown = state == "STOPPED" || state == "STOPPING"
        return switch self {
        case .get: true
        case .start: isDown
        case .stop: !isDown
        }
    }
}
