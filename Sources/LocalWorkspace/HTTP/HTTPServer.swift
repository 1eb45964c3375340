import CMicrohttpd
import Glibc
import System

/// libmicrohttpd with an async handler: a request suspends its connection until the handler has answered, so that
/// waiting costs no thread.
final class HTTPServer: Sendable {
    typealias Handler = @Sendable (HTTPRequest) async -> HTTPResponse

    /// A C pointer that goes from the daemon's thread to a task and back; libmicrohttpd allows resuming from any
    /// thread.
    fileprivate struct Handle: @unchecked Sendable, Hashable {
        let pointer: OpaquePointer
    }

    private struct State {
        var daemon: Handle?
        var suspended: Set<Handle> = []
        var stopping = false
    }

    /// The largest body taken, in bytes: a statement of 16 MiB (API README) with its quotes and escapes.
    static let bodyLimit = 36 << 20

    private let handler: Handler
    private let bodyFile: @Sendable (HTTPRequest) -> String?
    private let state = Locked(State())
    private let listener = Locked<Listener?>(nil)

    /// Starts to serve on 127.0.0.1.
    /// - Parameters:
    ///   - port: 0 takes a free one.
    ///   - bodyFile: where the body of a request is written to, whatever its size; nil keeps it in memory.
    ///   - http2: gets the connections that speak HTTP/2, and closes them.
    /// - Throws: `LocalWorkspaceError` when libmicrohttpd is missing or the port cannot be had.
    init(
        port: UInt16, bodyFile: @escaping @Sendable (HTTPRequest) -> String? = { _ in nil },
        http2: (@Sendable (Int32) -> Void)? = nil, handler: @escaping Handler
    ) throws {
        self.handler = handler
        self.bodyFile = bodyFile
        if let reason = microhttpd_open() {
            throw LocalWorkspaceError(
                "The local workspace needs libmicrohttpd: \(String(cString: reason)).",
                hint: "Debian has it as libmicrohttpd12.")
        }
        // The daemon calls back with this object, and so holds it, until it is stopped.
        let held = Unmanaged.passRetained(self)
        let daemon = microhttpd_start(
            held.toOpaque(),
            { context, connection, path, method, piece, size, slot in
                Unmanaged<HTTPServer>.fromOpaque(context).takeUnretainedValue()
                    .access(Handle(pointer: connection), path, method, piece, size, slot)
            },
            { slot in
                if let exchange = slot.pointee { Unmanaged<Exchange>.fromOpaque(exchange).release() }
                slot.pointee = nil
            })
        guard let daemon else {
            held.release()
            throw LocalWorkspaceError("libmicrohttpd did not start: \(String(cString: strerror(errno))).")
        }
        let handle = Handle(pointer: daemon)
        state.withLock { $0.daemon = handle }
        do {
            let listener = try Listener(port: port, accept: { [weak self] in self?.add($0) }, acceptHTTP2: http2)
            self.listener.withLock { $0 = listener }
        } catch {
            microhttpd_stop(daemon)
            held.release()
            throw error
        }
    }

    /// The port served.
    var port: UInt16 { listener.withLock { $0?.port ?? 0 } }

    /// Closes every connection and frees the port. Requests still being handled get no answer.
    func stop() {
        listener.withLock { $0?.stop() }
        let daemon = state.withLock { state in
            // libmicrohttpd wants suspended connections resumed before it stops.
            state.stopping = true
            state.suspended.forEach { microhttpd_resume($0.pointer) }
            state.suspended = []
            defer { state.daemon = nil }
            return state.daemon
        }
        guard let daemon else { return }
        microhttpd_stop(daemon.pointer)
        Unmanaged.passUnretained(self).release()
    }

