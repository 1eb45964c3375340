import Databricks
import Results

/// `.warehouses` — the workspace's SQL warehouses.
struct WarehousesCommand: MetaCommand {
    var spec: CommandSpec {
        CommandSpec(
            "warehouses", in: .warehouses, "list the SQL warehouses",
            details:
                "The column use marks the one where SQL goes now, and the one where it would go if none were chosen.",
            examples: [.init(".warehouses", "names, ids and states")])
    }

    func run(_ call: Call, in session: Session) async throws {
        try await Self.list(session, session.workspace.connected())
    }

    /// Lists them, with the current one marked, or the default.
    static func list(_ session: Session, _ client: Client) async throws {
        let workspace = session.workspace
        async let all = client.warehouses.list()
        async let byDefault = DefaultWarehouse.find(client, mayChoose: workspace.mayChooseWarehouse)
        let warehouses = try await all
        let defaultID = try? await byDefault?.warehouse.id
        workspace.names.keep(warehouses: warehouses)
        func use(_ warehouse: Warehouse) -> String? {
            let current = workspace.warehouse
            let isCurrent = current.map { [warehouse.id, warehouse.name].contains($0.id ?? $0.reference) } ?? false
            return isCurrent ? "current" : warehouse.id == defaultID ? "default" : nil
        }
        try session.presenter.show(
            [
                .text("name"), .whole("id"), .text("state"), .text("use").leaving(1), .text("size").leaving(2),
                .text("type").leaving(3), .text("creator").leaving(4),
            ],
            rows: warehouses.map {
                [
                    $0.name, $0.id, $0.state.rawValue, use($0), $0.size, $0.isServerless ? "SERVERLESS" : $0.type,
                    $0.creator,
                ]
            })
    }
}
