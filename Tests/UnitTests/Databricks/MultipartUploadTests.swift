import Glibc
import Support
import System
import Testing

@testable import Databricks

/// Large files that go into volumes in parts, over the wire.
@Suite(.timeLimit(.minutes(10)))
struct MultipartUploadTests {
    private static let path = "/Volumes/main/default/files/big"
    private static let target = "/api/2.0/fs/files" + path
    private static let bytes = (0..<55).map { UInt8($0 + 40) }

    /// A server that takes parts of ten bytes, and a client of it.
    private struct Fixture {
        let server: FaultServer
        let client: Client
        let scratch: ScratchDirectory

        init() throws {
            let server = try FaultServer()
            self.server = server
            scratch = try ScratchDirectory()
            try scratch.write(String(decoding: bytes, as: UTF8.self), to: "big")
            server.on(
                "POST", target, .json(#"{"multipart_upload":{"session_token":"tok"}}"#), .json("{}"))
            server.respond("POST", "/api/2.0/fs/create-upload-part-urls") { request, _ in
                let number = request.text.split(separator: #""start_part_number":"#).last?.prefix { $0.isNumber } ?? ""
                return .json(
                    #"{"upload_part_urls":[{"url":"\#(server.url)/part/\#(number)?sig=s","part_number":\#(number),"#
                        + #""headers":[{"name":"x-sse","value":"on"}]}]}"#)
            }
            server.on(
                "POST", "/api/2.0/fs/create-abort-upload-url",
                .json(#"{"abort_upload_url":{"url":"\#(server.url)/abort","headers":[]}}"#))
            server.on("DELETE", "/abort", .status(200))
            server.on("PUT", target, .status(204))
            for number in 1...6 {
                server.on("PUT", "/part/\(number)", .status(200, headers: [("ETag", "\"t\(number)\"")]))
            }
            client = Client(
                connection: try Connection(host: server.url, credential: PersonalAccessToken(Secret("dapi-1"))),
                transport: CurlTransport(.init()), version: "1", jitter: { 0 })
        }

        func upload(_ sent: @escaping @Sendable (Int) -> Void = { _ in }) async throws {
            let path = try #require(RemotePath(MultipartUploadTests.path))
            try await MultipartUpload(
                client: client, path: path, file: scratch.path + "/big", size: bytes.count, overwrites: false,
                sent: sent, partLength: 10
            ).run()
        }

        func requests(_ method: String, _ path: String) -> [FaultServer.Request] {
            server.log.entries.filter { $0.method == method && $0.path == path }
        }
    }

    /// A connection that breaks off, and a link that has expired, cost one part; storage never sees the credential.
    @Test func aBreakCostsOnePart() async throws {
        let fixture = try Fixture()
        let tag = [("ETag", "\"t3\"")]
        fixture.server.on("PUT", "/part/3", .hangUp, .status(200, headers: tag))
        fixture.server.on("PUT", "/part/5", .status(403, body: "<Error/>"), .status(200, headers: [("ETag", "\"t5\"")]))
        let most = Locked(0)
        try await fixture.upload { count in most.withLock { $0 = max($0, count) } }
        let parts = (1...6).map { fixture.requests("PUT", "/part/\($0)") }
        #expect(parts.map(\.count) == [1, 1, 2, 1, 2, 1])
        #expect(parts.flatMap { $0.last?.body ?? [] } == Self.bytes)
        #expect(parts.joined().allSatisfy { $0["authorization"] == nil && $0["x-sse"] == "on" })
        #expect(most.withLock { $0 } == Self.bytes.count)
        let ends = fixture.requests("POST", Self.target)
        #expect(ends.map(\.query).first == "action=initiate-upload&overwrite=false")
        #expect(ends.count == 2 && ends[1].query == "action=complete-upload&upload_type=multipart&session_token=tok")
        #expect(ends[1].text.contains(#"{"part_number":6,"etag":"\"t6\""}"#), "\(ends[1].text)")
        #expect(fixture.requests("DELETE", "/abort").isEmpty)
    }

    /// Where the service or its storage takes no parts, a caller can send the file whole, and nothing is left there.
    @Test(arguments: ["refused", "another kind", "blocked storage"])
    func unavailable(_ why: String) async throws {
        let fixture = try Fixture()
        switch why {
        case "refused":
            fixture.server.on("POST", Self.target, .json(#"{"error_code":"ENDPOINT_NOT_FOUND"}"#, status: 404))
        case "another kind":
            fixture.server.on("POST", Self.target, .json(#"{"resumable_upload":{"session_token":"t"}}"#))
        default: fixture.server.on("PUT", "/part/1", .status(403, body: "<Error/>"))
        }
        await #expect(throws: MultipartUpload.Unavailable.self) { try await fixture.upload() }
        #expect(fixture.requests("DELETE", "/abort").count == (why == "blocked storage" ? 1 : 0))
    }

    /// What is there already, and what fails on the way, is an error; a cancelled upload leaves nothing there.
    @Test func failuresAreTold() async throws {
        let fixture = try Fixture()
        fixture.server.on("PUT", "/part/4", .status(400, body: "<Error/>"))
        await #expect(throws: APIError.self) { try await fixture.upload() }
        #expect(fixture.requests("DELETE", "/abort").count == 1)
        fixture.server.on("POST", Self.target, .json(#"{"multipart_upload":{"session_token":"tok"}}"#), .json("{}"))
        fixture.server.on("PUT", "/part/4", .status(200, headers: [("ETag", "t4")]))
        fixture.server.on("PUT", "/part/2", .silence)
        let before = fixture.server.log.entries.count
        let task = Task { try await fixture.upload() }
        // It begins, and asks for a link for each of six parts and sends them.
        _ = await fixture.server.log.waitFor(before + 13)
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(fixture.requests("DELETE", "/abort").count == 2)
        fixture.server.on("POST", Self.target, .json(#"{"error_code":"ALREADY_EXISTS"}"#, status: 409))
        await #expect { try await fixture.upload() } throws: { ($0 as? APIError)?.code == "ALREADY_EXISTS" }
    }

    @Test(arguments: [(50 << 20, 10 << 20), (1000 << 20, 10 << 20), (1001 << 20, 20 << 20), (300 << 30, 4 << 30)])
    func partsAreAHundredAtMost(_ size: Int, _ part: Int) { #expect(MultipartUpload.partSize(of: size) == part) }
}
