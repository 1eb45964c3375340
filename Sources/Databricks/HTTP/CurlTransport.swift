import CCurl
import Glibc
import System

/// HTTP by libcurl, which is opened on the first request: until then this costs nothing.
///
/// One thread runs all transfers (see `CurlLoop`). URLSession is no alternative on Linux: it sends `Authorization`
/// along with redirects to other hosts, takes no CA file, and has no back-pressure (tried).
package final class CurlTransport: Transport {
    package struct Options: Sendable {
        package var trust: CertificateTrust
        /// URL of a proxy; nil leaves it to libcurl, which reads `https_proxy`, `HTTPS_PROXY`, `http_proxy` (lower case
        /// only), `ALL_PROXY` and `NO_PROXY`.
        package var proxy: String?
        /// Credentials may go over plain http to other machines (`DBSH_ALLOW_HTTP=1`).
        package var allowsPlainHTTP = false
        package var connectionsPerHost = 8
        /// Bytes libcurl reads at once: for each turn of the loop it reads a connection once.
        package var receiveBuffer = 128 << 10
        /// The same for big downloads; 512 KiB is the most that libcurl takes.
        package var downloadBuffer = 512 << 10
        /// Bytes of a streamed body that may wait for their reader, about; the connection is not read while there are
        /// more.
        package var highWater = 1 << 20

        package init(environment: [String: String] = [:]) {
            trust = .of(environment: environment)
            allowsPlainHTTP = environment[PlainHTTP.variable] == "1"
        }

        package init(trust: CertificateTrust) {
            self.trust = trust
        }
    }

    private enum State {
        case idle
        case running(CurlLoop)
        case closed
    }

    private let options: Options
    private let state = Locked(State.idle)

    package init(_ options: Options) {
        self.options = options
    }

    /// The name and version of libcurl, such as `libcurl/7.88.1`; nil when it cannot be used. Opens it.
    package static var libraryVersion: String? {
        guard ccurl_load() == nil else { return nil }
        return String(cString: ccurl_version()).split(separator: " ").first.map(String.init)
    }

    deinit {
        if case .running(let loop) = state.withLock({ $0 }) { loop.post(.stop(nil)) }
    }

    package func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        try PlainHTTP.check(request, isAllowed: options.allowsPlainHTTP)
        let transfer = Transfer(request, .collect, try loop(for: request), options)
        return try await transfer.response()
    }

    package func stream(_ request: HTTPRequest) async throws -> HTTPStream {
        try PlainHTTP.check(request, isAllowed: options.allowsPlainHTTP)
        let transfer = Transfer(request, .stream, try loop(for: request), options)
        let reader = BodyReader(transfer)
        let head = try await transfer.firstHead()
        return HTTPStream(head: head, body: HTTPBody { try await reader.transfer.nextPiece() })
    }

    package func connect(to url: String) {
        // Without TLS there is little to agree on; and before its first answer libcurl does not know whether such a connection
        // can be shared, and lets other requests wait for that.
        guard url.hasPrefix("https://") else { return }
        var request = HTTPRequest("GET", url)
        (request.connectTimeout, request.totalTimeout) = (.seconds(10), .seconds(10))
        // A server of HTTP/2 speaks first; libcurl, which has not begun to speak it, takes what comes for the connection's end,
        // and opens another one for the next request. HTTP/1.1 it keeps, and uses for requests that may be either.
        request.prefersHTTP1 = true
        guard let loop = try? loop(for: request) else { return }
        loop.post(.add(Transfer(request, .connect, loop, options)))
    }

    /// Ends every transfer and waits until libcurl is closed. To be awaited before the process exits: OpenSSL's exit
    /// handler frees what the loop's thread may still be using (a crash now and then, 2 in 2,500).
    package func shutdown() async {
        let before = state.withLock { state in
            defer { state = .closed }
            return state
        }
        guard case .running(let loop) = before else { return }
        await withCheckedContinuation { loop.post(.stop($0)) }
    }

    /// The running loop; starts it (and opens libcurl) if need be.
    private func loop(for request: HTTPRequest) throws -> CurlLoop {
        try state.withLock { (state) throws(TransportError) in
            switch state {
            case .running(let loop): return loop
            case .closed:
                throw TransportError(.closed, request, "the connection is closed", mayHaveArrived: false)
            case .idle:
                do throws(CurlLoop.Unavailable) {
                    let loop = try CurlLoop(options)
                    state = .running(loop)
                    return loop
                } catch {
                    throw TransportError(.unavailable, request, error.reason, mayHaveArrived: false)
                }
            }
        }
    }
}

/// Ends a streamed transfer when nobody reads it any more.
private final class BodyReader: Sendable {
    let transfer: Transfer

    init(_ transfer: Transfer) {
        self.transfer = transfer
    }

    deinit {
        transfer.cancel()
    }
}
