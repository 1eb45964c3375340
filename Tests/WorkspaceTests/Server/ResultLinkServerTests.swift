import Testing

@testable import LocalWorkspace

/// Ranges of what is behind external links (RFC 9110 §14).
@Suite(.timeLimit(.minutes(10)))
struct ResultLinkServerTests {
    /// `Range` and what it gets of the ten bytes `[["0"],["1` … that a chunk has.
    static let ranges: [(range: String, status: Int, part: @Sendable (Int) -> Range<Int>?)] = [
        ("bytes=5-", 206, { 5..<$0 }), ("bytes=5-7", 206, { _ in 5..<8 }), ("bytes=0-0", 206, { _ in 0..<1 }),
        ("bytes=-3", 206, { $0 - 3..<$0 }), ("bytes=-1000", 206, { 0..<$0 }), ("bytes=2-1000", 206, { 2..<$0 }),
        ("bytes=1000-", 416, { _ in nil }), ("bytes=-0", 416, { _ in nil }), ("bytes=3-2", 200, { 0..<$0 }),
        ("bytes=0-1,3-4", 200, { 0..<$0 }), ("rows=0-1", 200, { 0..<$0 }), ("bytes=a-", 200, { 0..<$0 }),
        ("bytes=-", 200, { 0..<$0 }),
    ]

    /// In a file, and in the server's memory.
    @Test(arguments: ["chunks 2 40", "select abcdefgh"])
    func ranges(_ statement: String) async throws {
        try await withReplayWorkspace { workspace, client in
            let answer = try await client.statement(statement, ["disposition": "EXTERNAL_LINKS"])
            let link = try #require(answer["result"]?["external_links"]?.elements?.first?["external_link"]?.string)
            let path = String(link.dropFirst(workspace.url.count))
            let whole = try await client.raw("GET", path)
            #expect(whole.status == 200 && whole.headers["accept-ranges"] == "bytes")
            let tag = try #require(whole.headers["etag"])
            let count = whole.body.count
            for (range, status, part) in Self.ranges {
                let reply = try await client.raw("GET", path, headers: ["Range": range])
                #expect(reply.status == status, "\(range)")
                let expected = part(count)
                #expect(reply.body == expected.map { Array(whole.body[$0]) } ?? [], "\(range)")
                let place =
                    expected.map { "bytes \($0.lowerBound)-\($0.upperBound - 1)/\(count)" } ?? "bytes */\(count)"
                #expect(reply.headers["content-range"] == (status == 200 ? nil : place), "\(range)")
                #expect(reply.headers["etag"] == tag)
            }
            for (condition, status) in [(tag, 206), ("\"other\"", 200), ("W/" + tag, 200)] {
                let headers = ["Range": "bytes=5-", "If-Range": condition]
                #expect(try await client.raw("GET", path, headers: headers).status == status)
            }
        }
    }

    /// Every link to a part says the same of it, and other parts something else.
    @Test func theTagIsThePartsAndNotTheLinks() async throws {
        try await withReplayWorkspace { workspace, client in
            let answer = try await client.statement("chunks 2 2", ["disposition": "EXTERNAL_LINKS"])
            var tags: [String] = []
            for chunk in [0, 0, 1] {
                let target = "/api/2.0/sql/statements/\(answer["statement_id"]?.string ?? "")/result/chunks/\(chunk)"
                let links = try await client.send("GET", target).json["external_links"]
                let link = try #require(links?.elements?.first?["external_link"]?.string)
                let reply = try await client.raw("GET", String(link.dropFirst(workspace.url.count)))
                tags.append(try #require(reply.headers["etag"]))
            }
            #expect(tags[0] == tags[1] && tags[0] != tags[2])
        }
    }

    @Test func csvIsNotForInlineResults() async throws {
        try await withReplayWorkspace { _, client in
            let body: JSON = [
                "warehouse_id": .string(client.workspace.warehouseID), "statement": "select 1", "format": "CSV",
            ]
            let reply = try await client.send("POST", "/api/2.0/sql/statements", body)
            #expect(reply.status == 400)
            #expect(reply.json["message"] == "The format CSV is not supported with the disposition INLINE.")
        }
    }
}
