/// What the SQL Warehouses API does.
extension Workspace {
    /// Checks a warehouse id.
    /// - Throws: `APIError` RESOURCE_DOES_NOT_EXIST.
    nonisolated func requireWarehouse(_ id: String) throws {
        guard id == facts.warehouseID else { throw APIError.notFound("SQL warehouse \(id) does not exist") }
    }

    func startWarehouse() {
        if warehouse.start() { perform(engine.acquire(.warehouse)) }
    }

    /// Stops: open statements are cancelled, sessions are over.
    func stopWarehouse() {
        guard warehouse.stop() else { return }
        for id in statementOrder where statements[id]?.isOpen == true { cancelStatement(id) }
        for id in sessions.keys { tell(EngineMessage.closeSession(id)) }
        sessions = [:]
        perform(engine.release(.warehouse))
    }
}
