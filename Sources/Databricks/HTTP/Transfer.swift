import CCurl
import Glibc
import System

/// One exchange with a server: its request, and what has come back so far.
///
/// It lives in two worlds. `shared` is touched by any thread, under its lock; every `var` after the mark belongs to the
/// loop's thread alone, from `configure` to `release`. The compiler cannot see that rule, so Sendable is unchecked.
final class Transfer: @unchecked Sendable {
    enum Mode {
        /// The whole body in memory, up to the request's limit.
        case collect
        /// Head first, then the body piece by piece.
        case stream
        /// No request: the connection is opened for the next one.
        case connect
    }

    /// Who waits for what, and what waits for them.
    struct Shared {
        var responseWaiter: CheckedContinuation<HTTPResponse, any Error>?
        var headWaiter: CheckedContinuation<HTTPHead, any Error>?
        var pieceWaiter: CheckedContinuation<[UInt8]?, any Error>?
        /// Streamed bytes that nobody has taken yet.
        var buffer: [UInt8] = []
        var end: Result<Void, any Error>?
        /// libcurl was told to stop reading because the buffer is full.
        var isPaused = false
        var isCancelled = false

        /// What has come in, for its reader. A little of it in much room is copied: a queue of such pieces, each with all
        /// that room, would hold many times what it counts.
        mutating func takeBuffer() -> [UInt8] {
            if buffer.count < buffer.capacity / 4 {
                defer { buffer.removeAll(keepingCapacity: true) }
                return buffer.withUnsafeBytes { Array($0) }
            }
            var piece: [UInt8] = []
            swap(&piece, &buffer)
            return piece
        }
    }

    let request: HTTPRequest
    let mode: Mode
    let options: CurlTransport.Options
    let shared = Locked(Shared())
    /// Held strongly: a stream may outlive its transport.
    let loop: CurlLoop

    // MARK: The loop's thread only

    var easy: EasyHandle?
    var headerList: UnsafeMutablePointer<curl_slist>?
    var multipart: OpaquePointer?
    var upload: UnsafeMutablePointer<FILE>?
    /// The bytes of it that are the body.
    var uploadRange = 0..<0
    /// What libcurl has not asked for yet of a body that is sent once.
    var unsent: ArraySlice<UInt8> = []
    /// libcurl writes here while the handle is in use; freed in deinit, which is after `release`.
    let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
    var head = HTTPHead()
    var isHeadComplete = false
    var body: [UInt8] = []
    /// What this side found wrong; goes before libcurl's own verdict.
    var failure: TransportError?
    var isNoted = false
    /// Bytes moved either way, and when that last changed.
    var moved: (bytes: curl_off_t, at: ContinuousClock.Instant) = (0, .now)

    init(_ request: HTTPRequest, _ mode: Mode, _ loop: CurlLoop, _ options: CurlTransport.Options) {
        self.request = request
        self.mode = mode
        self.loop = loop
        self.options = options
        errorText[0] = 0
    }

    deinit {
        errorText.deallocate()
    }

    var isCancelled: Bool { shared.withLock { $0.isCancelled } }
}

// MARK: - Any thread

extension Transfer {
    /// Starts the transfer and waits for its end.
    func response() async throws -> HTTPResponse {
        try await begin { $0.responseWaiter = $1 }
    }

    /// Starts the transfer and waits for status and headers.
    func firstHead() async throws -> HTTPHead {
        try await begin { $0.headWaiter = $1 }
    }

    private func begin<T>(
        _ install: (inout Shared, CheckedContinuation<T, any Error>) -> Void
    ) async throws -> T {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let isInTime = shared.withLock { shared in
                    if shared.isCancelled { return false }
                    install(&shared, continuation)
                    return true
                }
                if isInTime {
                    loop.post(.add(self))
                } else {
                    continuation.resume(throwing: CancellationError())
                }
            }
        } onCancel: {
            cancel()
        }
    }

    /// What the reader of a stream gets now.
    private enum Next {
        case piece([UInt8], resuming: Bool)
        case end(Result<Void, any Error>)
        case wait
    }

    private static func take(_ shared: inout Shared) -> Next {
        if shared.isCancelled, let end = shared.end { return .end(end) }
        guard !shared.buffer.isEmpty else { return shared.end.map(Next.end) ?? .wait }
        defer { shared.isPaused = false }
        return .piece(shared.takeBuffer(), resuming: shared.isPaused)
    }

    /// The next bytes of the body, all there are; nil at its end. One reader at a time.
    func nextPiece() async throws -> [UInt8]? {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let next = shared.withLock { shared in
                    let next = Self.take(&shared)
                    if case .wait = next {
                        precondition(shared.pieceWaiter == nil, "a body has one reader")
                        shared.pieceWaiter = continuation
                    }
                    return next
                }
                switch next {
                case .piece(let piece, let resuming):
                    if resuming { loop.post(.resume(self)) }
                    continuation.resume(returning: piece)
                case .end(let result):
                    continuation.resume(with: result.map { nil })
                case .wait:
                    break
                }
            }
        } onCancel: {
            cancel()
        }
    }

    /// Whoever waits is released at once; the loop closes the connection when it gets there.
    func cancel() {
        let isFirst = shared.withLock { shared in
            guard !shared.isCancelled, shared.end == nil else { return false }
            shared.isCancelled = true
            return true
        }
        guard isFirst else { return }
        settle(.failure(CancellationError()), nil)
        loop.post(.cancel(self))
    }

    /// Records the outcome, once, and releases whoever waits for it.
    func settle(_ outcome: Result<Void, any Error>, _ response: HTTPResponse?) {
        struct Waiters {
            var response: CheckedContinuation<HTTPResponse, any Error>?
            var head: CheckedContinuation<HTTPHead, any Error>?
            var piece: CheckedContinuation<[UInt8]?, any Error>?
            var rest: [UInt8] = []
        }
        let waiters = shared.withLock { shared in
            var waiters = Waiters()
            guard shared.end == nil else { return waiters }
            shared.end = outcome
            swap(&waiters.response, &shared.responseWaiter)
            swap(&waiters.head, &shared.headWaiter)
            swap(&waiters.piece, &shared.pieceWaiter)
            if waiters.piece != nil { swap(&waiters.rest, &shared.buffer) }
            return waiters
        }
        switch outcome {
        case .success:
            let response = response ?? HTTPResponse(head: HTTPHead(), body: [])
            waiters.response?.resume(returning: response)
            waiters.head?.resume(returning: response.head)
            waiters.piece?.resume(returning: waiters.rest.isEmpty ? nil : waiters.rest)
        case .failure(let error):
            waiters.response?.resume(throwing: error)
            waiters.head?.resume(throwing: error)
            // What came before the failure is read first; the next read throws.
            if waiters.rest.isEmpty || error is CancellationError {
                waiters.piece?.resume(throwing: error)
            } else {
                waiters.piece?.resume(returning: waiters.rest)
            }
        }
    }
}
