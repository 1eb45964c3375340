import Databricks
import Results
import Support
import Testing

/// The exact request that each call makes, as the official SDKs make it (Sources/Databricks/API/README.md).
struct APITests {
    struct Case: Sendable, CustomTestStringConvertible {
        let line: String
        var body = ""
        /// What may be done when the connection is lost before the answer.
        var repeats = HTTPRequest.Repetition.freely
        let call: @Sendable (Client) async throws -> Void

        var testDescription: String { line }
    }

    static let cases: [Case] = [
        Case(line: "GET /api/2.1/clusters/get?cluster_id=a%20b%2F1") { _ = try await $0.clusters.get("a b/1") },
        Case(
            line: "GET /api/2.1/clusters/list?page_size=100&filter_by.cluster_sources=UI&filter_by.cluster_sources=API"
        ) { _ = try await $0.clusters.list() },
        Case(line: "GET /api/2.1/clusters/list?page_size=100") { _ = try await $0.clusters.list(includingJobs: true) },
        Case(line: "POST /api/2.1/clusters/start", body: #"{"cluster_id":"c"}"#) { try await $0.clusters.start("c") },
        Case(line: "POST /api/2.1/clusters/restart", body: #"{"cluster_id":"c"}"#, repeats: .never) {
            try await $0.clusters.restart("c")
        },
        Case(line: "POST /api/2.1/clusters/delete", body: #"{"cluster_id":"c"}"#) {
            try await $0.clusters.terminate("c")
        },
        Case(line: "GET /api/2.1/clusters/list-node-types") { _ = try await $0.clusters.nodeTypes() },
        Case(line: "GET /api/2.0/sql/warehouses/w%2F1") { _ = try await $0.warehouses.get("w/1") },
        Case(line: "GET /api/2.0/sql/warehouses") { _ = try await $0.warehouses.list() },
        Case(line: "GET /api/2.0/sql/warehouses?skip_cannot_use=true") { _ = try await $0.warehouses.usable() },
        Case(line: "GET /api/warehouses/v1/default-warehouse-overrides/me") {
            _ = try await $0.warehouses.usersDefault()
        },
        Case(line: "GET /api/2.0/sql/warehouses/default") { _ = try await $0.warehouses.workspaceDefault() },
        Case(line: "POST /api/2.0/sql/warehouses/w/start", body: "{}") { try await $0.warehouses.start("w") },
        Case(line: "POST /api/2.0/sql/warehouses/w/stop", body: "{}") { try await $0.warehouses.stop("w") },
        Case(line: "GET /api/2.1/unity-catalog/catalogs?max_results=0") { _ = try await $0.unityCatalog.catalogs() },
        Case(line: "GET /api/2.1/unity-catalog/schemas?catalog_name=a%20b&max_results=0") {
            _ = try await $0.unityCatalog.schemas(in: "a b")
        },
        Case(
            line: "GET /api/2.1/unity-catalog/table-summaries?catalog_name=main&schema_name_pattern=s_x"
                + "&table_name_pattern=or%25&max_results=0"
        ) {
            _ = try await $0.unityCatalog.tables(in: "main", schemas: NamePattern("s_x"), names: .beginning(with: "Or"))
        },
        Case(line: "GET /api/2.1/unity-catalog/tables/main.s.a%2Fb") {
            _ = try await $0.unityCatalog.table("a/b", in: SchemaName("main", "s"))
        },
        Case(line: "GET /api/2.1/unity-catalog/schemas/main.s") {
            _ = try await $0.unityCatalog.schema(SchemaName("main", "s"))
        },
        Case(line: "GET /api/2.1/unity-catalog/catalogs/main") { _ = try await $0.unityCatalog.catalog("main") },
        Case(line: "GET /api/2.1/unity-catalog/volumes?catalog_name=main&schema_name=s&max_results=0") {
            _ = try await $0.unityCatalog.volumes(in: SchemaName("main", "s"))
        },
        Case(line: "GET /api/2.1/unity-catalog/functions?catalog_name=main&schema_name=s&max_results=0") {
            _ = try await $0.unityCatalog.functions(in: SchemaName("main", "s"))
        },
        Case(line: "GET /api/2.1/unity-catalog/current-metastore-assignment") {
            _ = try await $0.unityCatalog.defaultCatalog()
        },
        Case(
            line: "GET /api/2.0/sql/history/queries?filter_by.statement_ids=01ef&include_metrics=true&max_results=1"
        ) { _ = try await $0.queryHistory.record(ofStatement: "01ef") },
        Case(
            line: "GET /api/2.0/sql/history/queries?filter_by.user_ids=7&filter_by.warehouse_ids=w"
                + "&filter_by.statuses=FAILED&filter_by.query_start_time_range.start_time_ms=5&max_results=999"
        ) {
            var filter = QueryHistory.Filter()
            (filter.userID, filter.warehouseID, filter.status) = ("7", "w", "FAILED")
            (filter.since, filter.limit) = (5, 5000)
            _ = try await $0.queryHistory.list(filter)
        },
        Case(line: "GET /api/2.0/preview/scim/v2/Me") { _ = try await $0.currentUser.me() },
        Case(
            line: "POST /api/1.2/contexts/create", body: #"{"clusterId":"c","language":"python"}"#, repeats: .once
        ) { _ = try await $0.contexts.create(clusterID: "c", language: .python) },
        Case(line: "GET /api/1.2/contexts/status?clusterId=c&contextId=x") {
            _ = try await $0.contexts.status(clusterID: "c", contextID: "x")
        },
        Case(line: "POST /api/1.2/contexts/destroy", body: #"{"clusterId":"c","contextId":"x"}"#) {
            try await $0.contexts.destroy(clusterID: "c", contextID: "x", of: .session)
        },
        Case(
            line: "POST /api/1.2/commands/execute",
            body: #"{"clusterId":"c","contextId":"x","language":"scala","command":"val s = \"é\"\n\t1"}"#,
            repeats: .never
        ) {
            _ = try await $0.commands.execute(
                clusterID: "c", contextID: "x", language: .scala, code: "val s = \"é\"\n\t1")
        },
        Case(line: "GET /api/1.2/commands/status?clusterId=c&contextId=x&commandId=1") {
            _ = try await $0.commands.status(clusterID: "c", contextID: "x", commandID: "1")
        },
        Case(line: "POST /api/1.2/commands/cancel", body: #"{"clusterId":"c","contextId":"x","commandId":"1"}"#) {
            try await $0.commands.cancel(clusterID: "c", contextID: "x", commandID: "1", of: .session)
        },
        Case(
            line: "POST /api/2.0/sql/statements",
            body: #"{"warehouse_id":"w","statement":"select 1","disposition":"INLINE","format":"JSON_ARRAY","#
                + #""wait_timeout":"0s"}"#, repeats: .never
        ) { _ = try await $0.statements.submit(StatementRequest("select 1", warehouseID: "w")) },
        Case(
            line: "POST /api/2.0/sql/statements",
            body: #"{"warehouse_id":"w","statement":"select :a","catalog":"main","schema":"s","#
                + #""parameters":[{"name":"a","type":"INT","value":"5"},{"name":"b"}],"row_limit":10,"#
                + #""disposition":"EXTERNAL_LINKS","format":"JSON_ARRAY","wait_timeout":"30s","#
                + #""on_wait_timeout":"CONTINUE","query_tags":[{"key":"client","value":"dbsh"},{"key":"k"}],"#
                + #""session_id":"sess"}"#, repeats: .never
        ) {
            var request = StatementRequest("select :a", warehouseID: "w")
            request.catalog = "main"
            request.schema = "s"
            request.parameters = [.init(name: "a", type: "INT", value: "5"), .init(name: "b", value: nil)]
            request.rowLimit = 10
            request.disposition = .externalLinks
            request.queryTags = [("client", "dbsh"), ("k", nil)]
            request.sessionID = "sess"
            _ = try await $0.statements.submit(request, wait: .seconds(30))
        },
        Case(
            line: "POST /api/2.0/sql/sessions", body: #"{"warehouse_id":"w","catalog":"main","schema":"s"}"#,
            repeats: .once
        ) { _ = try await $0.sqlSessions.open(warehouseID: "w", catalog: "main", schema: "s") },
        Case(line: "DELETE /api/2.0/sql/sessions/a%2Fb?warehouse_id=w") {
            try await $0.sqlSessions.close("a/b", warehouseID: "w")
        },
        Case(
            line: "POST /api/2.1/clusters/events",
            body: #"{"cluster_id":"c","order":"DESC","page_size":20,"event_types":["STARTING"],"start_time":5}"#
        ) { _ = try await $0.clusters.events("c", limit: 20, types: ["STARTING"], since: 5) },
        Case(line: "POST /api/2.1/clusters/restart", body: #"{"cluster_id":"c","restart_user":"me"}"#, repeats: .never)
        {
            try await $0.clusters.restart("c", user: "me")
        },
        Case(line: "GET /api/2.0/sql/statements/01ef") { _ = try await $0.statements.get("01ef") },
        Case(line: "POST /api/2.0/sql/statements/01ef/cancel", body: "{}") {
            try await $0.statements.cancel("01ef", of: .session)
        },
        Case(line: "GET /api/2.0/sql/statements/01ef/result/chunks/3") {
            _ = try await $0.statements.rows(ofChunk: 3, of: "01ef") { _ in }
        },
    ]

    @Test(arguments: cases)
    func requests(_ expected: Case) async throws {
        let transport = ScriptedTransport { _ in .json(#"{"id":"1","session_id":"1"}"#) }
        try await expected.call(transport.client(workspaceID: "42"))
        #expect(transport.sent.entries.count == 1)
        let sent = try #require(transport.sent.entries.first)
        #expect(sent.line == expected.line)
        #expect(sent.body == expected.body)
        #expect(sent.header("Authorization") == "Bearer dapi-secret")
        #expect(sent.header("User-Agent") == "dbsh/1.2.3 os/linux auth/pat")
        #expect(sent.header("Accept") == "application/json")
        #expect(sent.header("Content-Type") == (expected.body.isEmpty ? nil : "application/json"))
        #expect(sent.header("X-Databricks-Workspace-Id") == "42")
        #expect(sent.request.repetition == expected.repeats)
        #expect(!sent.request.needsFreshConnection)
        #expect(sent.request.maximumRedirects == 0)
    }

    @Test func listsAllPages() async throws {
        let transport = ScriptedTransport { sent in
            switch sent.request.url.split(separator: "page_token=").dropFirst().first {
            case nil: .json(#"{"clusters":[{"cluster_id":"1"}],"next_page_token":"a=="}"#)
            case "a%3D%3D": .json(#"{"next_page_token":"b"}"#)
            default: .json(#"{"clusters":[{"cluster_id":"2"},{"cluster_id":"3"}],"next_page_token":""}"#)
            }
        }
        #expect(try await transport.client().clusters.list().map(\.id) == ["1", "2", "3"])
        #expect(transport.sent.entries.count == 3)
    }

    @Test func listsEventsUpToALimit() async throws {
        let transport = ScriptedTransport { sent in
            sent.body.contains("page_token")
                ? .json(#"{"events":[{"type":"C"},{"type":"D"}],"next_page_token":"y"}"#)
                : .json(#"{"events":[{"type":"A","timestamp":7},{"type":"B"}],"next_page_token":"x"}"#)
        }
        #expect(try await transport.client().clusters.events("c", limit: 3).map(\.type) == ["A", "B", "C"])
        #expect(
            transport.sent.entries.map(\.body) == [
                #"{"cluster_id":"c","order":"DESC","page_size":3}"#,
                #"{"cluster_id":"c","order":"DESC","page_size":1,"page_token":"x"}"#,
            ])
    }

    @Test func saysWhatHappened() async throws {
        let transport = ScriptedTransport { _ in
            .json(
                #"{"events":[{"type":"RESIZING","details":{"cause":"AUTOSCALE","current_num_workers":1,"#
                    + #""target_num_workers":4,"user":"me"}},{"type":"TERMINATING","details":{"reason":{"code":"INACTIVITY"}}},"#
                    + #"{"type":"DRIVER_HEALTHY"}]}"#)
        }
        let events = try await transport.client().clusters.events("c", limit: 10)
        #expect(events.map(\.summary) == ["autoscale, 1 of 4 workers", "INACTIVITY", nil])
        #expect(events[0].user == "me")
    }

    @Test func readsClusters() async throws {
        let transport = ScriptedTransport { _ in
            .json(
                #"{"cluster_id":"c","cluster_name":"dev","state":"terminated","state_message":"Inactive.","#
                    + #""termination_reason":{"code":"INACTIVITY","parameters":{"databricks_error_message":"m"}},"#
                    + #""autoscale":{"min_workers":1,"max_workers":4},"cluster_cores":8.0,"start_time":1767260000000,"#
                    + #""spark_conf":{"a.b":"c"},"new_field":[1]}"#)
        }
        let cluster = try await transport.client().clusters.get("c")
        #expect(cluster.name == "dev")
        #expect(cluster.state == .terminated)
        #expect(!cluster.state.acceptsCommands)
        #expect(cluster.termination == "INACTIVITY: m")
        #expect(cluster.workers == .autoscale(minimum: 1, maximum: 4))
        #expect(cluster.cores == "8.0")
        #expect(cluster.json["new_field"]?[0]?.int == 1)
    }

    @Test func keepsUnknownStates() async throws {
        let client = try ScriptedTransport { _ in .json(#"{"id":"w","state":"HIBERNATING"}"#) }.client()
        #expect(try await client.warehouses.get("w").state.rawValue == "HIBERNATING")
        #expect(ContextState(rawValue: "CONTEXT_RUNNING") == .running)
        #expect(CommandState(rawValue: "COMMAND_FINISHED") == .finished)
    }

    @Test func metadataProbe() async throws {
        let transport = ScriptedTransport { sent in
            sent.line.contains(".well-known") ? .json(#"{"workspace_id":"77","cloud":"aws"}"#) : .json("{}")
        }
        let client = try transport.client()
        #expect(try await client.hostMetadata()?.cloud == "aws")
        #expect(client.workspaceID == "77")
        _ = try await client.json(.get("/any"))
        let sent = transport.sent.entries
        #expect(sent[0].line == "GET /.well-known/databricks-config")
        #expect(sent[0].header("Authorization") == nil)
        #expect(sent[0].request.totalTimeout == .seconds(5))
        #expect(sent[0].request.retry == .none)
        #expect(sent[1].header("X-Databricks-Workspace-Id") == "77")
    }

    @Test(arguments: ["{}", "", #"{"userName":""}"#]) func aReplyThatNamesNobodyIsNoUser(_ body: String) async throws {
        let client = try ScriptedTransport { _ in .json(body) }.client()
        let error = await #expect(throws: APIError.self) { try await client.currentUser.me() }
        #expect(error?.message == "the reply names no user")
    }

    /// A credential is asked before every attempt, so that one which refreshes its token is never late.
    @Test func asksTheCredentialEachTime() async throws {
        struct Failing: Credential {
            var authType: AuthType { .pat }
            func headers(_ network: CredentialNetwork) async throws -> [SecretHeader] {
                throw CredentialError.unknownAuthType("test")
            }
        }
        let transport = ScriptedTransport { _ in .json("{}") }
        let client = Client(
            connection: try Connection(host: "h.example", credential: Failing()), transport: transport, version: "1")
        await #expect(throws: CredentialError.self) { try await client.currentUser.me() }
        #expect(transport.sent.entries.isEmpty)
    }
}
