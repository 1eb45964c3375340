import Glibc
import System

/// Accepts connections on 127.0.0.1 and hands each over once its first byte has come.
///
/// A client that was given a host without scheme speaks TLS, waits for an answer this server cannot give, and a
/// Databricks SDK waits for five minutes. Its first byte (0x16, a TLS handshake record, RFC 8446 section 5.1) tells:
/// such a connection is closed at once. One that begins with HTTP/2 (its preface, RFC 9113 section 3.4) is gRPC's, and
/// goes where that is spoken: a workspace has both on one port.
final class Listener: Sendable {
    /// The port listened on.
    let port: UInt16
    private let socket: Int32
    private let wakeUp: (reading: Int32, writing: Int32)
    private let accept: @Sendable (Int32) -> Void
    private let acceptHTTP2: (@Sendable (Int32) -> Void)?

    private static let tlsHandshake: UInt8 = 0x16
    /// No method of HTTP/1 that the API has begins like that.
    private static let preface = Array("PRI".utf8)
    /// How long a silent connection is kept, in milliseconds.
    private static let silenceLimit = 60_000

    /// Binds `port` (0: a free one) and starts accepting on a thread of its own.
    /// - Parameters:
    ///   - accept: receives each connection's descriptor, and with it the duty to close it.
    ///   - acceptHTTP2: the same for HTTP/2; without it such a connection is one like any other.
    /// - Throws: `LocalWorkspaceError` when the port cannot be had.
    init(
        port: UInt16, accept: @escaping @Sendable (Int32) -> Void, acceptHTTP2: (@Sendable (Int32) -> Void)? = nil
    ) throws {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard socket >= 0 else { throw Self.failure("socket") }
        Self.prepare(socket)
        var yes: Int32 = 1
        setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        // sockaddr_in is a sockaddr to bind(2) and getsockname(2); both stay within `length`.
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, length) == 0 && listen(socket, 128) == 0 && getsockname(socket, $0, &length) == 0
            }
        }
        var pipe: [Int32] = [0, 0]
        guard bound, Glibc.pipe(&pipe) == 0 else {
            let error = Self.failure("port \(port)")
            close(socket)
            throw error
        }
        pipe.forEach(Self.prepare)
        self.socket = socket
        self.port = UInt16(bigEndian: address.sin_port)
        self.accept = accept
        self.acceptHTTP2 = acceptHTTP2
        wakeUp = (pipe[0], pipe[1])
        guard BlockingThread.start(named: "listener", { self.run() }) else {
            errno = EAGAIN
            let error = Self.failure("thread")
            for descriptor in [socket, wakeUp.reading, wakeUp.writing] { close(descriptor) }
            throw error
        }
    }

    /// Stops accepting. Connections already handed over are not touched.
    func stop() { close(wakeUp.writing) }

    private static func failure(_ what: String) -> LocalWorkspaceError {
        let reason = String(cString: strerror(errno))
        return LocalWorkspaceError("The local workspace cannot listen on 127.0.0.1 (\(what)): \(reason).")
    }

    /// Descriptors belong to this process only and never block the loop.
    private static func prepare(_ descriptor: Int32) {
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    }

    private func run() {
        var silent: [(descriptor: Int32, since: WallTime)] = []
        while true {
            var polled = ([wakeUp.reading, socket] + silent.map(\.descriptor)).map {
                pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
            }
            let count = poll(&polled, nfds_t(polled.count), silent.isEmpty ? -1 : Int32(Self.silenceLimit))
            if count < 0, errno != EINTR { break }
            if polled[0].revents != 0 { break }
            let now = WallTime.now
            silent = zip(silent, polled.dropFirst(2)).compactMap { connection, poll in
                if poll.revents != 0 { return classify(connection.descriptor) ? nil : connection }
                guard now.milliseconds - connection.since.milliseconds < Self.silenceLimit else {
                    close(connection.descriptor)
                    return nil
                }
                return connection
            }
            while true {
                let descriptor = Glibc.accept(socket, nil, nil)
                guard descriptor >= 0 else {
                    // Out of descriptors: the connection stays in the queue, and asking again at once would not help.
                    if errno == EMFILE || errno == ENFILE { poll(nil, 0, 100) }
                    break
                }
                Self.prepare(descriptor)
                var yes: Int32 = 1
                setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
                if !classify(descriptor) { silent.append((descriptor, now)) }
            }
        }
        silent.forEach { close($0.descriptor) }
        close(socket)
        close(wakeUp.reading)
    }

    /// Looks at the first bytes without taking them: hands the connection over or closes it. False when nothing came yet.
    private func classify(_ descriptor: Int32) -> Bool {
        var first = [UInt8](repeating: 0, count: Self.preface.count)
        let count = recv(descriptor, &first, first.count, Int32(MSG_PEEK))
        if count < 0, errno == EAGAIN || errno == EINTR { return false }
        if count < 1 || first[0] == Self.tlsHandshake {
            close(descriptor)
        } else if let acceptHTTP2, first == Self.preface {
            acceptHTTP2(descriptor)
        } else {
            accept(descriptor)
        }
        return true
    }
}
