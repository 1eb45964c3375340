import Glibc
import System

/// Passes the bytes of a connection on to a port of this machine, both ways, until either side ends.
enum Relay {
    private static let pieceSize = 1 << 16

    /// Takes the connection over, on a thread of its own.
    static func start(_ connection: Int32, to port: UInt16) {
        guard let other = connected(to: port) else {
            close(connection)
            return
        }
        let run: @Sendable () -> Void = {
            pass(between: connection, and: other)
            close(connection)
            close(other)
        }
        if !BlockingThread.start(named: "relay", stackSize: 256 << 10, run) {
            close(connection)
            close(other)
        }
    }

    private static func connected(to port: UInt16) -> Int32? {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        // sockaddr_in is a sockaddr to connect(2), of this length.
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isConnected else {
            close(descriptor)
            return nil
        }
        var yes: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
        return descriptor
    }

    private static func pass(between one: Int32, and other: Int32) {
        // What is read is written whole before more is read: a slow reader slows its writer, and nothing piles up here.
        for descriptor in [one, other] { _ = fcntl(descriptor, F_SETFL, 0) }
        var piece = [UInt8](repeating: 0, count: pieceSize)
        while true {
            var polled = [one, other].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            guard poll(&polled, 2, -1) >= 0 || errno == EINTR else { return }
            for (from, to) in [(0, other), (1, one)] where polled[from].revents != 0 {
                let count = recv(polled[from].fd, &piece, piece.count, Int32(MSG_DONTWAIT))
                if count < 0, errno == EAGAIN || errno == EINTR { continue }
                guard count > 0, write(piece, count, to: to) else { return }
            }
        }
    }

    private static func write(_ bytes: [UInt8], _ count: Int, to descriptor: Int32) -> Bool {
        var sent = 0
        while sent < count {
            let written = bytes.withUnsafeBytes {
                send(descriptor, $0.baseAddress! + sent, count - sent, Int32(MSG_NOSIGNAL))
            }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { return false }
            sent += written
        }
        return true
    }
}
