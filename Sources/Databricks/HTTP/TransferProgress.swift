import CCurl
import Glibc
import System

/// What comes back, and how a transfer ends. All of it on the loop's thread.
extension Transfer {
    /// One line of the head, as libcurl calls it: status line, header, or the empty line at the end. There may be
    /// several heads: of `100 Continue`, of redirects that are followed.
    func receivedHeader(_ raw: UnsafeRawBufferPointer) {
        // After the body there may be trailers; nobody asks for them.
        if isHeadComplete { return }
        var line = raw[...]
        while let last = line.last, last == 0x0D || last == 0x0A { line = line.dropLast() }
        if line.starts(with: "HTTP/".utf8) {
            let parts = line.split(separator: 0x20, maxSplits: 2)
            head = HTTPHead(status: parts.count > 1 ? Int(String(decoding: parts[1], as: UTF8.self)) ?? 0 : 0)
        } else if line.isEmpty {
            if !isInterim { completeHead() }
        } else if let colon = line.firstIndex(of: UInt8(ascii: ":")) {
            let value = line[(colon + 1)...].drop { $0 == 0x20 || $0 == 0x09 }
            head.headers.append(
                (String(decoding: line[..<colon], as: UTF8.self), String(decoding: value, as: UTF8.self)))
        }
    }

    /// Whether another head follows this one.
    private var isInterim: Bool {
        if head.status < 200 { return true }
        return request.maximumRedirects > 0 && request.secretHeaders.isEmpty && (300..<400).contains(head.status)
            && head["location"] != nil
    }

    private func completeHead() {
        isHeadComplete = true
        switch mode {
        case .collect:
            let length = head["content-length"].flatMap { Int($0) } ?? 0
            body.reserveCapacity(min(max(length, 0), request.bodyLimit, 64 << 20))
        case .stream:
            let waiter = shared.withLock { shared in
                defer { shared.headWaiter = nil }
                return shared.headWaiter
            }
            waiter?.resume(returning: head)
        case .connect: break
        }
    }

    /// Some bytes of the body. Returns how many are taken: all of them, a request to pause, or too few, which ends the
    /// transfer.
    func received(_ bytes: UnsafeRawBufferPointer) -> Int {
        switch mode {
        case .collect: collect(bytes)
        case .stream: buffer(bytes)
        case .connect: Self.refused
        }
    }

    private static let refused = -1

    private func collect(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard body.count + bytes.count <= request.bodyLimit else {
            failure = TransportError(
                .tooLarge, request, "the reply is over \(request.bodyLimit >> 20) MiB", mayHaveArrived: true)
            return Self.refused
        }
        body.append(contentsOf: bytes)
        return bytes.count
    }

    /// When there are enough, the connection is not read any more until the reader has taken them. What of one reading is
    /// left then is taken too: bytes that are refused libcurl copies, to bring them again.
    private func buffer(_ bytes: UnsafeRawBufferPointer) -> Int {
        // Only what HTTP/2 and decompression hold back can be more than the rest of one reading.
        let most = options.highWater + receiveBuffer
        let (taken, pauses) = shared.withLock { shared in
            if shared.isCancelled { return (Self.refused, false) }
            guard shared.buffer.count + bytes.count <= most else {
                shared.isPaused = true
                return (Int(CURL_WRITEFUNC_PAUSE), false)
            }
            if shared.buffer.capacity < most { shared.buffer.reserveCapacity(most) }
            shared.buffer.append(contentsOf: bytes)
            let pauses = !shared.isPaused && shared.buffer.count >= options.highWater
            if pauses { shared.isPaused = true }
            return (bytes.count, pauses)
        }
        if pauses, let easy { ccurl_easy_pause(easy, CURLPAUSE_RECV) }
        if taken == bytes.count, !isNoted {
            isNoted = true
            loop.note(self)
        }
        return taken
    }

    /// The reader has taken what had stopped the reading.
    func resume() {
        // By now the buffer may be full again, and whoever takes that says so once more.
        guard let easy, !shared.withLock({ $0.isPaused }) else { return }
        ccurl_easy_pause(easy, CURLPAUSE_CONT)
    }

