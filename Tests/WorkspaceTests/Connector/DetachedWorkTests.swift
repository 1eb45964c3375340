import Support
import Testing

/// Work that is not waited for: statements and commands by id.
@Suite(.timeLimit(.minutes(10)))
struct DetachedWorkTests: ConnectorSuite {
    @Test func statementsInTheBackground() async throws {
        let server = try FaultServer()
        let scratch = try ScratchDirectory()
        server.on("POST", "/api/2.0/sql/statements", .json(#"{"statement_id":"01ef","status":{"state":"PENDING"}}"#))
        server.on(
            "GET", "/api/2.0/sql/statements/01ef",
            .json(#"{"statement_id":"01ef","status":{"state":"RUNNING"}}"#),
            .json(
                #"{"statement_id":"01ef","status":{"state":"SUCCEEDED"},"manifest":{"total_chunk_count":1,"#
                    + #""schema":{"columns":[{"name":"x","type_text":"INT","type_name":"INT"}]}},"#
                    + #""result":{"data_array":[["42"]]}}"#))
        server.on("POST", "/api/2.0/sql/statements/01ef/cancel", .json("{}"))
        let warehouse = ["DATABRICKS_WAREHOUSE_ID": "00000000000010ca"]
        let states = try await dbsh("-m jsonl -c '.statement 01ef' -c '.statement 01ef'", server.url, in: scratch)
        #expect(
            states.output == """
                {"statement_id":"01ef","state":"RUNNING"}
                {"x":42}

                """, "\(states.errors)")
        let run = try await dbsh(
            "-P n:INT=1 -c 'select :n;&'", server.url, in: scratch, environment: warehouse)
        #expect(run.output == "01ef\n", "\(run.errors)")
        let submission = server.log.entries.first { $0.method == "POST" && $0.path == "/api/2.0/sql/statements" }
        #expect(submission?.text.contains(#""parameters":[{"name":"n","type":"INT","value":"1"}]"#) == true)
        server.on(
            "GET", "/api/2.0/sql/statements/02ef",
            .json(
                #"{"statement_id":"02ef","status":{"state":"FAILED","error":{"error_code":"BAD_REQUEST","message":"no"}}}"#
            ))
        let failed = try await dbsh("-c '.statement 02ef'", server.url, in: scratch)
        #expect(failed.status == 1 && failed.errors.contains("error: no"))
        let gone = try await dbsh("-c '.statement 03ef'", server.url, in: scratch)
        #expect(gone.status == 1)
    }

    @Test func commandsByID() async throws {
        let server = try FaultServer()
        let scratch = try ScratchDirectory()
        let results = [
            #"{"id":"7","status":"Running","results":null}"#,
            #"{"id":"7","status":"Finished","results":{"resultType":"text","data":"Out[1]: 42"}}"#,
            #"{"id":"7","status":"Finished","results":{"resultType":"error","summary":"ZeroDivisionError: x","cause":"tb"}}"#,
        ]
        server.on("GET", "/api/1.2/commands/status", .json(results[0]), .json(results[1]), .json(results[2]))
        let command = "-c '.command 7 --context 5'"
        let run = try await dbsh(
            "--csv \(command) \(command) \(command)", server.url, in: scratch,
            environment: ["DATABRICKS_CLUSTER_ID": "0101-120000-abcd123"])
        #expect(
            run.output == "command_id,state,context_id,cluster_id\n7,RUNNING,5,0101-120000-abcd123\n42\n",
            "\(run.errors)")
        #expect(run.status == 1 && run.errors.contains("ZeroDivisionError: x"))
        #expect(server.log.entries[0].query == "clusterId=0101-120000-abcd123&contextId=5&commandId=7")
        let without = try await dbsh(
            "-c '.command 7'", server.url, in: scratch, environment: ["DATABRICKS_CLUSTER_ID": "0101-120000-abcd123"])
        #expect(without.status == 2 && without.errors.contains("--context ID"))
    }
}
