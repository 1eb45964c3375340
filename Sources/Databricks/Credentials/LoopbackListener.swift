import Glibc
import System

/// Waits on a port of this machine for the browser to come back from signing in (RFC 8252 §7.3), and meanwhile for somebody to paste
/// where it was sent: over SSH the browser runs elsewhere.
final class LoopbackListener: Sendable {
    /// What is to be made of an address that the browser was sent to.
    enum Verdict: Sendable {
        /// It is the answer; `page` is shown in the browser.
        case answer(page: String)
        case refuse(page: String)
        case notFound
    }

    let port: UInt16
    private let listening: [Int32]
    /// A pipe that is written to when nobody waits any more.
    private let alarm: (reading: Int32, writing: Int32)
    /// No request of a browser is longer.
    private static let longestRequest = 64 << 10

    /// Listens on the first of these ports that is free at both of this machine's addresses: browsers may take either for `localhost`.
    /// - Throws: `FileError` when none is.
    init(ports: ClosedRange<UInt16>) throws(FileError) {
        for port in ports {
            guard let sockets = Self.listen(on: port) else { continue }
            self.port = port
            listening = sockets
            var ends: [Int32] = [-1, -1]
            guard pipe(&ends) == 0 else { throw FileError(path: "a pipe", code: errno) }
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            alarm = (ends[0], ends[1])
            return
        }
        throw FileError(path: "port \(ports.lowerBound) to \(ports.upperBound)", code: EADDRINUSE, action: "listen on")
    }

    deinit {
        for descriptor in listening + [alarm.reading, alarm.writing] { close(descriptor) }
    }

