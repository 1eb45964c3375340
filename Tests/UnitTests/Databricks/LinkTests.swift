import Databricks
import Results
import Support
import Testing

/// External links over the wire, and all that goes wrong with them.
@Suite(.timeLimit(.minutes(10)))
struct LinkTests {
    /// A server with a statement of `count` chunks of two rows each, all behind links, and a client of it.
    private struct Fixture {
        let server: FaultServer
        let client: Client
        let count: Int

        init(chunks count: Int, rowsInManifest: Int = 2) throws {
            let server = try FaultServer()
            self.server = server
            self.count = count
            let extents = (0..<count).map {
                #"{"chunk_index":\#($0),"row_offset":\#($0 * rowsInManifest),"row_count":\#(rowsInManifest),"byte_count":9000000}"#
            }
            let manifest =
                #"{"total_chunk_count":\#(count),"total_row_count":\#(count * rowsInManifest),"total_byte_count":\#(count * 9_000_000),"#
                + #""chunks":[\#(extents.joined(separator: ","))],"schema":{"columns":[{"name":"a","type_text":"STRING"}]}}"#
            let links = (0..<count).map { Self.links($0, of: count, server.url, rowsInManifest) }
            server.on(
                "POST", "/api/2.0/sql/statements",
                .json(
                    #"{"statement_id":"s1","status":{"state":"SUCCEEDED"},"manifest":\#(manifest),"result":\#(links[0])}"#
                ))
            for index in 0..<count {
                server.on("GET", "/api/2.0/sql/statements/s1/result/chunks/\(index)", .json(links[index]))
                server.on("GET", "/file/\(index)", .json(Self.rows(index)))
            }
            client = Client(
                connection: try Connection(host: server.url, credential: PersonalAccessToken(Secret("dapi-1"))),
                transport: CurlTransport(.init()), version: "1", jitter: { 0 })
        }

        static func rows(_ index: Int) -> String { #"[["\#(index)a"],["\#(index)b"]]"# }

        private static func links(_ index: Int, of count: Int, _ url: String, _ rows: Int) -> String {
            let next = index + 1 < count ? #","next_chunk_index":\#(index + 1)"# : ""
            return
                #"{"external_links":[{"chunk_index":\#(index),"row_count":\#(rows),"external_link":"\#(url)/file/\#(index)?sig=x"\#(next)}]}"#
        }

        func result() async throws -> StatementResult {
            try await StatementRun(client: client, request: StatementRequest("select", warehouseID: "w")).run()
        }

        func cells() async throws -> [String] {
            var cells: [String] = []
            for try await store in try await result().batches() {
                for row in 0..<store.rowCount { cells.append(store.text(row, 0) ?? "NULL") }
            }
            return cells
        }

        var expected: [String] { (0..<count).flatMap { ["\($0)a", "\($0)b"] } }

        func requests(_ path: String) -> [FaultServer.Request] { server.log.entries.filter { $0.path == path } }
    }

    @Test func inOrderWithoutTheCredential() async throws {
        let fixture = try Fixture(chunks: 12)
        #expect(try await fixture.cells() == fixture.expected)
        let files = fixture.server.log.entries.filter { $0.path.hasPrefix("/file/") }
        #expect(files.count == 12)
        #expect(files.allSatisfy { $0["Authorization"] == nil && $0["X-Databricks-Workspace-Id"] == nil })
        await fixture.client.shutdown()
    }

