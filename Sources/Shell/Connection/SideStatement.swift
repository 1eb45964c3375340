import Databricks
import Results

/// A statement with which dbsh finds something out. It runs outside the user's SQL session, where it would be part of an open
/// transaction, and it starts no warehouse unless somebody says yes.
struct SideStatement {
    let workspace: Workspace
    let client: Client
    /// Whether a stopped warehouse may be started for it.
    var mayStart: (Warehouse) async throws -> Bool = { _ in false }

    /// - Throws: `WarehouseStopped`, `UsageError` when no warehouse is chosen, and as `StatementRun.run`.
    func run(_ statement: String) async throws -> StatementResult {
        let id = try await workspace.warehouseID(client)
        let warehouse = try await client.warehouses.get(id)
        let isUp = warehouse.state == .running || warehouse.state == .starting
        if !isUp, !client.gate.mayStart, !(try await mayStart(warehouse)) {
            throw WarehouseStopped(name: warehouse.name.isEmpty ? id : warehouse.name)
        }
        var request = StatementRequest(statement, warehouseID: id)
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
