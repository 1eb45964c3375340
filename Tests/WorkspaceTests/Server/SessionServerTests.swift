import Testing

@testable import LocalWorkspace

/// SQL sessions.
@Suite(.timeLimit(.minutes(10)))
struct SessionServerTests {
    private func open(_ client: TestClient, _ more: KeyValuePairs<String, JSON> = [:]) async throws -> JSON {
        let body: JSON = ["warehouse_id": .string(client.workspace.warehouseID)]
        let answer = try await client.send("POST", "/api/2.0/sql/sessions", body.adding(more))
        return try #require(answer.json["session_id"], "\(answer.text)")
    }

    private func recall(_ client: TestClient, _ session: JSON) async throws -> JSON? {
        try await client.statement("recall", ["session_id": session])["result"]?["data_array"]
    }

    @Test func statementsOfASessionShareIt() async throws {
        try await withReplayWorkspace { _, client in
            let one = try await open(client)
            let other = try await open(client)
            _ = try await client.statement("ddl create view v", ["session_id": one])
            #expect(try await recall(client, one) == [["ddl create view v"]])
            #expect(try await recall(client, other) == [[nil]])
        }
    }

    @Test func aSessionStartsWhereItWasAskedTo() async throws {
        try await withGatedWorkspace(autostart: false) { _, client, gate in
            let session = try await open(client, ["catalog": "main", "schema": "odd`name"])
            async let recalled = recall(client, session)
            _ = try await client.warehouse(becomes: "STARTING")
            gate.say("ready")
            #expect(try await recalled == [["USE SCHEMA `odd``name`"]])
        }
    }

    @Test func aSessionThatCannotStartFailsItsStatements() async throws {
        try await withReplayWorkspace { _, client in
            let session = try await open(client, ["catalog": "nowhere", "schema": "s"])
            for _ in 0..<2 {
                let answer = try await client.statement("select 1", ["session_id": session])
                #expect(answer["status"]?["state"] == "FAILED")
                #expect(answer["status"]?["sql_state"] == "42601")
            }
        }
    }

    @Test func aClosedSessionTakesNoStatements() async throws {
        try await withReplayWorkspace { workspace, client in
            let session = try await open(client)
            let target = "/api/2.0/sql/sessions/\(session.string ?? "")?warehouse_id=\(workspace.warehouseID)"
            #expect(try await client.send("DELETE", target).json == [:])
            #expect(try await client.send("DELETE", target).status == 404)
            let answer = try await client.send(
                "POST", "/api/2.0/sql/statements",
                ["warehouse_id": .string(workspace.warehouseID), "statement": "select 1", "session_id": session])
            #expect(answer.status == 404)
        }
    }

    @Test func settingsThatCannotBeMadeAreRefused() async throws {
        try await withReplayWorkspace(autostart: false) { workspace, client in
            for confs: JSON in [["a b": "1"], ["TIMEZONE": "x'; drop"], ["k": "a;b"], ["k": 1], []] {
                let answer = try await client.send(
                    "POST", "/api/2.0/sql/sessions",
                    ["warehouse_id": .string(workspace.warehouseID), "session_confs": confs])
                #expect(answer.status == 400, "\(confs)")
            }
        }
    }
}
