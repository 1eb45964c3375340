import Databricks
import Support
import Testing

/// Raw requests: where they go, what they carry, to whom the credential goes, and when they are repeated.
@Suite(.timeLimit(.minutes(10)))
struct RawRequestTests {
    struct Address: Sendable, CustomTestStringConvertible {
        let target: String
        let url: String
        let isSigned: Bool
        var accountID: String?
        var host = "https://h.example"

        var testDescription: String { target }
    }

    static let addresses: [Address] = [
        Address(target: "/2.0/clusters/list", url: "https://h.example/api/2.0/clusters/list", isSigned: true),
        Address(target: "/api/2.0/x", url: "https://h.example/api/2.0/x", isSigned: true),
        Address(
            target: "/1.2/contexts/status?a=b", url: "https://h.example/api/1.2/contexts/status?a=b", isSigned: true),
        Address(target: "/oidc/v1/token", url: "https://h.example/oidc/v1/token", isSigned: true),
        Address(target: "/2.x/a", url: "https://h.example/2.x/a", isSigned: true),
        Address(target: "/2.0", url: "https://h.example/api/2.0", isSigned: true),
        Address(target: "/2.0/ü", url: "https://h.example/api/2.0/%C3%BC", isSigned: true),
        Address(target: "https://h.example/a", url: "https://h.example/a", isSigned: true),
        Address(target: "https://H.Example:443/a", url: "https://H.Example:443/a", isSigned: true),
        Address(target: "http://h.example/a", url: "http://h.example/a", isSigned: false),
        Address(target: "https://h.example:8443/a", url: "https://h.example:8443/a", isSigned: false),
        Address(target: "https://other.example/a", url: "https://other.example/a", isSigned: false),
        Address(target: "https://h.example.evil/a", url: "https://h.example.evil/a", isSigned: false),
        Address(target: "https://h.example@evil.example/a", url: "https://h.example@evil.example/a", isSigned: false),
        Address(
            target: #"https://evil.example\@h.example/a"#, url: #"https://evil.example\@h.example/a"#, isSigned: false),
        Address(
            target: #"https://h.example\@evil.example/a"#, url: #"https://h.example\@evil.example/a"#, isSigned: false),
        Address(target: "//evil.example/a", url: "https://h.example//evil.example/a", isSigned: true),
        Address(
            target: "https://accounts.cloud.databricks.com/a", url: "https://accounts.cloud.databricks.com/a",
            isSigned: true, accountID: "acc", host: "https://dbc-1.cloud.databricks.com"),
        Address(
            target: "https://accounts.cloud.databricks.com/a", url: "https://accounts.cloud.databricks.com/a",
            isSigned: false, host: "https://dbc-1.cloud.databricks.com"),
        Address(
            target: "https://accounts.azuredatabricks.net/a", url: "https://accounts.azuredatabricks.net/a",
            isSigned: false, accountID: "acc", host: "https://dbc-1.cloud.databricks.com"),
    ]

    @Test(arguments: addresses)
    func goesWhereItSays(_ expected: Address) async throws {
        let transport = ScriptedTransport { _ in .json("{}") }
        let connection = try Connection(
            host: expected.host, credential: PersonalAccessToken(Secret("dapi")), accountID: expected.accountID,
            workspaceID: "42")
        let client = Client(connection: connection, transport: transport, version: "1", clock: ManualClock())
        _ = try await client.send(RawRequest("GET", expected.target))
        let sent = try #require(transport.sent.entries.first)
        #expect(sent.request.url == expected.url)
        #expect(sent.header("Authorization") == (expected.isSigned ? "Bearer dapi" : nil))
        let isOwnHost = expected.isSigned && expected.accountID == nil
        #expect(sent.header("X-Databricks-Workspace-Id") == (isOwnHost ? "42" : nil))
        #expect(sent.request.maximumRedirects == 0)
    }

    @Test(arguments: ["clusters/list", "", "ftp://h.example/", "/a b", "/a\nHost: evil", "h.example/x"])
    func refusesOtherTargets(target: String) async throws {
        let transport = ScriptedTransport { _ in .json("{}") }
        await #expect(throws: RawRequestError.self) { try await transport.client().send(RawRequest("GET", target)) }
        #expect(transport.sent.entries.isEmpty)
    }

    @Test func queryHeadersAndBody() async throws {
        let transport = ScriptedTransport { _ in .json("{}") }
        var request = RawRequest("POST", "/2.0/x?a=1")
        request.query = [("b", "2&3"), ("b", "ü")]
        request.headers = [("accept", "text/csv"), ("X-Mine", "1")]
        request.body = .form([("n", "a b"), ("m", "&=")])
        request.timeout = .seconds(7)
        _ = try await transport.client().send(request)
        let sent = try #require(transport.sent.entries.first)
        #expect(sent.line == "POST /api/2.0/x?a=1&b=2%263&b=%C3%BC")
        #expect(sent.body == "n=a%20b&m=%26%3D")
        #expect(sent.request.headers.filter { $0.name.lowercased() == "accept" }.map(\.value) == ["text/csv"])
        #expect(sent.header("X-Mine") == "1")
        #expect(sent.header("Content-Type") == "application/x-www-form-urlencoded")
        #expect(sent.request.totalTimeout == .seconds(7))
        #expect(sent.request.repetition == .never)
    }

    /// Whoever brings his own Authorization does not get ours as well.
    @Test func ownAuthorization() async throws {
        let transport = ScriptedTransport { _ in .json("{}") }
        var request = RawRequest("GET", "/2.0/x")
        request.headers = [("authorization", "Bearer mine")]
        _ = try await transport.client().send(request)
        #expect(transport.sent.entries.first?.request.secretHeaders.isEmpty == true)
    }

    struct Retry: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var rule: RetryPolicy.CustomRule?
        let replies: [Result<HTTPResponse, TransportError>]
        /// When each attempt is made, in milliseconds.
        let at: [Int]
    }

    private static let fine = Result<HTTPResponse, TransportError>.success(.json("{}"))
    private static func status(_ status: Int) -> Result<HTTPResponse, TransportError> {
        .success(.json("{}", status: status))
    }
    private static let dropped = Result<HTTPResponse, TransportError>.failure(.failure(.dropped, mayHaveArrived: true))

    static let retries: [Retry] = [
        Retry(testDescription: "none by default, not even after 503", replies: [status(503), fine], at: [0]),
        Retry(testDescription: "none after a failure of the network", replies: [dropped, fine], at: [0]),
        Retry(
            testDescription: "5xx", rule: .init(retries: 2, delay: .milliseconds(100)),
            replies: [status(500), status(503), fine], at: [0, 100, 200]),
        Retry(
            testDescription: "the network, for a POST too", rule: .init(retries: 2, delay: .milliseconds(100)),
            replies: [dropped, fine], at: [0, 100]),
        Retry(
            testDescription: "not 4xx", rule: .init(retries: 2, delay: .milliseconds(100)),
            replies: [status(429), fine], at: [0]),
        Retry(
            testDescription: "4xx when all errors are retried",
            rule: .init(retries: 2, delay: .milliseconds(100), afterAllErrors: true),
            replies: [status(429), status(404), fine], at: [0, 100, 200]),
        Retry(
            testDescription: "growing waits", rule: .init(retries: 4, delay: .milliseconds(100), isExponential: true),
            replies: [dropped, status(500), dropped, status(500), fine], at: [0, 100, 300, 700, 1500]),
        Retry(
            testDescription: "the service asks for a longer wait",
            rule: .init(retries: 1, delay: .milliseconds(10), afterAllErrors: true),
            replies: [.success(.json("{}", status: 429, ("Retry-After", "1"))), fine], at: [0, 1000]),
        Retry(
            testDescription: "no more than asked for", rule: .init(retries: 1, delay: .milliseconds(100)),
            replies: [status(500), status(500), fine], at: [0, 100]),
    ]

    @Test(arguments: retries)
    func repeats(_ expected: Retry) async throws {
        let clock = ManualClock()
        let transport = ScriptedTransport(clock: clock, replies: expected.replies)
        var request = RawRequest("POST", "/2.0/x")
        if let rule = expected.rule { request.retry = .custom(rule) }
        let (client, final) = (try transport.client(), request)
        let task = Task { try await client.send(final) }
        let result = await clock.passingSleeps { await task.result }
        #expect(transport.sent.entries.map { Int($0.at / .milliseconds(1)) } == expected.at)
        let succeeds = expected.at.count == expected.replies.count
        #expect(((try? result.get()) != nil) == succeeds)
    }
}
