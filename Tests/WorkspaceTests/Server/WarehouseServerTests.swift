import Testing

@testable import LocalWorkspace

/// The SQL Warehouses API.
@Suite(.timeLimit(.minutes(10)))
struct WarehouseServerTests {
    @Test func aWarehouseStartsAndStops() async throws {
        try await withGatedWorkspace(autostart: false) { workspace, client, gate in
            let list = try await client.send("GET", "/api/2.0/sql/warehouses").json["warehouses"]?.elements
            #expect(list?.map { $0["id"] } == [.string(workspace.warehouseID)])
            #expect(list?.first?["state"] == "STOPPED")
            #expect(try await client.send("POST", client.warehouseTarget + "/start", [:]).json == [:])
            #expect(try await client.warehouse(becomes: "STARTING")["num_clusters"] == 0)
            gate.say("ready")
            let running = try await client.warehouse(becomes: "RUNNING")
            #expect(running["num_clusters"] == 1)
            #expect(running["health"]?["status"] == "HEALTHY")
            // Starting what runs is no error.
            #expect(try await client.send("POST", client.warehouseTarget + "/start", [:]).status == 200)
            #expect(try await client.send("POST", client.warehouseTarget + "/stop", [:]).json == [:])
            _ = try await client.warehouse(becomes: "STOPPED")
            #expect(try await client.send("POST", client.warehouseTarget + "/stop", [:]).status == 200)
        }
    }

    @Test func stoppingCancelsStatements() async throws {
        try await withReplayWorkspace { _, client in
            let id = try #require(try await client.statement("hang", wait: "0s")["statement_id"]?.string)
            _ = try await client.statement(id, becomes: "RUNNING")
            _ = try await client.send("POST", client.warehouseTarget + "/stop", [:])
            _ = try await client.statement(id, becomes: "CANCELED")
            _ = try await client.warehouse(becomes: "STOPPED")
        }
    }

    @Test func anUnknownWarehouseDoesNotExist() async throws {
        try await withReplayWorkspace(autostart: false) { _, client in
            let answers = [
                try await client.send("GET", "/api/2.0/sql/warehouses/nope"),
                try await client.send("POST", "/api/2.0/sql/warehouses/nope/start", [:]),
                try await client.send(
                    "POST", "/api/2.0/sql/statements", ["warehouse_id": "nope", "statement": "select 1"]),
                try await client.send("POST", "/api/2.0/sql/sessions", ["warehouse_id": "nope"]),
            ]
            for answer in answers {
                #expect(answer.status == 404)
                #expect(answer.json["error_code"] == "RESOURCE_DOES_NOT_EXIST")
            }
        }
    }
}
