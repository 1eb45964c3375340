import Databricks
import Results

/// `.warehouses` — the workspace's SQL warehouses.
struct WarehousesCommand: MetaCommand {
    var spec: CommandSpec {
        CommandSpec(
            "warehouses", in: .warehouses, "list the SQL warehouses",
            examples: [.init(".warehouses", "names, ids and states")])
    }

    func run(_ call: Call, in session: Session) async throws {
        let client = try await session.workspace.connected()
        let warehouses = try await client.warehouses.list()
        session.workspace.names.keep(warehouses: warehouses)
        try session.presenter.show(
            [.text("name"), .text("id"), .text("state"), .text("size"), .text("type"), .text("creator")],
            rows: warehouses.map {
                [$0.name, $0.id, $0.state.rawValue, $0.size, $0.isServerless ? "SERVERLESS" : $0.type, $0.creator]
            })
    }
}