    /// Waits for the answer: the query of an address that `judge` takes for it.
    /// - Parameters:
    ///   - input: a terminal on which addresses may be pasted, a line each.
    ///   - judge: called on a thread of the listener with the query of what was asked for, or nil for another path.
    /// - Throws: `CancellationError`.
    func answer(
        pastedOn input: Int32?, limit: Duration, _ judge: @escaping @Sendable (_ query: String?) -> Verdict
    ) async throws -> String? {
        let result: String? = try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let isStarted = BlockingThread.start(named: "login") { [self] in
                    var wait = Wait(listening: listening, alarm: alarm.reading, input: input, judge: judge)
                    continuation.resume(returning: wait.run(until: .now + limit))
                }
                if !isStarted { continuation.resume(throwing: CancellationError()) }
            }
        } onCancel: {
            write(alarm.writing, "x", 1)
        }
        try Task.checkCancellation()
        return result
    }

    private static func listen(on port: UInt16) -> [Int32]? {
        var four = sockaddr_in()
        four.sin_family = sa_family_t(AF_INET)
        four.sin_port = port.bigEndian
        four.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        guard let first = bound(AF_INET, &four) else { return nil }
        var six = sockaddr_in6()
        six.sin6_family = sa_family_t(AF_INET6)
        six.sin6_port = port.bigEndian
        six.sin6_addr = in6addr_loopback
        if let second = bound(AF_INET6, &six) { return [first, second] }
        // A machine without IPv6 has nothing there; somebody else's port could get our answer.
        guard errno != EADDRINUSE else {
            close(first)
            return nil
        }
        return [first]
    }

    private static func bound<Address>(_ family: Int32, _ address: inout Address) -> Int32? {
        let flags = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let descriptor = socket(family, flags, 0)
        guard descriptor >= 0 else { return nil }
        var one: Int32 = 1
        let size = socklen_t(MemoryLayout<Int32>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, size)
        if family == AF_INET6 { setsockopt(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &one, size) }
        let isBound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<Address>.size)) == 0
            }
        }
        if isBound, Glibc.listen(descriptor, 8) == 0 { return descriptor }
        let code = errno
        close(descriptor)
        errno = code
        return nil
    }

    /// One wait, on its thread.
    private struct Wait {
        let listening: [Int32]
        let alarm: Int32
        var input: Int32?
        let judge: @Sendable (String?) -> Verdict
        /// Connections, and what came on each so far. Browsers open some that they do not use.
        var connections: [Int32: [UInt8]] = [:]
        var typed: [UInt8] = []

        mutating func run(until deadline: ContinuousClock.Instant) -> String? {
            defer { for descriptor in connections.keys { close(descriptor) } }
            while true {
                let left = (deadline - .now) / .milliseconds(1)
                guard left > 0 else { return nil }
                let descriptors = listening + [alarm] + Array(connections.keys) + (input.map { [$0] } ?? [])
                var polled = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
                poll(&polled, nfds_t(polled.count), Int32(min(left + 1, 60_000)))
                for entry in polled where entry.revents != 0 {
                    if entry.fd == alarm { return nil }
                    if listening.contains(entry.fd) {
                        accept(from: entry.fd)
                    } else if let answer = entry.fd == input ? readLine(entry.fd) : readRequest(entry.fd) {
                        return answer
                    }
                }
            }
        }

        private mutating func accept(from listener: Int32) {
            let connection = Glibc.accept(listener, nil, nil)
            guard connection >= 0 else { return }
            _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
            _ = fcntl(connection, F_SETFL, fcntl(connection, F_GETFL) | O_NONBLOCK)
            connections[connection] = []
        }

        private mutating func readRequest(_ connection: Int32) -> String? {
            var piece = [UInt8](repeating: 0, count: 16 << 10)
            let count = read(connection, &piece, piece.count)
            if count < 0, errno == EAGAIN || errno == EINTR { return nil }
            var bytes = connections[connection] ?? []
            bytes += piece[..<max(0, count)]
            connections[connection] = bytes
            let text = String(decoding: bytes, as: UTF8.self)
            let isWhole = text.contains("\r\n\r\n")
            guard isWhole || count <= 0 || bytes.count > LoopbackListener.longestRequest else { return nil }
            defer {
                close(connection)
                connections[connection] = nil
            }
            guard isWhole else { return nil }
            // GET /?code=… HTTP/1.1
            let words = text.prefix { $0 != "\r\n" }.split(separator: " ")
            let query = words.count == 3 && words[0] == "GET" && words[1].hasPrefix("/?") ? words[1].dropFirst(2) : nil
            switch judge(query.map(String.init)) {
            case .answer(let page):
                reply("200 OK", page, on: connection)
                return query.map(String.init)
            case .refuse(let page): reply("400 Bad Request", page, on: connection)
            case .notFound: reply("404 Not Found", "", on: connection)
            }
            return nil
        }

        private func reply(_ status: String, _ page: String, on connection: Int32) {
            // The address has the code in it: it is to be told to nobody else.
            let head = """
                HTTP/1.1 \(status)\r
                Content-Type: text/html; charset=utf-8\r
                Content-Length: \(page.utf8.count)\r
                Cache-Control: no-store\r
                Referrer-Policy: no-referrer\r
                Connection: close\r
                \r

                """
            var rest = Array((head + page).utf8)[...]
            while !rest.isEmpty {
                let sent = rest.withUnsafeBytes { send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
                if sent < 0, errno == EINTR { continue }
                guard sent > 0 else { break }
                rest = rest.dropFirst(sent)
            }
            shutdown(connection, Int32(SHUT_WR))
        }

        /// A pasted address, whole or its query alone.
        private mutating func readLine(_ descriptor: Int32) -> String? {
            var piece = [UInt8](repeating: 0, count: 8 << 10)
            let count = read(descriptor, &piece, piece.count)
            if count < 0, errno == EINTR || errno == EAGAIN { return nil }
            guard count > 0 else {
                input = nil
                return nil
            }
            typed += piece[..<count]
            while let end = typed.firstIndex(of: UInt8(ascii: "\n")) {
                let line = String(decoding: typed[..<end], as: UTF8.self).trimmingSpaces()
                typed.removeSubrange(...end)
                guard !line.isEmpty else { continue }
                let query = String(line.firstIndex(of: "?").map { line[line.index(after: $0)...] } ?? line[...])
                if case .answer = judge(query) { return query }
            }
            return nil
        }
    }
}
