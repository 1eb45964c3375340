import Results

/// Server-side sessions of a warehouse, which keep `USE`, `SET`, temporary views and variables between statements
/// (`/api/2.0/sql/sessions`). Not documented, but used by the official drivers (API/README.md); a service may refuse them.
package struct SQLSessions: Sendable {
    let client: Client

    /// Opens a session and returns its id.
    /// - Throws: as `Client.json`; `APIError` with status 400, 404 or the like where there are no sessions.
    package func open(warehouseID: String, catalog: String?, schema: String?) async throws -> String {
        var call = APICall.post(
            "/api/2.0/sql/sessions", .ownSession(warehouseID: warehouseID),
            [
                ("warehouse_id", .string(warehouseID)), ("catalog", catalog.map(JSONValue.string)),
                ("schema", schema.map(JSONValue.string)),
            ])
        // One that nobody knows of ends by itself.
        call.repetition = .once
        let reply = try await client.json(call)
        guard let id = reply.string("session_id"), !id.isEmpty else {
            throw APIError(
                status: 404, code: "NO_SESSION", message: "the reply names no session", method: "POST", path: call.path)
        }
        return id
    }

    /// - Throws: as `Client.json`.
    package func close(_ id: String, warehouseID: String) async throws {
        var call = APICall("DELETE", "/api/2.0/sql/sessions/\(PercentEncoding.component(id))", .ownSession())
        call.query = [("warehouse_id", warehouseID)]
        call.repetition = .freely
        _ = try await client.json(call)
    }
}

extension Client {
    package var sqlSessions: SQLSessions { SQLSessions(client: self) }
}