    /// Gives what has come in to the reader, if one waits.
    func handOn() {
        isNoted = false
        let (waiter, piece, wasPaused) = shared.withLock { shared in
            guard let waiter = shared.pieceWaiter, !shared.buffer.isEmpty else {
                return (nil as CheckedContinuation<[UInt8]?, any Error>?, [UInt8](), false)
            }
            shared.pieceWaiter = nil
            // The reader has taken all there was without `resume`, so a pause must end here, or it never would.
            defer { shared.isPaused = false }
            return (waiter, shared.takeBuffer(), shared.isPaused)
        }
        waiter?.resume(returning: piece)
        if wasPaused, let easy { ccurl_easy_pause(easy, CURLPAUSE_CONT) }
    }

    /// Whether nothing has moved for as long as the request allows; sets `failure` then.
    ///
    /// libcurl's own low-speed limit averages over five seconds and fires up to six seconds late.
    func isIdle(at now: ContinuousClock.Instant) -> Bool {
        guard let limit = request.idleTimeout, let easy else { return false }
        var down: curl_off_t = 0
        var up: curl_off_t = 0
        ccurl_get_offset(easy, CURLINFO_SIZE_DOWNLOAD_T, &down)
        ccurl_get_offset(easy, CURLINFO_SIZE_UPLOAD_T, &up)
        // A pause is the reader's doing, not the server's.
        if down + up != moved.bytes || shared.withLock({ $0.isPaused }) {
            moved = (down + up, now)
            return false
        }
        guard now - moved.at >= limit else { return false }
        failure = TransportError(.timeout, request, "no data for \(limit)", mayHaveArrived: mayHaveArrived(.timeout))
        return true
    }

    /// Ends the transfer with libcurl's verdict, or with this side's own.
    func end(_ code: CURLcode) {
        if let failure {
            settle(.failure(failure), nil)
        } else if code == CURLE_OK, !isHeadComplete, mode != .connect {
            // libcurl takes what there is of a head for the whole.
            let message = "it ended within the head of the answer"
            settle(.failure(TransportError(.dropped, request, message, mayHaveArrived: true)), nil)
        } else if code == CURLE_OK {
            settle(.success(()), HTTPResponse(head: head, body: body))
        } else if code == CURLE_SEND_FAIL_REWIND {
            let message = "it ended before the answer came"
            settle(.failure(TransportError(.dropped, request, message, mayHaveArrived: true)), nil)
        } else {
            let kind = TransportError.Kind(code)
            let text = errorText[0] == 0 ? String(cString: ccurl_easy_strerror(code)) : String(cString: errorText)
            let error = TransportError(kind, request, text, mayHaveArrived: mayHaveArrived(kind))
            settle(.failure(error), nil)
        }
        body = []
    }

    /// Ends a transfer that the loop gives up.
    func end(failing kind: TransportError.Kind, _ message: String) {
        failure = TransportError(kind, request, message, mayHaveArrived: mayHaveArrived(kind))
        end(CURLE_OK)
    }

    /// Whether the server may have got the request, or a part of it. False only when libcurl never came to sending: it
    /// notes the time just before.
    private func mayHaveArrived(_ kind: TransportError.Kind) -> Bool {
        switch kind {
        case .unavailable, .resolve, .connect, .gone, .tls, .file: return false
        case .timeout, .dropped, .malformed, .redirects, .tooLarge, .closed, .other:
            guard let easy else { return false }
            var started: curl_off_t = 0
            ccurl_get_offset(easy, CURLINFO_PRETRANSFER_TIME_T, &started)
            return started > 0
        }
    }
}

extension TransportError.Kind {
    /// The kind of a libcurl result.
    fileprivate init(_ code: CURLcode) {
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: self = .resolve
        case CURLE_COULDNT_CONNECT, CURLE_PROXY: self = .connect
        case CURLE_OPERATION_TIMEDOUT: self = .timeout
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CERTPROBLEM,
            CURLE_SSL_ISSUER_ERROR, CURLE_SSL_CIPHER:
            self = .tls
        case CURLE_PARTIAL_FILE, CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_GOT_NOTHING, CURLE_HTTP2,
            CURLE_HTTP2_STREAM:
            self = .dropped
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING: self = .malformed
        case CURLE_TOO_MANY_REDIRECTS: self = .redirects
        default: self = .other
        }
    }
}
