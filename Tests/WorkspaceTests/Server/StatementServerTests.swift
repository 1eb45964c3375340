import Support
import Testing

@testable import LocalWorkspace

/// The Statement Execution API.
@Suite(.timeLimit(.minutes(10)))
struct StatementServerTests {
    @Test func rowsComeWithTheirManifest() async throws {
        try await withReplayWorkspace { _, client in
            let answer = try await client.statement("select 1")
            #expect(answer["status"] == ["state": "SUCCEEDED"])
            let manifest = try #require(answer["manifest"])
            #expect(manifest["format"] == "JSON_ARRAY")
            #expect(manifest["schema"]?["column_count"] == 1)
            #expect(manifest["schema"]?["columns"]?.elements?.first?["type_name"] == "STRING")
            #expect(manifest["total_row_count"] == 1)
            #expect(manifest["total_chunk_count"] == 1)
            #expect(manifest["truncated"] == false)
            #expect(answer["result"]?["data_array"] == [["1"]])
            #expect(answer["result"]?["next_chunk_index"] == nil)
        }
    }

    @Test func aStatementWithoutResultHasNoColumns() async throws {
        try await withReplayWorkspace { _, client in
            let answer = try await client.statement("ddl create table t")
            #expect(answer["manifest"]?["schema"] == ["column_count": 0])
            #expect(answer["manifest"]?["chunks"] == nil)
            #expect(answer["manifest"]?["total_chunk_count"] == 0)
            #expect(answer["result"] == [:])
        }
    }

    @Test func aFailedStatementIsStatus200() async throws {
        try await withReplayWorkspace { _, client in
            let status = try await client.statement("selec 1")["status"]
            #expect(status?["state"] == "FAILED")
            #expect(status?["sql_state"] == "42601")
            #expect(status?["error"]?["error_code"] == "BAD_REQUEST")
            #expect(status?["error"]?["message"]?.string?.hasPrefix("[PARSE_SYNTAX_ERROR]") == true)
        }
    }

    @Test func aStatementStartsTheWarehouseAndWaitsForIt() async throws {
        try await withGatedWorkspace(autostart: false) { _, client, gate in
            let answer = try await client.statement("select 1", wait: "0s")
            #expect(answer["status"] == ["state": "PENDING"])
            #expect(answer["manifest"] == nil)
            _ = try await client.warehouse(becomes: "STARTING")
            gate.say("ready")
            let id = try #require(answer["statement_id"]?.string)
            let done = try await client.statement(id, becomes: "SUCCEEDED")
            #expect(done["result"]?["data_array"] == [["1"]])
        }
    }

