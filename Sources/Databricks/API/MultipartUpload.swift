import Glibc
import Results
import System

/// A large file on its way into a volume, in parts that go straight to the cloud's storage: a connection that breaks off costs
/// one part, and the file is there when all of them are (Files API: `initiate-upload`, `create-upload-part-urls`,
/// `complete-upload`, as the official SDK for Python calls them; not documented).
struct MultipartUpload: Sendable {
    let client: Client
    let path: RemotePath
    let file: String
    let size: Int
    let overwrites: Bool
    let sent: @Sendable (Int) -> Void
    /// Bytes of a part; nil for the SDK's choice.
    var partLength: Int?

    /// Smaller files go whole, as the SDK has it. In bytes.
    static let threshold = 50 << 20
    /// Parts that go at once.
    private static let mostAtOnce = 4
    /// How often a link of a part may have expired before it was used.
    private static let mostLinks = 3

    /// The service takes no parts for this file, or its storage cannot be reached from here; nothing is left there.
    struct Unavailable: Error {}

    /// - Throws: `Unavailable`; `APIError` when the target is there already; as `Client.json`.
    func run() async throws {
        let token = try await begin()
        do {
            try await complete(try await parts(token), token)
        } catch {
            await abort(token)
            throw error
        }
    }

    /// A size at which there are a hundred parts at most, if one of them is enough for that (the SDK's sizes).
    static func partSize(of size: Int) -> Int {
        [10, 20, 50, 100, 200, 500, 1024, 2048].map { $0 << 20 }.first { (size + $0 - 1) / $0 <= 100 } ?? 4 << 30
    }

    private var ranges: [Range<Int>] {
        let length = partLength ?? Self.partSize(of: size)
        return stride(from: 0, to: size, by: length).map { $0..<min($0 + length, size) }
    }

    // MARK: The service's side

    private var target: String { "/api/2.0/fs/files" + path.encoded }
    private var effect: RequestEffect { .changes("writing \(path.text)") }

    private func begin() async throws -> String {
        var call = APICall("POST", target, effect)
        call.query = [("action", "initiate-upload"), ("overwrite", "\(overwrites)")]
        // One that nobody goes on with ends by itself.
        call.repetition = .freely
        let reply: JSONValue
        do { reply = try await client.json(call) } catch let error as APIError where !error.isUnauthenticated {
            if error.status == 409 { throw error }
            throw Unavailable()
        }
        // Storage of Google's has uploads of another kind (`resumable_upload`).
        guard let token = reply["multipart_upload"]?.string("session_token"), !token.isEmpty else {
            throw Unavailable()
        }
        return token
    }

    private func link(_ kind: String, _ member: String, _ token: String, _ fields: [(String, JSONValue?)]) async throws
        -> StatementChunk.Link
    {
        let expiry = (WallTime.now + .seconds(3600)).text
        var call = APICall.post(
            "/api/2.0/fs/create-\(kind)", effect,
            [("path", .string(path.path)), ("session_token", .string(token)), ("expire_time", .string(expiry))] + fields
        )
        call.repetition = .freely
        call.retry = .patient
        let reply = try await client.json(call)
        let found = reply[member].flatMap { $0.elements?.first ?? $0 }
        guard let url = found?.string("url") else {
            throw APIError(
                status: 200, code: APIError.notJSON, message: "the reply names no link", method: call.method,
                path: call.path)
        }
        let headers = (found?.elements("headers") ?? []).compactMap { header in
            header.string("name").flatMap { name in header.string("value").map { (name, $0) } }
        }
        return StatementChunk.Link(
            url: Secret(url), headers: [("Content-Type", "application/octet-stream")] + headers)
    }

    private func complete(_ tags: [String], _ token: String) async throws {
        var call = APICall.post(
            target, effect,
            [
                (
                    "parts",
                    .array(
                        tags.enumerated().map {
                            .object([.init("part_number", .number("\($0 + 1)")), .init("etag", .string($1))])
                        })
                )
            ])
        call.query = [("action", "complete-upload"), ("upload_type", "multipart"), ("session_token", token)]
        do { _ = try await client.json(call) } catch let error as TransportError where error.mayHaveArrived {
            // Only the answer may have been lost.
            let there = try? await VolumeFiles(client: client).entry(path)
            guard there?.size == size else { throw error }
        }
    }

    /// Also after Ctrl-C: the storage keeps parts, and bills them, until somebody says that they are not wanted.
    private func abort(_ token: String) async {
        let upload = self
        await Task {
            guard let link = try? await upload.link("abort-upload-url", "abort_upload_url", token, []) else { return }
            var request = upload.request("DELETE", link)
            request.retry = .standard
            _ = try? await upload.send(request)
        }.value
    }

    // MARK: The storage's side

    private func parts(_ token: String) async throws -> [String] {
        let ranges = ranges
        let progress = Locked([Int](repeating: 0, count: ranges.count))
        let put = { @Sendable (index: Int) async throws -> (Int, String) in
            let tag = try await part(index, ranges[index], token) { count in
                sent(
                    progress.withLock { counts in
                        counts[index] = count
                        return counts.reduce(0, +)
                    })
            }
            return (index, tag)
        }
        var tags = [String](repeating: "", count: ranges.count)
        // The first one alone: where the storage cannot be reached from here, this is soon known.
        do { tags[0] = try await put(0).1 } catch let error where error is APIError || error is TransportError {
            throw Unavailable()
        }
        try await withThrowingTaskGroup(of: (Int, String).self) { group in
            var rest = ranges.indices.dropFirst()
            for index in rest.prefix(Self.mostAtOnce) { group.addTask { try await put(index) } }
            rest = rest.dropFirst(Self.mostAtOnce)
            while let (index, tag) = try await group.next() {
                tags[index] = tag
                if let next = rest.popFirst() { group.addTask { try await put(next) } }
            }
        }
        return tags
    }

    /// - Returns: the storage's tag for the part.
    private func part(
        _ index: Int, _ range: Range<Int>, _ token: String, _ sent: @escaping @Sendable (Int) -> Void
    ) async throws -> String {
        var links = 0
        while true {
            let link = try await link(
                "upload-part-urls", "upload_part_urls", token,
                [("start_part_number", .number("\(index + 1)")), ("count", .number("1"))])
            links += 1
            var request = request("PUT", link)
            request.body = .file(path: file, range: range)
            request.sent = sent
            request.retry = index == 0 ? .standard : .patient
            do { return try await send(request)["etag"] ?? "" } catch let error as APIError
                where error.status == 403 && links < Self.mostLinks && index > 0
            {
                continue  // the link has expired
            }
        }
    }

    private func request(_ method: String, _ link: StatementChunk.Link) -> HTTPRequest {
        var request = HTTPRequest(method, link.url.reveal())
        request.isSecretURL = true
        request.headers = link.headers
        // The same bytes at the same place: again does no harm.
        request.repetition = .freely
        request.prefersHTTP1 = true
        return request
    }

    @concurrent
    private func send(_ request: HTTPRequest) async throws -> HTTPHead {
        try await client.retrier.run(request) {
            let response = try await client.transport.send(request)
            guard response.head.isSuccess else { throw ErrorBody.error(response, request: request) }
            return response.head
        }
    }
}
