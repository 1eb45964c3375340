import System

/// What a trace tells of one attempt of one request. Secrets are replaced by `Redaction` before anything gets here; the
/// rest is data of the server's, to be made harmless before it is shown.
package struct TraceEvent: Sendable {
    package enum Content: Sendable {
        /// The request as it goes out.
        case request(method: String, url: String, headers: [(name: String, value: String)], body: String?)
        /// The reply; the body is nil when it is streamed.
        case response(status: Int, headers: [(name: String, value: String)], body: String?)
        /// The beginning of a streamed body, when it has been read.
        case body(String)
        /// No reply.
        case failure(any Error)
    }

    /// Counts attempts, from 1: a request and what came of it have the same number.
    package let number: Int
    /// Since the request went out; zero for the request itself.
    package let elapsed: Duration
    package let content: Content
}

/// Tells of every attempt that goes through it: the one place where requests are watched. Inside of retrying, so each
/// attempt shows.
package final class TracingTransport: Transport {
    private let base: any Transport
    private let clock: any Clock<Duration>
    private let bodyLimit: Int
    private let emit: @Sendable (TraceEvent) -> Void
    private let isOn: @Sendable () -> Bool
    private let count = Locked(0)

    /// - Parameters:
    ///   - bodyLimit: most bytes of a body to show.
    ///   - isOn: asked before each request; one that is not watched costs nothing.
    ///   - emit: called on any thread.
    package init(
        _ base: any Transport, clock: any Clock<Duration> = ContinuousClock(), bodyLimit: Int = 2048,
        isOn: @escaping @Sendable () -> Bool = { true }, emit: @escaping @Sendable (TraceEvent) -> Void
    ) {
        self.base = base
        self.clock = clock
        self.bodyLimit = bodyLimit
        self.isOn = isOn
        self.emit = emit
    }

    package func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        guard isOn() else { return try await base.send(request) }
        return try await traced(request) { _ in
            try await self.base.send(request)
        } as: {
            .response(
                status: $0.head.status, headers: Redaction.headers($0.head.headers),
                body: request.isSecretReply ? Redaction.mark : self.excerpt($0.body))
        }
    }

    package func stream(_ request: HTTPRequest) async throws -> HTTPStream {
        guard isOn() else { return try await base.stream(request) }
        return try await traced(request) { number in
            let stream = try await self.base.stream(request)
            return HTTPStream(head: stream.head, body: self.watching(stream.body, number))
        } as: {
            .response(status: $0.head.status, headers: Redaction.headers($0.head.headers), body: nil)
        }
    }

    package func connect(to url: String) {
        base.connect(to: url)
    }

    package func shutdown() async {
        await base.shutdown()
    }

    private func traced<T>(
        _ request: HTTPRequest, _ exchange: (_ number: Int) async throws -> T, as content: (T) -> TraceEvent.Content
    ) async throws -> T {
        let number = count.withLock { count in
            count += 1
            return count
        }
        emit(TraceEvent(number: number, elapsed: .zero, content: describe(request)))
        let elapsed = clock.stopwatch()
        do {
            let reply = try await exchange(number)
            emit(TraceEvent(number: number, elapsed: elapsed(), content: content(reply)))
            return reply
        } catch {
            emit(TraceEvent(number: number, elapsed: elapsed(), content: .failure(error)))
            throw error
        }
    }

    /// The same body, whose beginning is told once it has been read, or broke off.
    private func watching(_ body: HTTPBody, _ number: Int) -> HTTPBody {
        let (emit, limit, elapsed) = (emit, bodyLimit * 2, clock.stopwatch())
        let kept = Locked<(bytes: [UInt8], total: Int)>(([], 0))
        let iterator = body.makeAsyncIterator()
        return HTTPBody {
            var next = iterator
            let piece: [UInt8]?
            do { piece = try await next.next() } catch {
                emit(TraceEvent(number: number, elapsed: elapsed(), content: .failure(error)))
                throw error
            }
            if let piece {
                kept.withLock { kept in
                    kept.total += piece.count
                    if kept.bytes.count < limit { kept.bytes += piece.prefix(limit - kept.bytes.count) }
                }
            } else {
                let (bytes, total) = kept.withLock { ($0.bytes, $0.total) }
                if let text = self.excerpt(bytes, of: total) {
                    emit(TraceEvent(number: number, elapsed: elapsed(), content: .body(text)))
                }
            }
            return piece
        }
    }

    private func describe(_ request: HTTPRequest) -> TraceEvent.Content {
        let body: String? =
            switch request.body {
            case .none: nil
            case .bytes(let bytes): excerpt(bytes)
            case .file(let path, _): "(file \(path))"
            case .multipart(let parts): "(form: \(parts.map(\.name).joined(separator: ", ")))"
            }
        return .request(
            method: request.method, url: Redaction.url(of: request), headers: Redaction.headers(of: request), body: body
        )
    }

    /// The beginning of a body, without its secrets. Redaction looks at more than is shown, so that a name and its value are
    /// seen together.
    private func excerpt(_ bytes: [UInt8], of total: Int? = nil) -> String? {
        guard !bytes.isEmpty else { return nil }
        let total = total ?? bytes.count
        let text = Redaction.body(String(decoding: bytes.prefix(bodyLimit * 2), as: UTF8.self))
        return total > bodyLimit ? text.prefix(bodyLimit) + "… (\(total) bytes)" : text
    }
}