    private func add(_ descriptor: Int32) {
        let added = state.withLock { state in
            guard let daemon = state.daemon, !state.stopping else { return false }
            var address = sockaddr(sa_family: sa_family_t(AF_INET), sa_data: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
            microhttpd_add_connection(
                daemon.pointer, descriptor, &address, socklen_t(MemoryLayout<sockaddr_in>.size))
            return true
        }
        if !added { close(descriptor) }
    }

    /// On the daemon's thread: header, pieces of body, end; and once more after the connection was resumed.
    private func access(
        _ connection: Handle, _ path: UnsafePointer<CChar>, _ method: UnsafePointer<CChar>,
        _ piece: UnsafePointer<CChar>?, _ size: UnsafeMutablePointer<Int>,
        _ slot: UnsafeMutablePointer<UnsafeMutableRawPointer?>
    ) -> Bool {
        guard let known = slot.pointee else {
            let exchange = Exchange(
                connection.pointer, path: String(cString: path), method: String(cString: method), bodyFile)
            slot.pointee = Unmanaged.passRetained(exchange).toOpaque()
            return true
        }
        let exchange = Unmanaged<Exchange>.fromOpaque(known).takeUnretainedValue()
        if size.pointee > 0 {
            exchange.append(UnsafeRawBufferPointer(start: piece, count: size.pointee))
            size.pointee = 0
            return true
        }
        if let response = exchange.response { return send(response, on: connection) }
        return suspend(connection, for: exchange)
    }

    private func suspend(_ connection: Handle, for exchange: Exchange) -> Bool {
        let suspended = state.withLock { state in
            guard !state.stopping else { return false }
            microhttpd_suspend(connection.pointer)
            state.suspended.insert(connection)
            return true
        }
        guard suspended else { return false }
        let request = exchange.request
        Task {
            exchange.response = await handler(request)
            state.withLock { state in
                if state.suspended.remove(connection) != nil { microhttpd_resume(connection.pointer) }
            }
        }
        return true
    }

    private func send(_ response: HTTPResponse, on connection: Handle) -> Bool {
        guard let queued = Self.queueable(response.body) else { return false }
        for header in response.headers { microhttpd_add_header(queued, header.name, header.value) }
        return microhttpd_send(connection.pointer, UInt32(response.status), queued)
    }

    private static func queueable(_ body: HTTPResponse.Body) -> OpaquePointer? {
        switch body {
        case .bytes(let bytes):
            // The bytes are copied before the closure ends.
            return bytes.withUnsafeBytes { microhttpd_response_bytes($0.baseAddress, $0.count) }
        case .file(let path, let offset, let count):
            let descriptor = open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { return nil }
            return microhttpd_response_file(descriptor, UInt64(offset), UInt64(count))
        }
    }
}

/// One request on its way: filled by the daemon's thread, answered by one task.
private final class Exchange: Sendable {
    private let content: Locked<(request: HTTPRequest, response: HTTPResponse?)>
    /// Of the file that the body is written to; -1 when there is none.
    private let descriptor: Int32

    /// Reads what libmicrohttpd knows of the request; `connection` is not kept.
    init(
        _ connection: OpaquePointer, path: String, method: String, _ bodyFile: @Sendable (HTTPRequest) -> String?
    ) {
        var request = HTTPRequest()
        request.path = path
        request.method = method
        request.id = Random.uuid()
        // Both calls use the pointer only until they return.
        withUnsafeMutablePointer(to: &request) { pointer in
            microhttpd_headers(connection, pointer) { context, name, value in
                let request = context.assumingMemoryBound(to: HTTPRequest.self)
                request.pointee.headers.append((String(cString: name), value.map { String(cString: $0) } ?? ""))
            }
            microhttpd_arguments(connection, pointer) { context, name, value in
                let request = context.assumingMemoryBound(to: HTTPRequest.self)
                request.pointee.query.append((String(cString: name), value.map { String(cString: $0) } ?? ""))
            }
        }
        var descriptor: Int32 = -1
        if let file = bodyFile(request) {
            descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
            if descriptor >= 0 { request.bodyFile = file }
        }
        self.descriptor = descriptor
        content = Locked((request, nil))
    }

    deinit {
        guard descriptor >= 0 else { return }
        close(descriptor)
        if let file = request.bodyFile { unlink(file) }
    }

    var request: HTTPRequest { content.withLock { $0.request } }

    var response: HTTPResponse? {
        get { content.withLock { $0.response } }
        set { content.withLock { $0.response = newValue } }
    }

    func append(_ piece: UnsafeRawBufferPointer) {
        guard descriptor < 0 else { return write(piece) }
        content.withLock { content in
            guard !content.request.bodyTooLong else { return }
            guard content.request.body.count + piece.count <= HTTPServer.bodyLimit else {
                content.request.body = []
                content.request.bodyTooLong = true
                return
            }
            content.request.body.append(contentsOf: piece)
        }
    }

    /// A body that finds no room counts as too long.
    private func write(_ piece: UnsafeRawBufferPointer) {
        var rest = piece[...]
        while !rest.isEmpty {
            let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return content.withLock { $0.request.bodyTooLong = true } }
            rest = rest.dropFirst(count)
        }
    }
}