    static let faults: [(name: String, reply: FaultServer.Reply)] = [
        (
            "expired",
            .status(
                403, headers: [("Content-Type", "application/xml")], body: "<Error><Code>AccessDenied</Code></Error>")
        ),
        ("refused in another way", .status(400, body: "<Error/>")),
        ("cut in the middle of a row", .steps([.text(#"[["1a"],["1"#), .drop], length: 17)),
        ("reset", .steps([.text(#"[["1a"]"#), .reset], length: 17)),
        ("reset at once", .reset),
        ("whole for HTTP, but not for JSON", .json(#"[["1a"],"#)),
        ("nothing at all", .json("")),
    ]

    /// What came before the fault is neither lost nor doubled.
    @Test(arguments: faults.indices)
    func curedByAnotherAttempt(_ index: Int) async throws {
        let fixture = try Fixture(chunks: 3)
        fixture.server.on("GET", "/file/1", Self.faults[index].reply, .json(Fixture.rows(1)))
        #expect(try await fixture.cells() == fixture.expected, "\(Self.faults[index].name)")
        #expect(fixture.requests("/file/1").count == 2)
        await fixture.client.shutdown()
    }

    @Test func firstLinkExpired() async throws {
        let fixture = try Fixture(chunks: 2)
        fixture.server.on("GET", "/file/0", .status(403), .json(Fixture.rows(0)))
        #expect(try await fixture.cells() == fixture.expected)
        #expect(fixture.requests("/api/2.0/sql/statements/s1/result/chunks/0").count == 1)
        await fixture.client.shutdown()
    }

    @Test func refusedForGood() async throws {
        let fixture = try Fixture(chunks: 2)
        fixture.server.on(
            "GET", "/file/1",
            .status(403, body: "<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>"))
        let error = await #expect(throws: ResultError.self) { try await fixture.cells() }
        #expect(error?.reason == .refused(status: 403, message: "Request has expired"))
        #expect(error?.chunk == 1)
        #expect(fixture.requests("/file/1").count == 3)
        await fixture.client.shutdown()
    }

    @Test func cutForGood() async throws {
        let fixture = try Fixture(chunks: 2)
        fixture.server.on("GET", "/file/1", .json(#"[["1a"],"#))
        let error = await #expect(throws: ResultError.self) { try await fixture.cells() }
        #expect(error == ResultError(statementID: "s1", chunk: 1, reason: .cut))
        await fixture.client.shutdown()
    }

    @Test func wrongRowCount() async throws {
        let fixture = try Fixture(chunks: 2)
        fixture.server.on("GET", "/file/1", .json(#"[["1a"]]"#))
        let error = await #expect(throws: ResultError.self) { try await fixture.cells() }
        #expect(error == ResultError(statementID: "s1", chunk: 1, reason: .rowCount(expected: 2, found: 1)))
        await fixture.client.shutdown()
    }

    @Test func noJSON() async throws {
        let fixture = try Fixture(chunks: 2)
        fixture.server.on("GET", "/file/1", .json(#"{"rows":[]}"#))
        let error = await #expect(throws: ResultError.self) { try await fixture.cells() }
        guard case .malformed? = error?.reason else { return #expect(Bool(false), "\(String(describing: error))") }
        await fixture.client.shutdown()
    }

    /// The service has forgotten the result in the middle of reading it.
    @Test func gone() async throws {
        let fixture = try Fixture(chunks: 3)
        fixture.server.on(
            "GET", "/api/2.0/sql/statements/s1/result/chunks/2",
            .json(#"{"error_code":"NOT_FOUND","message":"no longer available"}"#, status: 404))
        let error = await #expect(throws: ResultError.self) { try await fixture.cells() }
        #expect(error?.reason == .gone("no longer available"))
        await fixture.client.shutdown()
    }

    /// The bytes of the chunks, for exports: order, and going on after a fault where it broke off.
    @Test func bytes() async throws {
        let fixture = try Fixture(chunks: 3)
        fixture.server.on("GET", "/file/1", .steps([.text(#"[["1"#), .reset], length: 15), .json(Fixture.rows(1)))
        var parts: [Int: String] = [:]
        try await fixture.result().parts().forEach { part in
            parts[part.chunk, default: ""] += String(decoding: part.bytes, as: UTF8.self)
        }
        #expect(parts == [0: Fixture.rows(0), 1: Fixture.rows(1), 2: Fixture.rows(2)])
        await fixture.client.shutdown()
    }

    /// A page of first and last rows leaves the middle where it is.
    @Test(arguments: [
        (shown: 2, fetched: [0, 9], skipped: 17), (shown: 5, fetched: [0, 1, 9], skipped: 14),
        (shown: 20, fetched: Array(0..<10), skipped: 0),
    ])
    func page(_ shown: Int, _ fetched: [Int], _ skipped: Int) async throws {
        let fixture = try Fixture(chunks: 10)
        var (rows, left) = (0, 0)
        for try await batch in try await fixture.result().page(showing: shown) {
            switch batch {
            case .rows(let store): rows += store.rowCount
            case .skipped(let count): left += count
            }
        }
        #expect(rows + left == 20 && left == skipped)
        let files = fixture.server.log.entries.map(\.path).filter { $0.hasPrefix("/file/") }.sorted()
        #expect(files == fetched.map { "/file/\($0)" })
        await fixture.client.shutdown()
    }

    /// A result can be read a second time; the rows of the reply are then asked for.
    @Test func again() async throws {
        let fixture = try Fixture(chunks: 2)
        let result = try await fixture.result()
        for _ in 0..<2 {
            var rows = 0
            for try await store in result.batches() { rows += store.rowCount }
            #expect(rows == 4)
        }
        await fixture.client.shutdown()
    }
}
