import Results
import Support
import System
import Testing

@testable import Databricks

/// Downloads that break off go on where they were: range requests, over the wire.
@Suite(.timeLimit(.minutes(10)))
struct LinkResumeTests {
    /// One chunk of a result behind a link, and a client of its server.
    private struct Fixture {
        static let rows = 5000
        static let bytes = Array(
            ("[" + (0..<rows).map { #"["\#($0)","row \#($0), é"]"# }.joined(separator: ",") + "]").utf8)
        static let csv = Array(("n,t\n" + (0..<rows).map { "\($0),\"row \($0), é\"\n" }.joined()).utf8)
        let server: FaultServer
        let client: Client
        /// Waits between attempts take no time.
        let clock = ManualClock()

        /// - Parameter reply: to the request for the object, of which there were so many before.
        init(_ reply: @escaping @Sendable (FaultServer.Request, Int) -> FaultServer.Reply) throws {
            let server = try FaultServer()
            self.server = server
            server.respond("GET", "/api/2.0/sql/statements/s/result/chunks/0") { _, _ in
                .json(
                    #"{"external_links":[{"chunk_index":0,"row_count":\#(Self.rows),"external_link":"\#(server.url)/file?sig=x"}]}"#
                )
            }
            server.respond("GET", "/file", reply)
            client = Client(
                connection: try Connection(host: server.url, credential: PersonalAccessToken(Secret("dapi-1"))),
                transport: CurlTransport(.init()), version: "1", clock: clock, jitter: { 0 })
        }

        /// The object by way of bytes.
        func bytes() async throws -> [UInt8] {
            let found = Locked<[UInt8]>([])
            _ = try await clock.passingSleeps {
                try await client.statements.bytes(ofChunk: 0, of: "s") { piece in found.withLock { $0 += piece } }
            }
            return found.withLock { $0 }
        }

        /// The same by way of rows, written as CSV.
        func csv() async throws -> [UInt8] {
            let output = CollectedOutput()
            let writer = Format.csv.writer(options: FormatOptions(), output: output)
            try writer.begin(["n", "t"].map { Column(name: $0, typeText: "STRING", typeName: "STRING") })
            let batches = Locked<[ResultStore]>([])
            _ = try await clock.passingSleeps {
                try await client.statements.rows(ofChunk: 0, of: "s") { store in batches.withLock { $0.append(store) } }
            }
            for store in batches.withLock({ $0 }) { try writer.write(store) }
            try writer.end()
            return output.bytes
        }

        /// Asked for, in order.
        var ranges: [String?] { server.log.entries.filter { $0.path == "/file" }.map { $0["range"] } }
        var conditions: [String?] { server.log.entries.filter { $0.path == "/file" }.map { $0["if-range"] } }
        var asked: Int { server.log.entries.filter { $0.path.hasSuffix("/chunks/0") }.count }
    }

    enum Way: CaseIterable { case bytes, rows }
    /// The object breaks off once, after so many bytes of its body.
    static let cuts = [0, 1, Fixture.bytes.count / 2, Fixture.bytes.count / 2 + 1, Fixture.bytes.count - 1]

    private func isRead(_ fixture: Fixture, _ way: Way) async throws -> Bool {
        switch way {
        case .bytes: try await fixture.bytes() == Fixture.bytes
        case .rows: try await fixture.csv() == Fixture.csv
        }
    }

    @Test(arguments: cuts, StoredObject.Ranges.allCases)
    func broken(_ cut: Int, _ ranges: StoredObject.Ranges) async throws {
        for way in Way.allCases {
            let fixture = try Fixture { request, count in
                var object = StoredObject(Fixture.bytes)
                object.ranges = ranges
                return object.reply(to: request, cut: count == 0 ? cut : nil)
            }
            #expect(try await isRead(fixture, way), "\(way)")
            let range = "bytes=\(cut)-"
            let expected: [String?] =
                switch ranges {
                case _ where cut == 0: [nil, nil]
                case .honoured, .ignored: [nil, range]
                case .misplaced, .unplaced: [nil, range, nil]
                // The second time with a fresh link.
                case .refused: [nil, range, range, nil]
                }
            #expect(fixture.ranges == expected)
            #expect(fixture.conditions == expected.map { $0 == nil ? nil : "\"1\"" })
            #expect(fixture.server.log.entries.allSatisfy { $0.path != "/file" || $0["authorization"] == nil })
            await fixture.client.shutdown()
        }
    }

    /// Breaks again and again, and every time gets a little further: each byte comes once.
    @Test func brokenManyTimes() async throws {
        let step = Fixture.bytes.count / 7 + 1
        let fixture = try Fixture { request, _ in StoredObject(Fixture.bytes).reply(to: request, cut: step) }
        #expect(try await fixture.bytes() == Fixture.bytes)
        #expect(fixture.ranges == (0..<7).map { $0 == 0 ? nil : "bytes=\($0 * step)-" })
        await fixture.client.shutdown()
    }

    /// The storage has another object at the time of the second request.
    @Test(arguments: [true, false], [[("ETag", "\"2\"")], [("ETag", "\"2\""), ("Last-Modified", "x")], []])
    func changed(_ mindsCondition: Bool, _ headers: [(String, String)]) async throws {
        let old = Array(Fixture.bytes.dropLast(10)) + Array("x".utf8)
        let fixture = try Fixture { request, count in
            var object = StoredObject(count == 0 ? old : Fixture.bytes)
            object.mindsCondition = mindsCondition
            if count > 0 { object.headers = headers }
            return object.reply(to: request, cut: count == 0 ? 3000 : nil)
        }
        #expect(try await fixture.csv() == Fixture.csv)
        #expect(fixture.ranges == [nil, "bytes=3000-"] + (mindsCondition ? [] : [nil]))
        await fixture.client.shutdown()
    }

    struct Validator: Sendable {
        let headers: [(String, String)]
        /// What the request for the rest is to carry.
        let condition: String?
        var isResumed = true
    }

    static let modified = ("Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT")
    static let validators: [Validator] = [
        Validator(headers: [("ETag", "\"a\""), modified], condition: "\"a\""),
        Validator(headers: [("ETag", "W/\"a\"")], condition: nil),
        Validator(headers: [("ETag", "W/\"a\""), modified, ("Date", "Sun, 06 Nov 1994 08:49:38 GMT")], condition: nil),
        Validator(headers: [modified, ("Date", "Sun, 06 Nov 1994 08:49:38 GMT")], condition: modified.1),
        // Of the same second as the reply: the object may change once more within it.
        Validator(headers: [modified, ("Date", modified.1)], condition: nil),
        Validator(headers: [modified], condition: nil),
        Validator(headers: [], condition: nil),
        Validator(headers: [("ETag", "\"a\""), ("Accept-Ranges", "none")], condition: nil, isResumed: false),
        Validator(headers: [("ETag", "\"a\""), ("Content-Encoding", "identity")], condition: "\"a\""),
    ]

    @Test(arguments: validators.indices)
    func condition(_ index: Int) async throws {
        let validator = Self.validators[index]
        let fixture = try Fixture { request, count in
            var object = StoredObject(Fixture.bytes)
            object.headers = validator.headers
            return object.reply(to: request, cut: count == 0 ? 7 : nil)
        }
        #expect(try await fixture.bytes() == Fixture.bytes)
        #expect(fixture.ranges == [nil, validator.isResumed ? "bytes=7-" : nil])
        #expect(fixture.conditions == [nil, validator.condition])
        await fixture.client.shutdown()
    }

    /// The link expires while the connection is down: a fresh one goes on in the same place of the part.
    @Test(arguments: [403, 404, 410, 400])
    func expired(_ status: Int) async throws {
        let fixture = try Fixture { request, count in
            count == 1
                ? .status(status, body: "<Error/>")
                : StoredObject(Fixture.bytes).reply(to: request, cut: count == 0 ? 50_000 : nil)
        }
        #expect(try await fixture.csv() == Fixture.csv)
        #expect(fixture.ranges == [nil, "bytes=50000-", "bytes=50000-"])
        #expect(fixture.asked == 2)
        await fixture.client.shutdown()
    }

    /// All of it came, but not the end of the last chunk: there is nothing to ask for, which the storage says.
    @Test func onlyTheEndIsMissing() async throws {
        let fixture = try Fixture { request, count in
            guard count == 0 else { return StoredObject(Fixture.bytes).reply(to: request) }
            return .chunked([.bytes(Fixture.bytes)], headers: [("ETag", "\"1\"")], isComplete: false)
        }
        #expect(try await fixture.csv() == Fixture.csv)
        #expect(fixture.ranges == [nil, "bytes=\(Fixture.bytes.count)-"])
        await fixture.client.shutdown()
    }

    /// A reply with less of the rest than was asked for is a part of it all the same.
    @Test func partsOfTheRest() async throws {
        let bytes = Fixture.bytes
        let fixture = try Fixture { request, count in
            guard count == 1 else { return StoredObject(bytes).reply(to: request, cut: count == 0 ? 100 : nil) }
            return .partial(
                [.bytes(Array(bytes[100..<400]))], length: 300, range: "bytes 100-399/\(bytes.count)",
                headers: [("ETag", "\"1\"")])
        }
        #expect(try await fixture.csv() == Fixture.csv)
        #expect(fixture.ranges == [nil, "bytes=100-", "bytes=400-"])
        await fixture.client.shutdown()
    }

    /// It never gets any further: said after a bounded number of attempts.
    @Test func brokenForGood() async throws {
        let fixture = try Fixture { request, count in
            StoredObject(Fixture.bytes).reply(to: request, cut: count == 0 ? 90 : 0)
        }
        let error = await #expect(throws: TransportError.self) { try await fixture.bytes() }
        #expect(error?.kind == .dropped)
        #expect(fixture.ranges.count < 20 && fixture.ranges.dropFirst().allSatisfy { $0 == "bytes=90-" })
        await fixture.client.shutdown()
    }

    static let contentRanges: [(text: String, is: [Int?]?)] = [
        ("bytes 5-9/10", [5, 9, 10]), ("bytes 0-0/*", [0, 0, nil]), ("bytes */10", [nil, nil, 10]),
        ("Bytes 5-9/10", [5, 9, 10]), ("bytes 9-5/10", nil), ("bytes 5-10/10", nil), ("bytes 5-/10", nil),
        ("bytes -5/10", nil), ("bytes 5-9", nil), ("bytes=5-9/10", nil), ("rows 5-9/10", nil), ("", nil),
        ("bytes 5-9/x", nil), ("bytes 99999999999999999999-5/10", nil),
    ]

    @Test(arguments: contentRanges.indices)
    func contentRange(_ index: Int) {
        let (text, expected) = Self.contentRanges[index]
        let range = ContentRange(text)
        #expect(range.map { [$0.first, $0.last, $0.length] } == expected)
    }
}
