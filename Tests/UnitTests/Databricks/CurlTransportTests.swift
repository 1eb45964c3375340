import Databricks
import Support
import Testing

/// The transport against a server that misbehaves on purpose. This is the shape of a fault test: script the replies,
/// make the request, judge what comes back and what the server saw.
@Suite(.timeLimit(.minutes(10)))
struct CurlTransportTests {
    private let server: FaultServer
    private let transport = CurlTransport(.init())

    init() throws {
        server = try FaultServer()
    }

    private func get(_ path: String) -> HTTPRequest { HTTPRequest("GET", server.url + path) }

    private func post(_ path: String, repeats: HTTPRequest.Repetition = .never) -> HTTPRequest {
        var request = HTTPRequest("POST", server.url + path)
        request.body = .bytes(Array("insert".utf8))
        request.repetition = repeats
        return request
    }

    private func error(_ request: HTTPRequest) async -> TransportError? {
        await #expect(throws: TransportError.self) { try await transport.send(request) }
    }

    @Test func exchangesRequestAndReply() async throws {
        server.on("POST", "/echo", .json(#"{"ok":true}"#, headers: [("X-Request-Id", "r-1")]))
        var request = post("/echo?a=1%20b")
        request.headers = [("X-Plain", "p"), ("X-Empty", "")]
        request.secretHeaders = [SecretHeader(name: "Authorization", value: Secret("Bearer s3cret"))]
        let response = try await transport.send(request)
        #expect(response.head.status == 200)
        #expect(response.head.requestID == "r-1")
        #expect(String(decoding: response.body, as: UTF8.self) == #"{"ok":true}"#)
        let seen = try #require(server.log.entries.first)
        #expect(seen.method == "POST")
        #expect(seen.target == "/echo?a=1%20b")
        #expect(seen.text == "insert")
        #expect(seen["x-plain"] == "p")
        #expect(seen["x-empty"] == "")
        #expect(seen["authorization"] == "Bearer s3cret")
        #expect(seen["expect"] == nil)
        await transport.shutdown()
    }

    /// What the network and the server can do wrong, and what becomes of it.
    static let faults: [(name: String, reply: FaultServer.Reply, kind: TransportError.Kind)] = [
        ("reset", .reset, .dropped),
        ("closed without an answer", .hangUp, .dropped),
        ("garbage", .garbage, .malformed),
        ("body cut short", .steps([.text("half"), .drop], length: 8), .dropped),
        ("reset in the body", .steps([.text("half"), .reset], length: 8), .dropped),
        ("chunks cut short", .chunked([.text("half"), .drop], isComplete: false), .dropped),
    ]

    @Test(arguments: faults)
    func reportsFaults(name: String, reply: FaultServer.Reply, kind: TransportError.Kind) async throws {
        server.on("GET", "/", reply)
        let error = try #require(await error(get("/")))
        #expect(error.kind == kind)
        #expect(error.host == "127.0.0.1:\(server.port)")
        #expect(error.mayHaveArrived)
        #expect(server.log.entries.count == 1)
        await transport.shutdown()
    }

    @Test func readsNoFurtherThanContentLength() async throws {
        server.on("GET", "/", .steps([.text("0123456789"), .drop], length: 4))
        let response = try await transport.send(get("/"))
        #expect(String(decoding: response.body, as: UTF8.self) == "0123")
        await transport.shutdown()
    }

    @Test func waitsForASlowTrickle() async throws {
        let drops = (0..<5).flatMap { [FaultServer.Step.text("\($0)"), .wait(.milliseconds(5))] }
        server.on("GET", "/", .steps(drops, length: 5))
        let response = try await transport.send(get("/"))
        #expect(String(decoding: response.body, as: UTF8.self) == "01234")
        await transport.shutdown()
    }

    @Test func refusedConnection() async throws {
        let port = try Socket.unusedPort()
        let error = try #require(await error(HTTPRequest("GET", "http://127.0.0.1:\(port)/")))
        #expect(error.kind == .connect)
        #expect(!error.mayHaveArrived)
        await transport.shutdown()
    }

    @Test func unknownHost() async throws {
        let error = try #require(await error(HTTPRequest("GET", "http://nowhere.invalid/")))
        #expect(error.kind == .resolve)
        #expect(!error.mayHaveArrived)
        await transport.shutdown()
    }

    /// A plain server on a https URL: the handshake fails before anything of the request is sent.
    @Test func noHandshake() async throws {
        let error = try #require(await error(HTTPRequest("GET", "https://127.0.0.1:\(server.port)/")))
        #expect(error.kind == .tls || error.kind == .dropped)
        #expect(!error.mayHaveArrived)
        await transport.shutdown()
    }

    @Test(arguments: ["file:///etc/passwd", "ftp://127.0.0.1/", "nonsense"])
    func asksOnlyHTTP(url: String) async throws {
        #expect(await error(HTTPRequest("GET", url))?.kind == .other)
        await transport.shutdown()
    }

    @Test func refusesLineBreaksInHeaders() async throws {
        var request = get("/")
        request.headers = [("X-A", "1\r\nX-Injected: 2")]
        #expect(await error(request)?.kind == .other)
        #expect(server.log.entries.isEmpty)
        await transport.shutdown()
    }

    @Test func refusesBodiesOverTheLimit() async throws {
        server.on("GET", "/", .json("0123456789"))
        var request = get("/")
        request.bodyLimit = 9
        #expect(await error(request)?.kind == .tooLarge)
        await transport.shutdown()
    }

    // MARK: Time limits

    @Test func idleLimit() async throws {
        server.on("GET", "/", .steps([.text("half"), .hold], length: 8))
        var request = get("/")
        request.idleTimeout = .milliseconds(300)
        let error = try #require(await error(request))
        #expect(error.kind == .timeout)
        #expect(error.mayHaveArrived)
        await server.hangUps.waitFor(1)
        await transport.shutdown()
    }

    @Test func totalLimit() async throws {
        server.on("GET", "/", .silence)
        var request = get("/")
        request.totalTimeout = .milliseconds(200)
        #expect(await error(request)?.kind == .timeout)
        await transport.shutdown()
    }

    // MARK: Redirects

    @Test func followsRedirectsOnlyWhenAskedAndNeverSigned() async throws {
        server.on("GET", "/from", .status(302, headers: [("Location", "/to")]))
        server.on("GET", "/to", .json("{}"))
        #expect(try await transport.send(get("/from")).head.status == 302)
        var request = get("/from")
        request.maximumRedirects = 5
        #expect(try await transport.send(request).head.status == 200)
        request.secretHeaders = [SecretHeader(name: "Authorization", value: Secret("Bearer t"))]
        #expect(try await transport.send(request).head.status == 302)
        server.on("GET", "/loop", .status(302, headers: [("Location", "/loop")]))
        request = get("/loop")
        request.maximumRedirects = 3
        #expect(await error(request)?.kind == .redirects)
        await transport.shutdown()
    }

    // MARK: Plain http

    private func confidential(_ change: (inout HTTPRequest) -> Void) -> HTTPRequest {
        var request = HTTPRequest("GET", "http://192.0.2.1:9/")
        change(&request)
        return request
    }

    /// Nothing that signs, or says where to sign in, goes over plain http to another machine.
    @Test func plainHTTPIsRefused() async throws {
        let requests = [
            confidential { $0.secretHeaders = [SecretHeader(name: "Authorization", value: Secret("Bearer t"))] },
            confidential { $0.headers = [("authorization", "Bearer mine")] }, confidential { $0.isConfidential = true },
            confidential { $0.isSecretURL = true },
        ]
        for request in requests {
            let error = await #expect(throws: PlainHTTPRefused.self) { try await transport.send(request) }
            #expect(error?.host == "192.0.2.1:9")
            await #expect(throws: PlainHTTPRefused.self) { try await transport.stream(request) }
        }
        await transport.shutdown()
    }

    @Test(arguments: [
        ("http://127.0.0.1:1/", true), ("http://127.8.9.1", true), ("http://LOCALHOST/x", true),
        ("http://[::1]:80/", true),
        ("http://a.localhost/", true), ("http://127.0.0.1.example/", false), ("http://localhost.example/", false),
        ("http://user@example/", false), ("http://localhost@example/", false), ("http://0.0.0.0/", false),
        ("http://1270.0.0.1/", false), ("http://[::2]/", false),
    ])
    func loopback(url: String, isLoopback: Bool) {
        #expect(HostURL.isLoopback(url) == isLoopback)
    }

    @Test func redirectsOfConfidentialRequestsStayEncrypted() async throws {
        server.on("GET", "/from", .status(302, headers: [("Location", server.url + "/to")]))
        server.on("GET", "/to", .json("{}"))
        var request = get("/from")
        request.maximumRedirects = 3
        request.isConfidential = true
        #expect(await error(request) != nil)
        #expect(server.log.entries.map(\.path) == ["/from"])
        await transport.shutdown()
    }

    // MARK: Sent once

    /// What must not happen twice is sent on a kept connection, and not again when that has died.
    @Test func keptConnectionsSendOnce() async throws {
        server.on("POST", "/run", .json("{}"), .hangUp, .json("{}"))
        _ = try await transport.send(post("/run"))
        let error = try #require(await error(post("/run")))
        #expect(error.kind == .dropped)
        #expect(error.mayHaveArrived)
        #expect(server.log.entries.map(\.connection) == [1, 1])
        #expect(server.log.entries.map(\.text) == ["insert", "insert"])
        await transport.shutdown()
    }

    /// Nothing keeps libcurl from repeating what has no body, and a form: those have connections of their own.
    @Test(arguments: [HTTPRequest.Body.none, .multipart([.init(name: "a", content: .bytes([0x61]))])])
    func otherBodiesGoOutOnFreshConnections(_ body: HTTPRequest.Body) async throws {
        server.on("POST", "/run", .json("{}"), .hangUp, .json("{}"))
        var request = post("/run")
        request.body = body
        _ = try await transport.send(request)
        #expect(await error(request)?.kind == .dropped)
        #expect(server.log.entries.map(\.connection) == [1, 2])
        await transport.shutdown()
    }

    /// Why the others cannot simply be sent: libcurl repeats a POST when a kept connection dies before the answer.
    @Test func harmlessRequestsAreRepeated() async throws {
        server.on("POST", "/run", .json("{}"), .hangUp, .json("{}"))
        _ = try await transport.send(post("/run", repeats: .freely))
        _ = try await transport.send(post("/run", repeats: .freely))
        #expect(server.log.entries.count == 3)
        await transport.shutdown()
    }

    @Test func reusesConnectionsForReads() async throws {
        server.on("GET", "/", .json("{}"))
        for _ in 0..<5 { _ = try await transport.send(get("/")) }
        #expect(Set(server.log.entries.map(\.connection)).count == 1)
        await transport.shutdown()
    }

    /// More fresh connections than the pool of a host holds: old ones make room, nobody waits for ever.
    @Test func freshConnectionsDoNotFillThePool() async throws {
        server.on("POST", "/run", .json("{}"))
        var request = post("/run")
        request.needsFreshConnection = true
        for _ in 0..<20 { _ = try await transport.send(request) }
        #expect(server.log.entries.count == 20)
        await transport.shutdown()
    }
}