    @Test func everythingReachesTheEngine() async throws {
        try await withReplayWorkspace { _, client in
            let parameters: JSON = [
                ["name": "a", "type": "DECIMAL(10,2)", "value": "1.50"], ["name": "b", "value": "é漢\u{1F600}\"\n"],
                ["name": "c", "type": "INT"], ["name": "d", "value": nil],
            ]
            let answer = try await client.statement(
                "echo :a", ["catalog": "main", "schema": "default", "row_limit": 7, "parameters": parameters])
            let cell = answer["result"]?["data_array"]?.elements?.first?.elements?.first?.string
            let told = try JSON(parsing: Array(try #require(cell).utf8))
            #expect(told["sql"] == "echo :a")
            #expect(told["catalog"] == "main")
            #expect(told["schema"] == "default")
            #expect(told["row_limit"] == 7)
            #expect(told["session"] == .null)
            let sent = told["params"]?.elements ?? []
            #expect(sent.map { $0["name"] } == ["a", "b", "c", "d"])
            #expect(sent.map { $0["value"] } == ["1.50", "é漢\u{1F600}\"\n", nil, nil])
            #expect(sent[0]["type"] == "DECIMAL(10,2)")
        }
    }

    @Test(arguments: [
        #"{"wait_timeout":"4s"}"#, #"{"wait_timeout":"51s"}"#, #"{"wait_timeout":"10"}"#, #"{"wait_timeout":"-5s"}"#,
        #"{"on_wait_timeout":"WAIT"}"#, #"{"disposition":"BOTH"}"#, #"{"format":"ARROW_STREAM"}"#,
        #"{"format":"CSV"}"#, #"{"format":"XML"}"#, #"{"row_limit":0}"#,
        #"{"row_limit":-1}"#, #"{"statement":""}"#, #"{"parameters":[{"name":"a"},{"name":"a"}]}"#,
        #"{"parameters":[{"name":"a"},{"value":"1"}]}"#, #"{"parameters":[{"name":"a","value":1}]}"#,
        #"{"parameters":{}}"#, #"{"parameters":["a"]}"#, #"{"row_limit":"many"}"#, #"{"catalog":1}"#,
    ])
    func whatIsWrongIsRefusedBeforeItRuns(more: String) async throws {
        try await withReplayWorkspace(autostart: false) { workspace, client in
            var members: [JSON.Member] = [
                .init(name: "warehouse_id", value: .string(workspace.warehouseID)),
                .init(name: "statement", value: "select 1"),
            ]
            if case .object(let own) = try JSON(parsing: Array(more.utf8)) {
                members = members.filter { member in !own.contains { $0.name == member.name } } + own
            }
            let answer = try await client.send("POST", "/api/2.0/sql/statements", .object(members))
            #expect(answer.status == 400)
            let codes: [JSON?] = ["INVALID_PARAMETER_VALUE", "MALFORMED_REQUEST"]
            #expect(codes.contains(answer.json["error_code"]))
            #expect(try await client.send("GET", client.warehouseTarget).json["state"] == "STOPPED")
        }
    }

    @Test func cancellingAnswersAtOnceAndDropsWhatComesLate() async throws {
        try await withReplayWorkspace { _, client in
            let id = try #require(try await client.statement("hang deaf", wait: "0s")["statement_id"]?.string)
            _ = try await client.statement(id, becomes: "RUNNING")
            let cancel = try await client.send("POST", "/api/2.0/sql/statements/\(id)/cancel", [:])
            #expect(cancel.json == [:])
            let target = "/api/2.0/sql/statements/\(id)"
            #expect(try await client.send("GET", target).json["status"] == ["state": "CANCELED"])
            // The engine answers in order: once this is done, the late rows have come, and were dropped.
            _ = try await client.statement("select 1")
            #expect(try await client.send("GET", target).json["status"] == ["state": "CANCELED"])
            // A finished statement stays as it is.
            #expect(try await client.send("POST", target + "/cancel", [:]).status == 200)
        }
    }

    @Test func aWaitCanEndInCancellation() async throws {
        let clock = ManualClock()
        try await withReplayWorkspace {
            $0.clock = clock
        } _: { _, client in
            _ = try await client.warehouse(becomes: "RUNNING")
            async let answer = client.statement("hang", wait: "5s", ["on_wait_timeout": "CANCEL"])
            _ = await clock.nextSleep()
            clock.advance(by: .seconds(5))
            #expect(try await answer["status"] == ["state": "CANCELED"])
        }
    }

    @Test func aWaitCanEndWithTheStatementStillRunning() async throws {
        let clock = ManualClock()
        try await withReplayWorkspace {
            $0.clock = clock
        } _: { _, client in
            _ = try await client.warehouse(becomes: "RUNNING")
            async let answer = client.statement("hang", wait: "50s")
            // The reply is what is waited for, so that the statement runs can be seen in the history only.
            var state: JSON? = nil
            while state != "RUNNING" {
                state = try await client.send("GET", "/api/2.0/sql/history/queries").json["res"]?.elements?.first?[
                    "status"]
            }
            _ = await clock.nextSleep()
            clock.advance(by: .seconds(50))
            #expect(try await answer["status"]?["state"] == "RUNNING")
        }
    }

    @Test func chunksFollowOneAnother() async throws {
        try await withReplayWorkspace { _, client in
            let answer = try await client.statement("chunks 3 2")
            #expect(answer["manifest"]?["total_chunk_count"] == 3)
            #expect(answer["manifest"]?["total_row_count"] == 6)
            #expect(answer["manifest"]?["chunks"]?.elements?.map { $0["row_offset"] } == [0, 2, 4])
            var rows: [JSON] = []
            var chunk = try #require(answer["result"])
            while true {
                rows += chunk["data_array"]?.elements ?? []
                guard let next = chunk["next_chunk_internal_link"]?.string else { break }
                chunk = try await client.send("GET", next).json
            }
            #expect(rows == (0..<6).map { [.string("\($0)")] })
            let base = "/api/2.0/sql/statements/\(answer["statement_id"]?.string ?? "")/result/chunks/"
            for wrong in ["3", "-1", "x"] {
                #expect(try await client.send("GET", base + wrong).json["error_code"] == "INVALID_PARAMETER_VALUE")
            }
        }
    }

    @Test func tooManyBytesForOneAnswerAreAFailure() async throws {
        try await withReplayWorkspace { _, client in
            let sql = "bytes \(StatementLifeCycle.inlineLimit)"
            let inline = try await client.statement(sql)
            #expect(inline["status"]?["state"] == "FAILED")
            #expect(inline["status"]?["error"]?["message"]?.string?.contains("EXTERNAL_LINKS") == true)
            let linked = try await client.statement(sql, ["disposition": "EXTERNAL_LINKS"])
            #expect(linked["status"]?["state"] == "SUCCEEDED")
        }
    }

    @Test func linksWorkWithoutCredentialAndOnlyWithout() async throws {
        try await withReplayWorkspace { workspace, client in
            let answer = try await client.statement("chunks 2 2", ["disposition": "EXTERNAL_LINKS"])
            let first = try #require(answer["result"]?["external_links"]?.elements?.first)
            #expect(first["row_count"] == 2)
            #expect(first["next_chunk_index"] == 1)
            #expect(first["expiration"]?.string?.hasSuffix("Z") == true)
            let link = try #require(first["external_link"]?.string)
            #expect(link.hasPrefix(workspace.url))
            let path = String(link.dropFirst(workspace.url.count))
            let rows = try await client.raw("GET", path)
            #expect(rows.status == 200)
            #expect(rows.json == [["0"], ["1"]])
            #expect(try await client.send("GET", path).status == 400)
            #expect(try await client.raw("GET", path + "0").status == 403)
            let second = try await client.send("GET", try #require(first["next_chunk_internal_link"]?.string)).json
            let next = try #require(second["external_links"]?.elements?.first)
            #expect(next["row_offset"] == 2)
            #expect(next["next_chunk_index"] == nil)
        }
    }

    @Test func theFormatIsTheManifestsAndTheEngines() async throws {
        try await withReplayWorkspace { workspace, client in
            for (format, engine) in [("JSON_ARRAY", "json"), ("ARROW_STREAM", "arrow"), ("CSV", "csv")] {
                let answer = try await client.statement(
                    "echo", ["disposition": "EXTERNAL_LINKS", "format": .string(format)])
                #expect(answer["manifest"]?["format"]?.string == format)
                let first = try #require(answer["result"]?["external_links"]?.elements?.first)
                let link = try #require(first["external_link"]?.string)
                let rows = try await client.raw("GET", String(link.dropFirst(workspace.url.count)))
                let cell = try #require(rows.json.elements?.first?.elements?.first?.string)
                #expect(try JSON(parsing: Array(cell.utf8))["format"]?.string == engine)
            }
        }
    }

    @Test func aClosedStatementHasNoResult() async throws {
        try await withReplayWorkspace { workspace, client in
            let answer = try await client.statement("chunks 1 1", ["disposition": "EXTERNAL_LINKS"])
            let target = "/api/2.0/sql/statements/\(answer["statement_id"]?.string ?? "")"
            let link = try #require(answer["result"]?["external_links"]?.elements?.first?["external_link"]?.string)
            #expect(try await client.send("DELETE", target).json == [:])
            #expect(try await client.send("GET", target).json["status"] == ["state": "CLOSED"])
            #expect(try await client.send("GET", target + "/result/chunks/0").status == 404)
            #expect(try await client.raw("GET", String(link.dropFirst(workspace.url.count))).status == 403)
        }
    }

    @Test func anUnknownStatementDoesNotExist() async throws {
        try await withReplayWorkspace(autostart: false) { _, client in
            let target = "/api/2.0/sql/statements/nope"
            let answers = [
                try await client.send("GET", target), try await client.send("POST", target + "/cancel", [:]),
                try await client.send("DELETE", target), try await client.send("GET", target + "/result/chunks/0"),
            ]
            for answer in answers {
                #expect(answer.status == 404)
                #expect(answer.json["error_code"] == "RESOURCE_DOES_NOT_EXIST")
            }
        }
    }

    @Test func aTrailingSlashIsAccepted() async throws {
        try await withReplayWorkspace { workspace, client in
            let answer = try await client.send(
                "POST", "/api/2.0/sql/statements/",
                ["warehouse_id": .string(workspace.warehouseID), "statement": "select 1", "wait_timeout": "50s"])
            #expect(answer.json["status"]?["state"] == "SUCCEEDED")
        }
    }
}
