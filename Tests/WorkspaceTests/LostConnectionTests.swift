import Databricks
import Glibc
import Results
import Support
import Testing

/// Statements and commands on kept connections that die, over TLS, in HTTP/1.1 and HTTP/2, with and without a proxy: nothing is ever
/// sent twice but what only reads, and that once. The server is Tests/Python/fault_server.py.
@Suite(.timeLimit(.minutes(10)), .enabled(if: SDKTests.python != nil, "DBSH_TEST_PYTHON names no Python with h2"))
struct LostConnectionTests {
    struct Way: Sendable, CustomTestStringConvertible {
        let `protocol`: String
        let isProxied: Bool
        var testDescription: String { `protocol` + (isProxied ? ", proxied" : "") }

        static let all = ["http/1.1", "h2"].flatMap { name in
            [false, true].map { Way(protocol: name, isProxied: $0) }
        }
    }

    /// What may happen to a request whose connection was good before.
    static func faults(_ way: Way) -> [String] {
        let both = ["reset", "close", "half-of-head", "half-of-answer", "part-of-body"]
        let streams = [
            "goaway-before", "goaway-after", "goaway-early", "refused", "refused-early", "stream-error", "wants-http1",
        ]
        return way.protocol == "h2" ? both + streams : both
    }

    private let server: FaultyTLSServer

    init() async throws { server = try await FaultyTLSServer.shared() }

    /// Runs `body` with a client whose connection has been used and is kept.
    private func withClient(
        _ way: Way, to host: String = "a.test.localhost", first: String = "/ok", _ body: (Client) async throws -> Void
    ) async throws {
        let client = try server.client(way, host)
        _ = try await client.send(RawRequest("GET", first))
        do { try await body(client) } catch {
            await client.shutdown()
            throw error
        }
        await client.shutdown()
    }

    private func run(_ statement: String, _ client: Client) async throws -> StatementResult {
        try await StatementRun(client: client, request: StatementRequest(statement, warehouseID: "w")).run()
    }

    /// A text that makes the server fail once, long enough to be cut.
    private func mark(_ fault: String) -> String { "fault=\(fault)#\(UInt64.random(in: 0...UInt64.max))" }

    /// The requests with this text that the server has seen.
    private func sent(_ mark: String) async throws -> [FaultyTLSServer.Sent] {
        try await server.log().filter { $0.body.contains(mark) }
    }

    @Test(arguments: Way.all)
    func writesAreSentOnce(_ way: Way) async throws {
        for fault in Self.faults(way) {
            let mark = mark(fault)
            try await withClient(way) { client in
                let text = "INSERT INTO t VALUES ('\(mark)', '\(String(repeating: "x", count: 500_000))')"
                let error = await #expect(throws: SubmissionLost.self, "\(fault)") { try await run(text, client) }
                #expect(error?.cause.kind == .dropped, "\(fault)")
            }
            #expect(try await sent(mark).count == 1, "\(fault)")
        }
    }

    @Test(arguments: Way.all)
    func codeIsSentOnce(_ way: Way) async throws {
        for fault in Self.faults(way) {
            let mark = mark(fault)
            try await withClient(way) { client in
                let run = CommandRun(
                    client: client, clusterID: "c", contextID: "x", language: .python,
                    code: mark + String(repeating: "\n", count: 250_000))
                await #expect(throws: SubmissionLost.self, "\(fault)") { try await run.run() }
            }
            #expect(try await sent(mark).count == 1, "\(fault)")
        }
    }

    @Test(arguments: Way.all)
    func readsAreSentOnceMore(_ way: Way) async throws {
        for fault in Self.faults(way) {
            let mark = mark(fault)
            try await withClient(way) { client in
                let text = "SELECT '\(mark)', '\(String(repeating: "x", count: 500_000))'"
                let result = try await run(text, client)
                #expect(result.id == "s", "\(fault)")
            }
            let sent = try await sent(mark)
            #expect(sent.count == 2, "\(fault)")
            #expect(sent.last?.isWhole == true, "\(fault)")
            #expect(Set(sent.map(\.connection)).count == 2, "\(fault)")
        }
    }

    @Test(arguments: Way.all)
    func connectionsAreKept(_ way: Way) async throws {
        let mark = mark("none")
        try await withClient(way) { client in
            for _ in 0..<5 { _ = try await run("INSERT INTO t VALUES ('\(mark)')", client) }
        }
        let sent = try await sent(mark)
        #expect(sent.count == 5)
        #expect(Set(sent.map(\.connection)).count == 1)
    }

    /// A connection that was closed while nothing went over it is replaced before anything is sent.
    @Test(arguments: Way.all)
    func connectionsClosedWhenIdle(_ way: Way) async throws {
        let (mark, host) = (mark("none"), FaultyTLSServer.newHost())
        try await withClient(way, to: host, first: "/then-close") { client in
            try await server.wait(for: "closed", host)
            _ = try await run("INSERT INTO t VALUES ('\(mark)')", client)
        }
        #expect(try await sent(mark).count == 1)
    }

    /// Closed at the very moment when a request goes out. Where libcurl notices before it has sent any of the body it may send the
    /// request on another connection; else nobody can know that it was not read.
    @Test(arguments: Way.all.filter { $0.protocol == "http/1.1" })
    func connectionsClosedUnderARequest(_ way: Way) async throws {
        for _ in 0..<5 {
            let mark = mark("none")
            let isLost = Guarded(false)
            try await withClient(way, first: "/then-hasty") { client in
                do { _ = try await run("INSERT INTO t VALUES ('\(mark)')", client) } catch is SubmissionLost {
                    isLost.withLock { $0 = true }
                }
            }
            #expect(try await sent(mark).count == (isLost.withLock { $0 } ? 0 : 1))
        }
        let mark = mark("none")
        try await withClient(way, first: "/then-hasty") { client in
            _ = try await run("SELECT '\(mark)'", client)
        }
        #expect(try await sent(mark).count == 1)
    }

    /// A request that comes while the connection is being opened waits for it.
    @Test(arguments: Way.all)
    func requestsWaitForTheConnection(_ way: Way) async throws {
        let (mark, host) = (mark("none"), FaultyTLSServer.newHost())
        let client = try server.client(way, host)
        client.connect()
        _ = try await run("INSERT INTO t VALUES ('\(mark)')", client)
        await client.shutdown()
        #expect(try await sent(mark).count == 1)
        #expect(try await server.connectionCount(host) == 1)
    }

    /// TLS is agreed before there is a request, and the first request does not open another connection.
    @Test(arguments: Way.all)
    func connectionsAreOpenedEarly(_ way: Way) async throws {
        let (mark, host) = (mark("none"), FaultyTLSServer.newHost())
        let client = try server.client(way, host)
        client.connect()
        try await server.wait(for: "agreed", host)
        _ = try await run("INSERT INTO t VALUES ('\(mark)')", client)
        client.connect()
        _ = try await run("INSERT INTO t VALUES ('\(mark)')", client)
        await client.shutdown()
        let sent = try await sent(mark)
        #expect(sent.count == 2)
        #expect(Set(sent.map(\.connection)).count == 1)
        #expect(try await server.connectionCount(host) == 1)
    }
}
