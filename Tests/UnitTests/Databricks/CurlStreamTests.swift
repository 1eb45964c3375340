import Databricks
import Glibc
import Support
import Testing

/// Streams, back-pressure, cancellation, uploads and the end of the transport.
@Suite(.timeLimit(.minutes(10)))
struct CurlStreamTests {
    private let server: FaultServer
    private let transport = CurlTransport(.init())

    init() throws {
        server = try FaultServer()
    }

    /// Without the limit on silence, which a busy machine exceeds where the server says no more.
    private func get(_ path: String) -> HTTPRequest {
        var request = HTTPRequest("GET", server.url + path)
        request.idleTimeout = nil
        return request
    }

    private func count(_ stream: HTTPStream) async throws -> Int {
        var count = 0
        for try await piece in stream.body { count += piece.count }
        return count
    }

    @Test func headComesBeforeTheBody() async throws {
        server.on("GET", "/", .steps([.text("first"), .hold], length: 100))
        let stream = try await transport.stream(get("/"))
        #expect(stream.head.status == 200)
        var body = stream.body.makeAsyncIterator()
        #expect(try await body.next() == Array("first".utf8))
        await transport.shutdown()
    }

    @Test func deliversWhatCameBeforeABreak() async throws {
        server.on("GET", "/", .steps([.bytes([UInt8](repeating: 1, count: 500)), .drop], length: 1000))
        let stream = try await transport.stream(get("/"))
        var received = 0
        let error = await #expect(throws: TransportError.self) {
            for try await piece in stream.body { received += piece.count }
        }
        #expect(error?.kind == .dropped)
        #expect(received == 500)
        await transport.shutdown()
    }

    @Test func lettingGoOfAStreamClosesTheConnection() async throws {
        server.on("GET", "/", .steps([.text("x"), .hold], length: 100))
        do {
            let stream = try await transport.stream(get("/"))
            var body = stream.body.makeAsyncIterator()
            _ = try await body.next()
        }
        await server.hangUps.waitFor(1)
        await transport.shutdown()
    }

    /// A reader that stops reading stops the server: what is not read stays there.
    @Test func slowReadersHoldTheServerBack() async throws {
        let megabyte = FaultServer.Step.bytes([UInt8](repeating: 7, count: 1 << 20))
        server.on("GET", "/big", .steps([FaultServer.Step](repeating: megabyte, count: 64), length: 64 << 20))
        server.on("GET", "/small", .json("{}"))
        let stream = try await transport.stream(get("/big"))
        var body = stream.body.makeAsyncIterator()
        var received = try #require(try await body.next()).count
        // Other requests go on meanwhile.
        for _ in 0..<20 { _ = try await transport.send(get("/small")) }
        var largest = 0
        while let piece = try await body.next() {
            received += piece.count
            largest = max(largest, piece.count)
        }
        #expect(received == 64 << 20)
        // The limit, and at most one more buffer of libcurl's.
        #expect(largest <= (1 << 20) + (128 << 10))
        await transport.shutdown()
    }

    /// However readers and the network come to lie in time, what waits stays within the limit, and all of it arrives.
    @Test func whatWaitsIsBounded() async throws {
        let pieces = (0..<64).map { [UInt8](repeating: UInt8($0), count: 64 << 10) }
        let whole = Array(pieces.joined())
        server.on("GET", "/big", .steps(pieces.map { .bytes($0) }, length: whole.count))
        var options = CurlTransport.Options()
        options.highWater = 32 << 10
        options.downloadBuffer = 64 << 10
        let transport = CurlTransport(options)
        var request = get("/big")
        request.prefersHTTP1 = true
        for pause in [0, 1, 7] {
            var (received, largest, turn) = (0, 0, 0)
            for try await piece in try await transport.stream(request).body {
                // Each byte says where it belongs. (memcmp(3), as a debug build takes seconds to look at each.)
                let isRight = piece.withUnsafeBytes { piece in
                    whole.withUnsafeBytes { memcmp(piece.baseAddress!, $0.baseAddress! + received, piece.count) == 0 }
                }
                guard isRight else {
                    Issue.record("wrong bytes behind \(received)")
                    return
                }
                received += piece.count
                largest = max(largest, piece.count)
                turn += 1
                if pause > 0, turn % pause == 0 { await Task.yield() }
            }
            #expect(received == 4 << 20)
            #expect(largest <= options.highWater + options.downloadBuffer)
        }
        await transport.shutdown()
    }

    // MARK: Cancelling

    static let stalls: [(name: String, reply: FaultServer.Reply)] = [
        ("before the head", .silence),
        ("in the body", .steps([.text("half"), .hold], length: 8)),
    ]

    @Test(arguments: stalls)
    func cancellingEndsTheExchange(name: String, reply: FaultServer.Reply) async throws {
        server.on("GET", "/", reply)
        server.on("GET", "/next", .json("{}"))
        let task = Task { try await transport.send(get("/")) }
        await server.log.waitFor(1)
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        await server.hangUps.waitFor(1)
        #expect(try await transport.send(get("/next")).head.status == 200)
        await transport.shutdown()
    }

    @Test func cancellingAReader() async throws {
        server.on("GET", "/", .steps([.text("half"), .hold], length: 8))
        let task = Task { try await count(transport.stream(get("/"))) }
        await server.log.waitFor(1)
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        await server.hangUps.waitFor(1)
        await transport.shutdown()
    }

    @Test func cancelledBeforeItBegins() async throws {
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await transport.send(get("/"))
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        await transport.shutdown()
        #expect(server.log.entries.isEmpty)
    }

    // MARK: Bodies

    @Test func sendsFilesAndForms() async throws {
        let path = try TemporaryFile("file content")
        server.on("PUT", "/file", .json("{}"))
        var request = HTTPRequest("PUT", server.url + "/file")
        request.body = .file(path: path.path)
        _ = try await transport.send(request)
        server.on("POST", "/form", .json("{}"))
        request = HTTPRequest("POST", server.url + "/form")
        request.body = .multipart([
            .init(name: "meta", content: .bytes(Array("{}".utf8)), contentType: "application/json"),
            .init(name: "file", content: .file(path: path.path), filename: "ü \"q\".csv"),
        ])
        _ = try await transport.send(request)
        let seen = server.log.entries
        #expect(seen[0].text == "file content")
        #expect(seen[1].text.contains(#"name="meta""#))
        #expect(seen[1].text.contains(#"filename="ü %22q%22.csv""#))
        #expect(seen[1].text.contains("file content"))
        #expect(seen[1]["content-type"]?.hasPrefix("multipart/form-data; boundary=") == true)
        request.body = .file(path: "/nonexistent")
        let error = await #expect(throws: TransportError.self) { try await transport.send(request) }
        #expect(error?.kind == .file)
        await transport.shutdown()
    }

    @Test func emptyPostsHaveALength() async throws {
        server.on("POST", "/", .json("{}"))
        _ = try await transport.send(HTTPRequest("POST", server.url + "/"))
        #expect(server.log.entries.first?["content-length"] == "0")
        await transport.shutdown()
    }

    // MARK: The end

    @Test func shutdownEndsEverything() async throws {
        server.on("GET", "/", .silence)
        let task = Task { try await transport.send(get("/")) }
        await server.log.waitFor(1)
        await transport.shutdown()
        let error = await #expect(throws: TransportError.self) { try await task.value }
        #expect(error?.kind == .closed)
        let later = await #expect(throws: TransportError.self) { try await transport.send(get("/")) }
        #expect(later?.kind == .closed)
        #expect(later?.mayHaveArrived == false)
        await transport.shutdown()
    }

    @Test func streamsOutliveTheirTransport() async throws {
        server.on("GET", "/", .steps([.text("x"), .hold], length: 100))
        var transport: CurlTransport? = CurlTransport(.init())
        let stream = try await #require(transport).stream(get("/"))
        transport = nil
        let error = await #expect(throws: TransportError.self) { try await count(stream) }
        #expect(error?.kind == .closed)
    }

    /// Everything at once, with cancellations in between: for the sanitizers, and for what nobody thought of.
    @Test func storm() async throws {
        let body = String(repeating: "x", count: 100_000)
        server.on("GET", "/body", .json(body))
        server.on("GET", "/slow", .steps([.wait(.milliseconds(3)), .text(body)], length: body.utf8.count))
        let (transport, url) = (transport, server.url)
        let ended = await withTaskGroup(of: Bool.self) { group in
            for index in 0..<300 {
                group.addTask {
                    let path = index % 2 == 0 ? "/body" : "/slow"
                    let task = Task {
                        if index % 3 == 0 { return try await transport.send(HTTPRequest("GET", url + path)).body.count }
                        var count = 0
                        for try await piece in try await transport.stream(HTTPRequest("GET", url + path)).body {
                            count += piece.count
                        }
                        return count
                    }
                    if index % 5 == 0 { task.cancel() }
                    switch await task.result {
                    case .success(let count): return count == 100_000
                    case .failure(let error): return error is CancellationError && index % 5 == 0
                    }
                }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(ended == 300)
        await transport.shutdown()
    }
}
