import Databricks
import Results
import Support
import Testing

/// The one retry policy: what is sent again, when, and what never is.
@Suite(.timeLimit(.minutes(10)))
struct RetryTests {
    typealias Reply = Result<HTTPResponse, TransportError>

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let replies: [Reply]
        /// When each attempt is made, in milliseconds; the last one is the final outcome.
        let readsAt: [Int]
        /// The same for a POST that must not be sent twice.
        let writesAt: [Int]
    }

    private static let fine = Reply.success(.json(#"{"id":"1"}"#))

    private static func status(_ status: Int, _ body: String = "{}", _ headers: (String, String)...) -> Reply {
        let all = [("Content-Type", "application/json")] + headers
        return .success(
            HTTPResponse(
                head: HTTPHead(status: status, headers: all.map { (name: $0, value: $1) }), body: Array(body.utf8)))
    }

    private static func broken(_ kind: TransportError.Kind, arrived: Bool) -> Reply {
        .failure(.failure(kind, mayHaveArrived: arrived))
    }

    static let cases: [Case] = [
        Case(testDescription: "success", replies: [fine], readsAt: [0], writesAt: [0]),
        Case(
            testDescription: "429 with seconds", replies: [status(429, "{}", ("Retry-After", "2")), fine],
            readsAt: [0, 2000], writesAt: [0, 2000]),
        Case(
            testDescription: "503 with a date, against the server's own clock",
            replies: [
                status(
                    503, "{}", ("Retry-After", "Sun, 06 Nov 1994 08:49:40 GMT"),
                    ("Date", "Sun, 06 Nov 1994 08:49:37 GMT")), fine,
            ], readsAt: [0, 3000], writesAt: [0, 3000]),
        Case(
            testDescription: "a date that is over",
            replies: [
                status(
                    503, "{}", ("Retry-After", "Sun, 06 Nov 1994 08:49:30 GMT"),
                    ("Date", "Sun, 06 Nov 1994 08:49:37 GMT")), fine,
            ], readsAt: [0, 500], writesAt: [0, 500]),
        Case(
            testDescription: "the longer wait counts",
            replies: [status(429), status(429), status(429), status(429, "{}", ("Retry-After", "1")), fine],
            readsAt: [0, 500, 1500, 3500, 7500], writesAt: [0, 500, 1500, 3500, 7500]),
        Case(
            testDescription: "429 without a rule: growing waits",
            replies: [status(429), status(429), status(429), status(429), status(429), status(429), fine],
            readsAt: [0, 500, 1500, 3500, 7500, 15500, 25500], writesAt: [0, 500, 1500, 3500, 7500, 15500, 25500]),
        Case(
            testDescription: "nonsense in the header", replies: [status(429, "{}", ("Retry-After", "soon")), fine],
            readsAt: [0, 500], writesAt: [0, 500]),
        Case(
            testDescription: "Retry-After over the budget is final",
            replies: [status(429, "{}", ("Retry-After", "3600"))],
            readsAt: [0], writesAt: [0]),
        Case(testDescription: "502", replies: [status(502), fine], readsAt: [0, 500], writesAt: [0]),
        Case(testDescription: "504", replies: [status(504), fine], readsAt: [0, 500], writesAt: [0]),
        Case(testDescription: "500 is final", replies: [status(500)], readsAt: [0], writesAt: [0]),
        Case(testDescription: "400 is final", replies: [status(400)], readsAt: [0], writesAt: [0]),
        Case(
            testDescription: "a transient message under another status",
            replies: [
                status(500, #"{"error":"ClusterNotReadyException: Cluster c not currently ready"}"#), fine,
            ], readsAt: [0, 500], writesAt: [0, 500]),
        Case(
            testDescription: "a transient code",
            replies: [status(400, #"{"error_code":"REQUEST_LIMIT_EXCEEDED","message":"slow"}"#), fine],
            readsAt: [0, 500], writesAt: [0, 500]),
        Case(
            testDescription: "broken off", replies: [broken(.dropped, arrived: true), fine], readsAt: [0, 500],
            writesAt: [0]),
        Case(
            testDescription: "no answer in time", replies: [broken(.timeout, arrived: true), fine],
            readsAt: [0, 500], writesAt: [0]),
        Case(
            testDescription: "never connected", replies: [broken(.connect, arrived: false), fine],
            readsAt: [0, 500], writesAt: [0, 500]),
        Case(
            testDescription: "the network stays away: said within seconds",
            replies: [broken(.resolve, arrived: false)], readsAt: [0, 500, 1500, 3500],
            writesAt: [0, 500, 1500, 3500]),
        Case(
            testDescription: "a certificate that is not trusted is final", replies: [broken(.tls, arrived: false)],
            readsAt: [0], writesAt: [0]),
        Case(
            testDescription: "no HTTP is final", replies: [broken(.malformed, arrived: true)], readsAt: [0],
            writesAt: [0]),
    ]

    /// Runs the call, letting every wait pass, and says when the attempts were made.
    private func attempts(_ replies: [Reply], _ call: APICall) async throws -> (times: [Int], outcome: Reply) {
        let clock = ManualClock()
        let transport = ScriptedTransport(clock: clock, replies: replies)
        let notices = Journal<RetryNotice>()
        let client = try transport.client(onRetry: { notices.append($0) })
        let task = Task { try await client.json(call) }
        let result = await clock.passingSleeps { await task.result }
        let times = transport.sent.entries.map { Int($0.at / .milliseconds(1)) }
        let waits = notices.entries.map { Int($0.wait / .milliseconds(1)) }
        #expect(waits == zip(times.dropFirst(), times).map { $0 - $1 })
        switch result {
        case .success: return (times, Self.fine)
        case .failure(let error as TransportError): return (times, .failure(error))
        case .failure(let error):
            return (times, .success(.json("", status: (error as? APIError)?.status ?? 0)))
        }
    }

    @Test(arguments: cases)
    func reads(_ expected: Case) async throws {
        let (times, _) = try await attempts(expected.replies, .get("/api/2.0/x"))
        #expect(times == expected.readsAt)
    }

    @Test(arguments: cases)
    func writes(_ expected: Case) async throws {
        let (times, _) = try await attempts(expected.replies, .post("/api/2.0/x", .reads))
        #expect(times == expected.writesAt)
    }

    @Test func stopsWithinTheBudget() async throws {
        let (times, outcome) = try await attempts([Self.status(503)], .get("/api/2.0/x"))
        #expect(times.last! <= 60_000)
        #expect(times.count > 5)
        #expect(try outcome.get().head.status == 503)
    }

    @Test func patienceForWorkThatRuns() async throws {
        var call = APICall.get("/api/2.0/x")
        call.retry = .patient
        let (times, _) = try await attempts([Self.broken(.connect, arrived: false)], call)
        #expect(times.last! > 250_000)
    }

    @Test func oneAttemptOnly() async throws {
        var call = APICall.get("/api/2.0/x")
        call.retry = .none
        #expect(try await attempts([Self.status(503), Self.fine], call).times == [0])
    }

    @Test func jitterAddsUpToAQuarter() async throws {
        let clock = ManualClock()
        let transport = ScriptedTransport(clock: clock, replies: [Self.status(429), Self.fine])
        let client = try transport.client(jitter: 0.8)
        let task = Task { try await client.json(.get("/x")) }
        #expect(await clock.passNextSleep() == .milliseconds(600))
        _ = try await task.value
    }

    @Test func cancellingEndsTheWait() async throws {
        let clock = ManualClock()
        let transport = ScriptedTransport(clock: clock, replies: [Self.status(429, "{}", ("Retry-After", "30"))])
        let client = try transport.client()
        let task = Task { try await client.json(.get("/x")) }
        _ = await clock.nextSleep()
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(transport.sent.entries.count == 1)
    }

    /// The same through libcurl: a real server that first breaks off, then refuses, then answers.
    @Test func overARealConnection() async throws {
        let server = try FaultServer()
        server.on("GET", "/api/x", .reset, .status(503, headers: [("Retry-After", "0")]), .json(#"{"a":1}"#))
        server.on("POST", "/api/x", .reset)
        let transport = CurlTransport(.init())
        let clock = ManualClock()
        let client = Client(
            connection: try Connection(host: server.url, credential: PersonalAccessToken(Secret("t"))),
            transport: transport, version: "1", clock: clock, jitter: { 0 })
        let read = try await clock.passingSleeps { try await client.json(.get("/api/x")) }
        #expect(read["a"]?.int == 1)
        let error = await #expect(throws: TransportError.self) { try await client.json(.post("/api/x", .reads)) }
        #expect(error?.kind == .dropped)
        #expect(server.log.entries.map(\.method) == ["GET", "GET", "GET", "POST"])
        await client.shutdown()
    }
}
