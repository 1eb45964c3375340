import Databricks
import Results
import Support
import Testing

/// Results of several chunks, inline and behind links.
@Suite(.timeLimit(.minutes(10)))
struct StatementResultTests {
    /// The reply to a finished statement of `chunks` chunks with two rows each.
    private static func first(_ chunks: Int, rows: Int? = nil, knowsCount: Bool = true, result: String) -> HTTPResponse
    {
        .json(
            #"{"statement_id":"s1","status":{"state":"SUCCEEDED"},"manifest":{"#
                + (knowsCount ? #""total_chunk_count":\#(chunks),"# : "")
                + #""total_row_count":\#(rows ?? chunks * 2),"schema":{"columns":[{"name":"id","type_text":"INT"}]}},"#
                + #""result":\#(result)}"#)
    }

    private static func chunk(_ index: Int, of count: Int) -> String {
        let next = index + 1 < count ? #","next_chunk_index":\#(index + 1)"# : ""
        return #"{"chunk_index":\#(index),"data_array":[["\#(index)a"],["\#(index)b"]]\#(next)}"#
    }

    private func result(_ transport: ScriptedTransport) async throws -> StatementResult {
        try await StatementRun(
            client: transport.client(), request: StatementRequest("select", warehouseID: "w"), clock: ManualClock()
        ).run()
    }

    private func cells(_ result: StatementResult) async throws -> [String] {
        var cells: [String] = []
        for try await store in result.batches() {
            for row in 0..<store.rowCount { cells.append(store.text(row, 0) ?? "NULL") }
        }
        return cells
    }

    private static func index(_ sent: ScriptedTransport.Sent) -> Int? {
        let parts = sent.line.split(separator: "/result/chunks/")
        return parts.count == 2 ? Int(parts[1]) : nil
    }

    @Test(arguments: [1, 2, 3, 10], [true, false])
    func everyChunkInOrder(count: Int, knowsCount: Bool) async throws {
        let transport = ScriptedTransport { sent in
            guard let index = Self.index(sent) else {
                return Self.first(count, knowsCount: knowsCount, result: Self.chunk(0, of: count))
            }
            return .json(Self.chunk(index, of: count))
        }
        let cells = try await cells(result(transport))
        #expect(cells == (0..<count).flatMap { ["\($0)a", "\($0)b"] })
        #expect(transport.sent.entries.count == count)
    }

    /// Two chunks beside the one in use, not the whole result.
    @Test func fetchesAheadButBounded() async throws {
        let transport = ScriptedTransport { sent in
            guard let index = Self.index(sent) else { return Self.first(100, result: Self.chunk(0, of: 100)) }
            return .json(Self.chunk(index, of: 100))
        }
        var batches = try await result(transport).batches().makeAsyncIterator()
        _ = try await batches.next()
        await transport.sent.waitFor(3)
        _ = try await batches.next()
        await transport.sent.waitFor(4)
        #expect(transport.sent.entries.count == 4)
    }

    /// The first reply is not read beyond the rows that a page shows, nor is the middle of the result fetched; the result
    /// can be read whole all the same.
    @Test(arguments: [(limit: 0, isCut: true), (limit: 1 << 40, isCut: false)])
    func aFirstPageEndsTheReplyEarly(limit: Int, isCut: Bool) async throws {
        func rows(_ chunk: Int) -> String {
            (0..<1000).map { #"["\#(chunk * 1000 + $0)"]"# }.joined(separator: ",")
        }
        let extents = (0..<5).map { #"{"chunk_index":\#($0),"row_offset":\#($0 * 1000),"row_count":1000}"# }
        let manifest =
            #"{"statement_id":"s1","status":{"state":"SUCCEEDED"},"manifest":{"total_chunk_count":5,"#
            + #""total_row_count":5000,"total_byte_count":50000,"chunks":[\#(extents.joined(separator: ","))],"#
            + #""schema":{"columns":[{"name":"id","type_text":"INT"}]}},"result":{"chunk_index":0,"data_array":["#
        // The reply breaks off in the middle: whoever reads that far gets an error.
        let server = try FaultServer()
        let whole = manifest + rows(0) + #"],"row_count":1000,"next_chunk_index":1}}"#
        let cut = manifest + rows(0)
        server.on(
            "POST", "/api/2.0/sql/statements",
            isCut ? .steps([.text(cut), .hold], length: whole.utf8.count) : .json(whole))
        for chunk in 0..<5 {
            server.on(
                "GET", "/api/2.0/sql/statements/s1/result/chunks/\(chunk)",
                .json(#"{"chunk_index":\#(chunk),"row_count":1000,"data_array":[\#(rows(chunk))]}"#))
        }
        let client = Client(
            connection: try Connection(host: server.url, credential: PersonalAccessToken(Secret("t"))),
            transport: CurlTransport(.init()), version: "1", clock: ManualClock(), jitter: { 0 })
        let result = try await StatementRun(
            client: client, request: StatementRequest("select", warehouseID: "w"),
            page: FirstPage(rows: 40, ofMoreBytesThan: limit), clock: ManualClock()
        ).run()
        var (shown, skipped): ([String], Int) = ([], 0)
        for try await batch in result.page(showing: 40) {
            switch batch {
            case .rows(let store): shown += (0..<store.rowCount).map { store.text($0, 0) ?? "NULL" }
            case .skipped(let count): skipped += count
            }
        }
        #expect(shown.prefix(20) == (0..<20).map(String.init)[...])
        #expect(shown.suffix(20) == (4980..<5000).map(String.init)[...])
        #expect(shown.count + skipped == 5000 && skipped >= 3980)
        #expect(try await cells(result) == (0..<5000).map(String.init))
        await client.shutdown()
    }

    @Test func noTable() async throws {
        let transport = ScriptedTransport { _ in
            .json(
                #"{"statement_id":"s1","status":{"state":"SUCCEEDED"},"manifest":{"schema":{"column_count":0},"#
                    + #""total_chunk_count":0,"total_row_count":0},"result":{}}"#)
        }
        let result = try await result(transport)
        #expect(result.columns.isEmpty)
        #expect(try await cells(result).isEmpty)
    }

    @Test func missingRowsAreAnError() async throws {
        let transport = ScriptedTransport { _ in Self.first(1, rows: 3, result: Self.chunk(0, of: 1)) }
        let result = try await result(transport)
        let error = await #expect(throws: ResultError.self) { try await cells(result) }
        #expect(error?.reason == .rowCount(expected: 3, found: 2))
    }

    @Test func aFailingChunkFailsTheRead() async throws {
        let transport = ScriptedTransport { sent in
            Self.index(sent) == nil
                ? Self.first(3, result: Self.chunk(0, of: 3))
                : .json(#"{"error_code":"NOT_FOUND","message":"expired"}"#, status: 404)
        }
        let result = try await result(transport)
        let error = await #expect(throws: ResultError.self) { try await cells(result) }
        #expect(error?.reason == .gone("expired"))
    }

    /// Links are fetched without the workspace's credential, with the headers they ask for; an expired one is renewed.
    @Test func followsLinks() async throws {
        let fetched = Guarded(0)
        let transport = ScriptedTransport { sent in
            func link(_ index: Int, _ signature: String) -> String {
                #"{"external_links":[{"chunk_index":\#(index),"#
                    + #""external_link":"https://bucket.example/\#(index)?sig=\#(signature)","#
                    + #""http_headers":{"x-key":"k"}\#(index == 0 ? #","next_chunk_index":1"# : "")}]}"#
            }
            if sent.request.url == "https://bucket.example/1?sig=old" {
                return .text("<Error><Code>AccessDenied</Code></Error>", type: "application/xml", status: 403)
            }
            if sent.request.url.hasPrefix("https://bucket.example/") {
                let index = sent.request.url.contains("/0?") ? 0 : 1
                return .json(#"[["\#(index)a"],["\#(index)b"]]"#)
            }
            guard let index = Self.index(sent) else { return Self.first(2, result: link(0, "new")) }
            let times = fetched.withLock { count in
                defer { count += 1 }
                return count
            }
            return .json(link(index, times == 0 ? "old" : "new"))
        }
        let cells = try await cells(result(transport))
        #expect(cells == ["0a", "0b", "1a", "1b"])
        let links = transport.sent.entries.filter { $0.request.url.contains("bucket.example") }
        #expect(links.count == 3)
        for link in links {
            #expect(link.request.secretHeaders.isEmpty)
            #expect(link.request.headers.map(\.name) == ["x-key"])
            #expect(link.request.isSecretURL)
        }
    }

    /// Over the wire: a chunk that breaks off in the middle is fetched again from its start.
    @Test func brokenChunksAreFetchedAgain() async throws {
        let server = try FaultServer()
        let body = Self.chunk(1, of: 2)
        server.on(
            "POST", "/api/2.0/sql/statements",
            .json(String(decoding: Self.first(2, result: Self.chunk(0, of: 2)).body, as: UTF8.self)))
        server.on(
            "GET", "/api/2.0/sql/statements/s1/result/chunks/1",
            .steps([.text(String(body.prefix(30))), .drop], length: body.utf8.count), .json(body))
        let clock = ManualClock()
        let client = Client(
            connection: try Connection(host: server.url, credential: PersonalAccessToken(Secret("t"))),
            transport: CurlTransport(.init()), version: "1", clock: clock, jitter: { 0 })
        let found = try await clock.passingSleeps {
            try await cells(
                StatementRun(client: client, request: StatementRequest("select", warehouseID: "w"), clock: clock).run())
        }
        #expect(found == ["0a", "0b", "1a", "1b"])
        #expect(server.log.entries.count == 3)
        await client.shutdown()
    }
}
