import Testing

@testable import LocalWorkspace

/// Query history.
@Suite(.timeLimit(.minutes(10))) struct HistoryServerTests {
    @Test func historyKnowsEveryStatement() async throws {
        try await withReplayWorkspace { _, client in
            let first = try await client.statement("select 1")
            #expect(first["status"]?["state"] == "SUCCEEDED", "\(first)")
            let done = first["statement_id"]?.string ?? ""
            _ = try await client.statement("selec 1")
            let all = try await client.send("GET", "/api/2.0/sql/history/queries").json
            #expect(all["res"]?.elements?.map { $0["status"] } == ["FAILED", "FINISHED"])
            let one = try await client.send(
                "GET", "/api/2.0/sql/history/queries?filter_by.statement_ids=\(done)&max_results=1"
            ).json["res"]?.elements
            #expect(one?.count == 1)
            #expect(one?.first?["query_text"] == "select 1")
            #expect(one?.first?["rows_produced"] == 1)
        }
    }

    @Test func historySaysHowFarAStatementIs() async throws {
        try await withReplayWorkspace { _, client in
            let id = try await client.statement("progress 1200 4096 8 3", wait: "0s")["statement_id"]?.string ?? ""
            let path = "/api/2.0/sql/history/queries?filter_by.statement_ids=\(id)"
            let metrics = try await client.poll(path + "&include_metrics=true") {
                $0.json["res"]?.elements?.first?["metrics"]?["rows_read_count"] != nil
            }.json["res"]?.elements?.first?["metrics"]
            #expect(
                metrics == [
                    "rows_read_count": 1200, "read_bytes": 4096, "remaining_task_count": 3, "runnable_tasks": 3,
                ])
            // They are there for those who ask for them.
            let without = try await client.send("GET", path).json["res"]?.elements?.first
            #expect(without?["status"] == "RUNNING" && without?["metrics"] == nil)
            _ = try await client.send("POST", "/api/2.0/sql/statements/\(id)/cancel")
            let after = try await client.send("GET", path + "&include_metrics=true").json["res"]?.elements?.first
            #expect(after?["metrics"]?["remaining_task_count"] == 0)
        }
    }

    @Test func historySaysWhatAStatementCost() async throws {
        try await withReplayWorkspace { _, client in
            let id = try await client.statement("select 1")["statement_id"]?.string ?? ""
            let path = "/api/2.0/sql/history/queries?include_metrics=true&filter_by.statement_ids=\(id)"
            let entry = try await client.poll(path) { $0.json["res"]?.elements?.first?["is_final"] == true }
                .json["res"]?.elements?.first
            #expect(entry?["metrics"]?["read_files_count"] == 2)
            #expect(entry?["metrics"]?["rows_produced_count"] == 1)
            #expect(entry?["metrics"]?["query_compilation_start_timestamp"] != nil)
        }
    }

    @Test(arguments: [
        ("filter_by.user_ids=1", 2), ("filter_by.user_ids=2", 0), ("filter_by.warehouse_ids=none", 0),
        ("filter_by.statuses=FAILED", 1), ("filter_by.query_start_time_range.start_time_ms=1000", 2),
        ("filter_by.query_start_time_range.end_time_ms=1000", 0),
    ])
    func historyIsFiltered(by filter: String, count: Int) async throws {
        try await withReplayWorkspace { _, client in
            _ = try await client.statement("select 1")
            _ = try await client.statement("selec 1")
            let found = try await client.send("GET", "/api/2.0/sql/history/queries?" + filter).json["res"]?.elements
            #expect(found?.count == count)
        }
    }
}
