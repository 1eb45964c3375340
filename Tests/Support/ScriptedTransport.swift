import Databricks

/// A transport without a network: a test's function answers, and the requests are kept.
package final class ScriptedTransport: Transport {
    /// A request as the client made it, and what the clock said.
    package struct Sent: Sendable {
        package let request: HTTPRequest
        package let at: Duration

        /// `GET /api/…?query`, without the host.
        package var line: String {
            "\(request.method) " + request.url.dropFirst("https://h.example".count)
        }

        package var body: String {
            if case .bytes(let bytes) = request.body { String(decoding: bytes, as: UTF8.self) } else { "" }
        }

        package func header(_ name: String) -> String? {
            request.headers.first { $0.name == name }?.value
                ?? request.secretHeaders.first { $0.name == name }?.value.reveal()
        }
    }

    package typealias Answer = @Sendable (Sent) async throws -> HTTPResponse

    package let sent = Journal<Sent>()
    private let clock: ManualClock
    private let answer: Answer

    /// `answer` gets each request; what it throws is thrown to the client.
    package init(clock: ManualClock = ManualClock(), _ answer: @escaping Answer) {
        self.clock = clock
        self.answer = answer
    }

    /// Gives out `replies` in turn, whatever is asked; the last one again and again.
    package convenience init(clock: ManualClock = ManualClock(), replies: [Result<HTTPResponse, TransportError>]) {
        let next = Guarded(0)
        self.init(clock: clock) { _ in
            let index = next.withLock { next in
                defer { next += 1 }
                return next
            }
            return try replies[min(index, replies.count - 1)].get()
        }
    }

    package func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        let sent = Sent(request: request, at: clock.elapsed)
        self.sent.append(sent)
        try Task.checkCancellation()
        return try await answer(sent)
    }

    /// The same, with the body cut into small pieces.
    package func stream(_ request: HTTPRequest) async throws -> HTTPStream {
        let response = try await send(request)
        let pieces = Guarded(
            stride(from: 0, to: response.body.count, by: 7).map { start in
                Array(response.body[start..<min(start + 7, response.body.count)])
            }[...])
        return HTTPStream(head: response.head, body: HTTPBody { pieces.withLock { $0.popFirst() } })
    }

    package func connect(to url: String) {}

    package func shutdown() async {}

    /// The requests' lines, in order.
    package var lines: [String] { sent.entries.map(\.line) }

    /// A client of `https://h.example` that goes through this transport.
    package func client(
        workspaceID: String? = nil, jitter: Double = 0, onRetry: @escaping @Sendable (RetryNotice) -> Void = { _ in }
    ) throws -> Client {
        Client(
            connection: try Connection(
                host: "h.example", credential: PersonalAccessToken(Secret("dapi-secret")), workspaceID: workspaceID),
            transport: self, version: "1.2.3", clock: clock, jitter: { jitter }, onRetry: onRetry)
    }
}

extension HTTPResponse {
    /// A JSON reply.
    package static func json(_ body: String, status: Int = 200, _ headers: (String, String)...) -> HTTPResponse {
        let all = [("Content-Type", "application/json")] + headers
        return HTTPResponse(
            head: HTTPHead(status: status, headers: all.map { (name: $0, value: $1) }), body: Array(body.utf8))
    }

    /// A reply of another kind.
    package static func text(_ body: String, type: String, status: Int, _ headers: (String, String)...) -> HTTPResponse
    {
        let all = [("Content-Type", type)] + headers
        return HTTPResponse(
            head: HTTPHead(status: status, headers: all.map { (name: $0, value: $1) }), body: Array(body.utf8))
    }
}

extension TransportError {
    /// A failure of the network.
    package static func failure(_ kind: Kind, mayHaveArrived: Bool) -> TransportError {
        TransportError(
            kind: kind, host: "h.example", url: "https://h.example/", message: "scripted",
            mayHaveArrived: mayHaveArrived)
    }
}
