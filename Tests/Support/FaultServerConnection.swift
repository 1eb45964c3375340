import Glibc

/// One connection of a `FaultServer`: reads requests, performs replies. Blocking, on its own thread.
struct FaultConnection {
    enum Outcome {
        case done
        /// The client closed its end while the server had nothing to say.
        case clientHungUp
        case broken
    }

    let socket: Int32
    let number: Int
    private var input: [UInt8] = []

    init(socket: Int32, number: Int) {
        self.socket = socket
        self.number = number
    }

    // MARK: Reading

    /// The next whole request; nil at the end of the connection or when it makes no sense.
    mutating func readRequest() -> FaultServer.Request? {
        // A TLS handshake is no request; it need not hold a line end that readLine could wait for.
        while input.isEmpty {
            guard readMore() else { return nil }
        }
        guard (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(input[0]), let first = readLine() else { return nil }
        let words = first.split(separator: " ")
        guard words.count == 3 else { return nil }
        var request = FaultServer.Request()
        (request.method, request.target, request.connection) = (String(words[0]), String(words[1]), number)
        while let line = readLine(), !line.isEmpty {
            let name = line.prefix { $0 != ":" }
            let value = line[name.endIndex...].dropFirst().drop { $0 == " " }
            request.headers.append((String(name), String(value)))
        }
        if request["expect"]?.lowercased() == "100-continue" { _ = send(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)) }
        guard let body = readBody(request) else { return nil }
        request.body = body
        return request
    }

    private mutating func readBody(_ request: FaultServer.Request) -> [UInt8]? {
        if let length = request["content-length"].flatMap({ Int($0) }) { return read(length) }
        guard request["transfer-encoding"]?.lowercased() == "chunked" else { return [] }
        var body: [UInt8] = []
        while let line = readLine(), let length = Int(line.prefix { $0 != ";" }, radix: 16) {
            guard let chunk = read(length), readLine() != nil else { return nil }
            if length == 0 { return body }
            body += chunk
        }
        return nil
    }

    private mutating func readLine() -> String? {
        while true {
            if let end = input.firstIndex(of: 0x0A) {
                var line = input[..<end]
                if line.last == 0x0D { line = line.dropLast() }
                defer { input.removeFirst(end + 1) }
                return String(decoding: line, as: UTF8.self)
            }
            guard readMore() else { return nil }
        }
    }

    private mutating func read(_ count: Int) -> [UInt8]? {
        while input.count < count {
            guard readMore() else { return nil }
        }
        defer { input.removeFirst(count) }
        return Array(input[..<count])
    }

    private mutating func readMore() -> Bool {
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        let count = recv(socket, &piece, piece.count, 0)
        guard count > 0 else { return false }
        input += piece[..<count]
        return true
    }

    // MARK: Writing

    func perform(_ reply: FaultServer.Reply) -> Outcome {
        for step in reply.steps {
            switch step {
            case .bytes(let bytes):
                // The server never closes its side before its last step, so the client has.
                guard send(bytes) else { return .clientHungUp }
            case .wait(let duration):
                if clientHangsUp(within: duration) { return .clientHungUp }
            case .hold:
                return clientHangsUp(within: nil) ? .clientHungUp : .broken
            case .until(let gate):
                guard gate.pass() else { return .broken }
            case .drop:
                return .broken
            case .reset:
                // Closing with a linger time of zero sends RST instead of FIN (socket(7)).
                var option = linger(l_onoff: 1, l_linger: 0)
                setsockopt(socket, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
                return .broken
            }
        }
        return .done
    }

    private func send(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { buffer in
            var sent = 0
            while sent < buffer.count {
                let count = Glibc.send(socket, buffer.baseAddress! + sent, buffer.count - sent, Int32(MSG_NOSIGNAL))
                guard count > 0 else { return false }
                sent += count
            }
            return true
        }
    }

    /// Waits for the time to pass, or for the client to close the connection, which this then tells.
    private func clientHangsUp(within duration: Duration?) -> Bool {
        let milliseconds = duration.map {
            Int32($0.components.seconds * 1000 + $0.components.attoseconds / 1_000_000_000_000_000)
        }
        // POLLRDHUP (poll(2)): the other end has closed, or will send nothing more.
        let hungUp = Int16(0x2000 | POLLHUP | POLLERR)
        var descriptor = pollfd(fd: socket, events: Int16(0x2000), revents: 0)
        return poll(&descriptor, 1, milliseconds ?? -1) > 0 && descriptor.revents & hungUp != 0
    }
}

/// The few socket calls the server needs.
package enum Socket {
    struct Failure: Error {
        let reason: String
    }

    /// A listening socket on 127.0.0.1, and the free port it got.
    static func listen() throws -> (descriptor: Int32, port: Int) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            // sockaddr_in is a sockaddr of family AF_INET (ip(7)).
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && Glibc.listen(descriptor, 128) == 0
                    && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard isListening else { throw Failure(reason: String(cString: strerror(errno))) }
        return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
    }

    /// The next connection; nil when the listener was shut down.
    static func accept(_ listener: Int32) -> Int32? {
        while true {
            let socket = Glibc.accept(listener, nil, nil)
            if socket >= 0 {
                var on: Int32 = 1
                setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
                return socket
            }
            guard errno == EINTR || errno == ECONNABORTED else { return nil }
        }
    }

    /// A port on which nobody listens (any more).
    package static func unusedPort() throws -> Int {
        let (descriptor, port) = try listen()
        close(descriptor)
        return port
    }
}

/// Threads that nobody joins.
enum Thread {
    private final class Work {
        let run: () -> Void

        init(_ run: @escaping () -> Void) {
            self.run = run
        }
    }

    /// Runs `work` on a new thread. Blocking calls must not hold a thread of the cooperative pool.
    static func detach(_ work: @escaping @Sendable () -> Void) {
        var thread = pthread_t()
        let context = Unmanaged.passRetained(Work(work))
        let code = pthread_create(
            &thread, nil,
            { context in
                Unmanaged<Work>.fromOpaque(context!).takeRetainedValue().run()
                return nil
            }, context.toOpaque())
        precondition(code == 0, "no thread: \(String(cString: strerror(code)))")
        pthread_detach(thread)
    }
}
