import Databricks
import Glibc
import Results
import Support
import Testing

/// Every action's request as dbsh sends it, compared with what the official Databricks SDK for Python sends for the same call.
///
/// What the SDK sends is recorded in `Resources/sdk_requests.json`; with `$DBSH_TEST_PYTHON` it is recorded again and must be
/// the same (`UPDATE=1` writes it down). Both clients really send, over HTTP, to the same server.
@Suite(.timeLimit(.minutes(10)))
struct SDKRequestTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// Parts of the requests that differ, and why that is right.
        var differences: [String: String] = [:]
        let call: @Sendable (Client) async throws -> Void

        init(
            _ name: String, _ differences: [String: String] = [:],
            _ call: @escaping @Sendable (Client) async throws -> Void
        ) {
            testDescription = name
            self.differences = differences
            self.call = call
        }
    }

    private static let acceptsJSON = "dbsh says that it wants JSON where the SDK takes anything"

    static let cases: [Case] = [
        Case("context create") { _ = try await $0.contexts.create(clusterID: "c", language: .python) },
        Case("context create in scala") { _ = try await $0.contexts.create(clusterID: "c", language: .scala) },
        Case("context status") { _ = try await $0.contexts.status(clusterID: "c", contextID: "x") },
        Case("context destroy") { try await $0.contexts.destroy(clusterID: "c", contextID: "x", of: .session) },
        Case("command execute") {
            _ = try await $0.commands.execute(
                clusterID: "c", contextID: "x", language: .python, code: "s = \"é\"\n\tprint(s)")
        },
        Case("command status") { _ = try await $0.commands.status(clusterID: "c", contextID: "x", commandID: "1") },
        Case("command cancel") {
            try await $0.commands.cancel(clusterID: "c", contextID: "x", commandID: "1", of: .session)
        },
        Case("cluster get") { _ = try await $0.clusters.get("a b/1") },
        Case("clusters list") { _ = try await $0.clusters.list() },
        Case("clusters list, jobs' too") { _ = try await $0.clusters.list(includingJobs: true) },
        Case("cluster start") { try await $0.clusters.start("c") },
        Case("cluster restart") { try await $0.clusters.restart("c") },
        Case("cluster restart for somebody") { try await $0.clusters.restart("c", user: "me@example.com") },
        Case("cluster terminate") { try await $0.clusters.terminate("c") },
        Case("node types") { _ = try await $0.clusters.nodeTypes() },
        Case("cluster events") {
            _ = try await $0.clusters.events("c", limit: 20, types: ["STARTING", "RUNNING"], since: 5)
        },
        Case("current user") { _ = try await $0.currentUser.me() },
        Case("warehouse get") { _ = try await $0.warehouses.get("w") },
        Case(
            "warehouse get, an odd id",
            ["path": "the SDK leaves / in an id as it is, and asks for another resource; dbsh escapes it"]
        ) { _ = try await $0.warehouses.get("w/1") },
        Case("warehouses list") { _ = try await $0.warehouses.list() },
        Case("warehouse start") { try await $0.warehouses.start("w") },
        Case("warehouse stop") { try await $0.warehouses.stop("w") },
        Case("statement") { _ = try await $0.statements.submit(StatementRequest("select 1", warehouseID: "w")) },
        Case("statement with everything") {
            var request = StatementRequest("select :a", warehouseID: "w")
            request.catalog = "main"
            request.schema = "s"
            request.parameters = [.init(name: "a", type: "INT", value: "5"), .init(name: "b", value: nil)]
            request.rowLimit = 10
            request.disposition = .externalLinks
            request.queryTags = [("client", "dbsh"), ("k", nil)]
            _ = try await $0.statements.submit(request, wait: .seconds(30))
        },
        Case("statement get") { _ = try await $0.statements.get("01ef") },
        Case("statement cancel", ["headers": acceptsJSON]) { try await $0.statements.cancel("01ef", of: .session) },
        Case("statement chunk") { _ = try await $0.statements.rows(ofChunk: 3, of: "01ef") { _ in } },
        Case("raw get", ["headers": acceptsJSON + "; and dbsh sends a known workspace id with every call"]) {
            var request = RawRequest("GET", "/2.0/x")
            request.query = [("a", "1"), ("b", "x y&z")]
            _ = try await $0.send(request)
        },
        Case("raw post", ["headers": acceptsJSON + "; and dbsh sends a known workspace id with every call"]) {
            var request = RawRequest("POST", "/2.0/x")
            request.body = .bytes(Array(#"{"a":[1,"é"]}"#.utf8), type: "application/json")
            _ = try await $0.send(request)
        },
        Case("raw put of bytes", ["headers": acceptsJSON + "; and dbsh sends a known workspace id with every call"]) {
            var request = RawRequest("PUT", "/2.0/fs/files/Volumes/c/s/v/f")
            request.body = .bytes([0, 1], type: "application/octet-stream")
            _ = try await $0.send(request)
        },
        Case("service principal", ["headers": acceptsJSON]) { _ = try await principal($0).currentUser.me() },
        Case("service principal with scopes", ["headers": acceptsJSON]) {
            _ = try await principal($0, scopes: ["sql", "clusters"]).currentUser.me()
        },
    ]

    @Test func dbshSendsWhatTheSDKSends() async throws {
        let recorded = try JSONValue.parse(try #require(readFile(Self.path)))
        let server = try RecordingServer()
        let transport = CurlTransport(.init())
        let connection = try Connection(
            host: server.base.url, credential: PersonalAccessToken(Secret("dapi-secret")), workspaceID: "42")
        let client = Client(connection: connection, transport: transport, version: "1.0.0")
        for expected in Self.cases {
            try await server.mark(expected.testDescription, with: transport)
            // The server refuses everything; what counts is what it got.
            try? await expected.call(client)
        }
        let sent = server.recording(port: server.base.port)
        #expect(sent.members?.map(\.key) == recorded.members?.map(\.key))
        for expected in Self.cases {
            let name = expected.testDescription
            let (ours, theirs) = (sent[name]?.elements ?? [], recorded[name]?.elements ?? [])
            #expect(ours.count == theirs.count, "\(name): \(ours.count) requests instead of \(theirs.count)")
            for (ours, theirs) in zip(ours, theirs) {
                for part in ["method", "path", "query", "headers", "body"]
                where expected.differences[part] == nil && ours[part] != theirs[part] {
                    Issue.record(
                        "\(name), \(part): \(ours[part]?.serialized() ?? "-") instead of \(theirs[part]?.serialized() ?? "-")"
                    )
                }
            }
            for (part, why) in expected.differences {
                let differs = zip(ours, theirs).contains { $0[part] != $1[part] }
                #expect(differs, "\(name): \(part) is the same after all (\(why))")
            }
        }
        await transport.shutdown()
    }

    @Test(.enabled(if: SDKTests.python != nil, "DBSH_TEST_PYTHON names no Python with databricks-sdk"))
    func theRecordingIsWhatTheSDKSends() async throws {
        let server = try RecordingServer()
        let home = try ScratchDirectory()
        let script = Self.path.replacing(".json", with: ".py")
        let run = try await ShellCommand(
            "\(try #require(SDKTests.python)) -B \(script)", in: home.path,
            environment: ["DATABRICKS_HOST": server.base.url]
        ).run()
        #expect(run.status == 0, "\(run.errors)")
        let text = server.recording(port: server.base.port).serialized(.pretty) + "\n"
        if getenv("UPDATE") != nil { return try writeFile(Self.path, text) }
        #expect(text == readFile(Self.path))
    }

    private static let path =
        "/" + #filePath.split(separator: "/").dropLast().joined(separator: "/") + "/Resources/sdk_requests.json"

    /// A client of the same server that signs in as a service principal.
    private static func principal(_ client: Client, scopes: [String] = []) throws -> Client {
        var arguments = ConnectionArguments(host: client.connection.host)
        arguments.clientID = "id"
        arguments.clientSecret = Secret("s3cret")
        arguments.scopes = scopes
        let connection = try ConnectionResolver.resolve(arguments, environment: [:], home: "/nonexistent")
        return Client(connection: connection, transport: CurlTransport(.init()), version: "1.0.0")
    }
}

/// A server that lets service principals in, refuses everything else, and keeps what it was asked.
private struct RecordingServer {
    let base: FaultServer

    init() throws {
        base = try FaultServer()
        let url = base.url
        base.on(
            "GET", "/oidc/.well-known/oauth-authorization-server",
            .json(#"{"authorization_endpoint":"\#(url)/oidc/v1/authorize","token_endpoint":"\#(url)/oidc/v1/token"}"#))
        base.on(
            "GET", "/.well-known/databricks-config", .json(#"{"oidc_endpoint":"\#(url)/oidc","workspace_id":"42"}"#))
        base.on(
            "POST", "/oidc/v1/token", .json(#"{"access_token":"eyJ","token_type":"Bearer","expires_in":3600}"#))
    }

    /// Says which case the next requests belong to.
    func mark(_ name: String, with transport: CurlTransport) async throws {
        _ = try await transport.send(HTTPRequest("GET", base.url + "/mark/" + PercentEncoding.component(name)))
    }

    /// Requests by case, as JSON: what differs with every run or client by nature is left out.
    func recording(port: Int) -> JSONValue {
        var cases: [JSONValue.Member] = []
        for request in base.log.entries {
            if request.path.hasPrefix("/mark/") {
                cases.append(.init(Self.decoded(String(request.path.dropFirst("/mark/".count))), .array([])))
            } else if let last = cases.popLast() {
                cases.append(.init(last.key, .array((last.value.elements ?? []) + [Self.describe(request)])))
            }
        }
        return .object(cases)
    }

    private static func describe(_ request: FaultServer.Request) -> JSONValue {
        // Order does not count in a query, except among values of one name.
        let query = request.query.split(separator: "&").map { decoded(String($0).replacing("+", with: "%20")) }
        let names = ["accept", "authorization", "content-type", "x-databricks-workspace-id"]
        let headers = names.compactMap { name in request[name].map { JSONValue.Member(name, .string($0)) } }
        return .object([
            .init("method", .string(request.method)), .init("path", .string(request.path)),
            .init("query", .array(query.sorted().map(JSONValue.string))), .init("headers", .object(headers)),
            .init("body", body(request)),
        ])
    }

    /// JSON with its keys in order, a form's fields in order, or the bytes as numbers.
    private static func body(_ request: FaultServer.Request) -> JSONValue {
        if request.body.isEmpty { return .null }
        if let json = try? JSONValue.parse(request.body) { return sorted(json) }
        if request["content-type"] == "application/x-www-form-urlencoded" {
            let fields = request.text.split(separator: "&").map { decoded(String($0).replacing("+", with: "%20")) }
            return .array(fields.sorted().map(JSONValue.string))
        }
        return .array(request.body.map { .number(String($0)) })
    }

    private static func sorted(_ json: JSONValue) -> JSONValue {
        switch json {
        case .object(let members):
            .object(members.sorted { $0.key < $1.key }.map { .init($0.key, sorted($0.value)) })
        case .array(let elements): .array(elements.map(sorted))
        default: json
        }
    }

    private static func decoded(_ text: String) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let code = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) {
                bytes.append(code)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
