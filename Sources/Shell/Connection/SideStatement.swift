import Databricks
import Results

/// A statement with which dbsh finds something out. It runs outside the user's SQL session, where it would be part of an open
/// transaction, and it starts no warehouse unless somebody says yes.
struct SideStatement {
    let workspace: Workspace
    let client: Client
    /// Whether a stopped warehouse may be started for it.
    var mayStart: (Warehouse) async throws -> Bool = { _ in false }
    /// Whether it is left when the warehouse does not run, whatever the session allows.
    var onlyWhileRunning = false
    /// Stands behind what nobody has typed, for whoever reads it in the query history.
    nonisolated static let backgroundRemark = " /* dbsh: names for Tab */"

    /// - Throws: `WarehouseStopped`, `UsageError` when no warehouse is chosen, and as `StatementRun.run`.
    func run(_ statement: String) async throws -> StatementResult {
        let id = try await workspace.warehouseID(client)
        let warehouse = try await client.warehouses.get(id)
        let isUp = warehouse.state == .running || warehouse.state == .starting
        let stopped = WarehouseStopped(name: warehouse.name.isEmpty ? id : warehouse.name)
        if onlyWhileRunning, warehouse.state != .running { throw stopped }
        // Nobody who presses Tab wants to start something.
        if !isUp, !client.gate.mayStart || Background.isWorking, !(try await mayStart(warehouse)) {
            throw stopped
        }
        let text = Background.isWorking ? statement + Self.backgroundRemark : statement
        var request = StatementRequest(text, warehouseID: id)
        request.catalog = workspace.catalog
        request.schema = workspace.schema
        return try await StatementRun(client: client, request: request).run()
    }

    /// The rows, as text.
    func rows(_ statement: String) async throws -> (columns: [String], rows: [[String]]) {
        let result = try await run(statement)
        var rows: [[String]] = []
        for try await store in result.batches() {
            for row in 0..<store.rowCount {
                rows.append(
                    (0..<store.columnCount).map { column in
                        store.cell(row, column).map { String(decoding: $0, as: UTF8.self) } ?? ""
                    })
            }
        }
        return (result.columns.map(\.name), rows)
    }
}
