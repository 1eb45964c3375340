import Glibc

/// An HTTP server on 127.0.0.1 that answers by script, and can do all that real servers and networks do wrong.
///
/// Rules say what each request gets; the log says what was received. Every connection has its own thread, so a reply
/// that hangs blocks nobody else. It writes HTTP by hand, since no library can send a reset, garbage, or a wrong
/// Content-Length.
///
/// ```swift
/// let server = try FaultServer()
/// server.on("GET", "/things", .status(503, headers: [("Retry-After", "2")]), .json(#"{"things":[]}"#))
/// … client.get(server.url + "/things") …
/// #expect(server.log.entries.count == 2)
/// ```
package final class FaultServer: Sendable {
    /// A request as it came in.
    package struct Request: Sendable {
        package var method = ""
        /// Path and query as sent.
        package var target = ""
        package var headers: [(name: String, value: String)] = []
        package var body: [UInt8] = []
        /// Number of the connection it came on, from 1: equal numbers mean a reused one.
        package var connection = 0

        package var path: String { String(target.prefix { $0 != "?" }) }
        package var query: String { String(target.drop { $0 != "?" }.dropFirst()) }
        package var text: String { String(decoding: body, as: UTF8.self) }

        /// Value of the first header called `name`, in whatever case.
        package subscript(_ name: String) -> String? {
            headers.first { $0.name.lowercased() == name.lowercased() }?.value
        }
    }

    /// What a reply does, one thing after the other.
    package enum Step: Sendable {
        case bytes([UInt8])
        /// Nothing, for a while.
        case wait(Duration)
        /// Nothing, until the client closes the connection or the server stops.
        case hold
        /// Nothing, until the test opens the gate.
        case until(Gate)
        /// End of the connection in order (FIN), however much was promised.
        case drop
        /// End of the connection by a reset (RST).
        case reset

        package static func text(_ text: String) -> Step { .bytes(Array(text.utf8)) }
    }

    /// What a request gets.
    package struct Reply: Sendable {
        /// Everything after the request was read, in order.
        let steps: [Step]
        /// The connection can be used again.
        let keepsConnection: Bool

        /// The same, later.
        package func after(_ delay: Duration) -> Reply {
            Reply(steps: [.wait(delay)] + steps, keepsConnection: keepsConnection)
        }

        /// A status, headers and a whole body.
        package static func status(
            _ status: Int, headers: [(String, String)] = [], body: String = ""
        ) -> Reply {
            let length = [("Content-Length", String(body.utf8.count))]
            return Reply(
                steps: [.text(head(status, headers + length) + body)], keepsConnection: true)
        }

        package static func json(_ body: String, status: Int = 200, headers: [(String, String)] = []) -> Reply {
            .status(status, headers: [("Content-Type", "application/json")] + headers, body: body)
        }

        package static func html(_ body: String, status: Int = 200) -> Reply {
            .status(status, headers: [("Content-Type", "text/html; charset=utf-8")], body: body)
        }

        /// Head with a Content-Length that may be a lie, then `steps`, then the end of the connection.
        package static func steps(
            _ steps: [Step], length: Int, headers: [(String, String)] = []
        ) -> Reply {
            let head = head(200, headers + [("Content-Length", String(length))])
            return Reply(steps: [.text(head)] + steps, keepsConnection: false)
        }

        /// A chunked body, one chunk for each `bytes`; without the final chunk unless `isComplete`.
        package static func chunked(
            _ steps: [Step], headers: [(String, String)] = [], isComplete: Bool = true
        ) -> Reply {
            let chunks = steps.map { step -> Step in
                guard case .bytes(let bytes) = step else { return step }
                return .bytes(Array("\(String(bytes.count, radix: 16))\r\n".utf8) + bytes + Array("\r\n".utf8))
            }
            return Reply(
                steps: [.text(head(200, headers + [("Transfer-Encoding", "chunked")]))] + chunks
                    + (isComplete ? [.text("0\r\n\r\n")] : []),
                keepsConnection: isComplete)
        }

        /// Nothing but these steps, not even a status line.
        package static func raw(_ steps: [Step]) -> Reply { Reply(steps: steps, keepsConnection: false) }

        /// The connection is closed without an answer.
        package static let hangUp = raw([.drop])
        /// The connection is reset without an answer.
        package static let reset = raw([.reset])
        /// No answer, ever.
        package static let silence = raw([.hold])
        /// Something that is not HTTP.
        package static let garbage = raw([.text("\u{16}\u{3}\u{1} this is no HTTP\r\n\r\n"), .drop])

        static func head(_ status: Int, _ headers: [(String, String)]) -> String {
            "HTTP/1.1 \(status) Status\r\n" + headers.map { "\($0): \($1)\r\n" }.joined() + "\r\n"
        }
    }

    private struct Rule {
        let method: String
        let path: String
        let reply: @Sendable (Request, Int) -> Reply
        var uses = 0
    }

    private struct State {
        var rules: [Rule] = []
        var fallback: (@Sendable (Request) -> Reply)?
        var sockets: Set<Int32> = []
        var connections = 0
        var isStopped = false
    }

    /// The requests received, in order; whole ones only.
    package let log = Journal<Request>()
    /// One entry for each connection that the client closed while the server was answering, holding or waiting, by connection
    /// number.
    package let hangUps = Journal<Int>()
    package let port: Int
    private let listener: Int32
    private let state = Guarded(State())

    /// `http://127.0.0.1:port`.
    package var url: String { "http://127.0.0.1:\(port)" }

    /// Listens on a free port.
    package init() throws {
        (listener, port) = try Socket.listen()
        let server = Weak(self)
        let listener = listener
        Thread.detach {
            while let socket = Socket.accept(listener) {
                guard let server = server.value, server.adopt(socket) else {
                    close(socket)
                    break
                }
            }
            close(listener)
        }
    }

    deinit {
        stop()
    }

    /// Answers `method path` (query not compared) with `replies` in turn; the last one again and again.
    package func on(_ method: String, _ path: String, _ replies: Reply...) {
        precondition(!replies.isEmpty)
        respond(method, path) { _, use in replies[min(use, replies.count - 1)] }
    }

    /// Answers `method path` with what `reply` says to the request and to how many there were before it.
    package func respond(_ method: String, _ path: String, _ reply: @escaping @Sendable (Request, Int) -> Reply) {
        state.withLock { state in
            state.rules.removeAll { $0.method == method && $0.path == path }
            state.rules.append(Rule(method: method, path: path, reply: reply))
        }
    }

    /// Answers what there is no rule for.
    package func otherwise(_ reply: @escaping @Sendable (Request) -> Reply) {
        state.withLock { $0.fallback = reply }
    }

    /// Ends all connections; the port is free afterwards.
    package func stop() {
        state.withLock { state in
            guard !state.isStopped else { return }
            state.isStopped = true
            // Threads in read, poll or accept wake up and close their own descriptors.
            shutdown(listener, Int32(SHUT_RDWR))
            state.sockets.forEach { shutdown($0, Int32(SHUT_RDWR)) }
        }
    }

    private func adopt(_ socket: Int32) -> Bool {
        let number = state.withLock { state -> Int? in
            guard !state.isStopped else { return nil }
            state.sockets.insert(socket)
            state.connections += 1
            return state.connections
        }
        guard let number else { return false }
        // The thread must not keep the server alive: dropping the server stops it.
        let server = Weak(self)
        Thread.detach {
            var connection = FaultConnection(socket: socket, number: number)
            while let request = connection.readRequest(), let reply = server.value?.answer(request) {
                let outcome = connection.perform(reply)
                if outcome == .clientHungUp { server.value?.hangUps.append(number) }
                guard outcome == .done, reply.keepsConnection else { break }
            }
            // Out of the set first: the number may belong to another connection right after close.
            server.value?.forget(socket)
            close(socket)
        }
        return true
    }

    private func forget(_ socket: Int32) {
        state.withLock { state in
            _ = state.sockets.remove(socket)
        }
    }

    private func answer(_ request: Request) -> Reply {
        let rule = state.withLock { state -> (reply: @Sendable (Request, Int) -> Reply, use: Int)? in
            let match = state.rules.firstIndex { $0.method == request.method && $0.path == request.path }
            guard let match else { return state.fallback.map { fallback in ({ request, _ in fallback(request) }, 0) } }
            defer { state.rules[match].uses += 1 }
            return (state.rules[match].reply, state.rules[match].uses)
        }
        let reply = rule.map { $0.reply(request, $0.use) }
        // Logged once the answer is settled: a test that saw the request may change the rules.
        log.append(request)
        return reply
            ?? .json(#"{"error_code":"ENDPOINT_NOT_FOUND","message":"no rule for \#(request.path)"}"#, status: 404)
    }
}

/// A reference that a thread can hold without keeping the object.
private final class Weak<Object: AnyObject & Sendable>: @unchecked Sendable {
    private weak let object: Object?

    init(_ object: Object) {
        self.object = object
    }

    var value: Object? { object }
}
