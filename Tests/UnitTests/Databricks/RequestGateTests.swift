import Databricks
import Results
import Support
import Testing

/// A read-only session: of what changes a workspace nothing arrives there, whoever makes the request.
@Suite(.timeLimit(.minutes(10)))
struct RequestGateTests {
    /// One kind of request.
    struct Kind: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let make: @Sendable (Client) async throws -> Void

        init(_ name: String, _ make: @escaping @Sendable (Client) async throws -> Void) {
            testDescription = name
            self.make = make
        }

        static func sql(_ text: String) -> Kind {
            Kind(text) { _ = try await $0.statements.submit(StatementRequest(text, warehouseID: "w")) }
        }

        static func command(_ language: Language, _ code: String) -> Kind {
            Kind("\(language): \(code)") {
                _ = try await $0.commands.execute(clusterID: "c", contextID: "x", language: language, code: code)
            }
        }

        static func raw(_ method: String, _ target: String, _ body: String? = nil, header: String? = nil) -> Kind {
            Kind("\(method) \(target) \(body ?? "") \(header ?? "")") {
                var request = RawRequest(method, target)
                if let body { request.body = .bytes(Array(body.utf8), type: "application/json") }
                if let header { request.headers = [(header, "DELETE")] }
                _ = try await $0.send(request)
            }
        }
    }

    static let refused: [Kind] = [
        .sql("insert into t values (1)"), .sql("create table t (a int)"), .sql("begin select 1; end"),
        .sql("select reflect('java.lang.System', 'exit', 0)"), .command(.python, "1"), .command(.scala, "1"),
        .command(.r, "1"),
        .command(.sql, "drop table t"),
        Kind("cluster start") { try await $0.clusters.start("c") },
        Kind("cluster restart") { try await $0.clusters.restart("c") },
        Kind("cluster terminate") { try await $0.clusters.terminate("c") },
        Kind("warehouse start") { try await $0.warehouses.start("w") },
        Kind("warehouse stop") { try await $0.warehouses.stop("w") },
        Kind("somebody's statement") { try await $0.statements.cancel("s", of: .anyone) },
        Kind("somebody's command") {
            try await $0.commands.cancel(clusterID: "c", contextID: "x", commandID: "1", of: .anyone)
        },
        Kind("somebody's context") { try await $0.contexts.destroy(clusterID: "c", contextID: "x", of: .anyone) },
        Kind("context for Python") { _ = try await $0.contexts.create(clusterID: "c", language: .python) },
        .raw("POST", "/2.0/sql/statements", #"{"statement":"create table t (a int)","warehouse_id":"w"}"#),
        .raw("POST", "/2.0/sql/statements", #"{"statement":"select 1","statement":"drop table t","warehouse_id":"w"}"#),
        .raw("POST", "/2.0/sql/statements", #"{"Statement":"select 1","statement":"select 1"}"#),
        .raw("POST", "/2.0/sql/statements", "[]"), .raw("POST", "/2.0/sql/statements"),
        .raw("POST", "/2.0/sql/statements/s/cancel"), .raw("POST", "/1.2/commands/execute", "{}"),
        .raw("POST", "/2.1/clusters/delete", #"{"cluster_id":"c"}"#),
        .raw("POST", "/2.1/clusters/events/../delete", "{}"),
        .raw("POST", "/2.1/clusters/delete?x=/api/2.1/clusters/events", "{}"),
        .raw("PUT", "/2.0/fs/files/Volumes/x", "1"),
        .raw("PATCH", "/2.0/x", "{}"), .raw("DELETE", "/2.0/fs/files/Volumes/x"),
        .raw("GET", "/2.0/x", header: "X-HTTP-Method-Override"),
        .raw("POST", "https://other.example/api/2.1/clusters/events", "{}"),
    ]

    static let admitted: [Kind] = [
        .sql("select 1"), .sql("explain delete from t"), .sql("use main.default"), .sql("select my_udf(a) from t"),
        .command(.sql, "show tables"), Kind("clusters") { _ = try await $0.clusters.list() },
        Kind("cluster events") { _ = try await $0.clusters.events("c", limit: 1) },
        Kind("own statement") { try await $0.statements.cancel("s", of: .session) },
        Kind("own command") {
            try await $0.commands.cancel(clusterID: "c", contextID: "x", commandID: "1", of: .session)
        },
        Kind("own context") { try await $0.contexts.destroy(clusterID: "c", contextID: "x", of: .session) },
        Kind("context for SQL") { _ = try await $0.contexts.create(clusterID: "c", language: .sql) },
        Kind("SQL session") { _ = try await $0.sqlSessions.open(warehouseID: "w", catalog: nil, schema: nil) },
        Kind("end of the SQL session") { try await $0.sqlSessions.close("s", warehouseID: "w") },
        .raw("GET", "/2.1/clusters/list"), .raw("HEAD", "/2.0/fs/files/Volumes/x"),
        .raw("POST", "/2.1/clusters/events?x=1", #"{"cluster_id":"c"}"#),
        .raw("POST", "/2.0/sql/statements", #"{"warehouse_id":"w","statement":"select 1"}"#),
    ]

    private static let reply =
        #"{"id":"1","session_id":"s","statement_id":"s","state":"RUNNING","status":{"state":"SUCCEEDED"}}"#

    private static func client(_ gate: RequestGate, state: String = "RUNNING") throws -> (Client, ScriptedTransport) {
        let transport = ScriptedTransport { _ in .json(reply.replacing("RUNNING", with: state)) }
        let client = Client(
            connection: try Connection(host: "h.example", credential: PersonalAccessToken(Secret("dapi-secret"))),
            transport: transport, version: "1.2.3", gate: gate, clock: ManualClock(), jitter: { 0 })
        return (client, transport)
    }

    private static func readOnly() -> RequestGate {
        let gate = RequestGate()
        gate.fixReadOnly()
        return gate
    }

    @Test(arguments: refused) func nothingArrives(_ kind: Kind) async throws {
        let (client, transport) = try Self.client(Self.readOnly())
        let error = await #expect(throws: RequestRefused.self) { try await kind.make(client) }
        #expect(error?.source == .commandLine)
        #expect(transport.lines == [])
    }

    @Test(arguments: refused + admitted) func everythingArrivesElsewhere(_ kind: Kind) async throws {
        let (client, transport) = try Self.client(RequestGate())
        try await kind.make(client)
        #expect(transport.lines.count == 1)
    }

    @Test(arguments: admitted) func whatOnlyReadsArrives(_ kind: Kind) async throws {
        let (client, transport) = try Self.client(Self.readOnly())
        try await kind.make(client)
        #expect(transport.lines.filter { $0 != "GET /api/2.0/sql/warehouses/w" }.count == 1)
    }

    /// A stopped warehouse would start by itself.
    @Test(arguments: ["STOPPED", "STOPPING"]) func aStoppedWarehouseStaysStopped(_ state: String) async throws {
        for kind in [
            Kind.sql("select 1"), Self.admitted.last!, Self.admitted.first { $0.testDescription == "SQL session" }!,
        ] {
            let (client, transport) = try Self.client(Self.readOnly(), state: state)
            let error = await #expect(throws: RequestRefused.self) { try await kind.make(client) }
            #expect(error?.reason == .starts("warehouse w"))
            #expect(transport.lines == ["GET /api/2.0/sql/warehouses/w"])
        }
    }

    /// `--start` allows starting, and nothing else.
    @Test func startingCanBeAllowed() async throws {
        let gate = Self.readOnly()
        gate.allowStarting()
        let (client, transport) = try Self.client(gate, state: "STOPPED")
        _ = try await client.statements.submit(StatementRequest("select 1", warehouseID: "w"))
        try await client.clusters.start("c")
        await #expect(throws: RequestRefused.self) { try await client.clusters.terminate("c") }
        #expect(transport.lines == ["POST /api/2.0/sql/statements", "POST /api/2.1/clusters/start"])
    }

    /// What the command line fixes stays; a command beats the profile; without one the profile holds, each connection's own.
    @Test func whatMakesASessionReadOnly() {
        let gate = RequestGate()
        #expect(gate.readOnly == nil)
        gate.configure(readOnly: true)
        #expect(gate.readOnly == .profile)
        #expect(gate.choose(readOnly: false))
        #expect(gate.readOnly == nil)
        #expect(gate.choose(readOnly: true))
        gate.configure(readOnly: false)
        #expect(gate.readOnly == .command)
        gate.fixReadOnly()
        #expect(!gate.choose(readOnly: false))
        #expect(gate.readOnly == .commandLine)
    }
}
