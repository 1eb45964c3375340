import CSpawn
import Glibc

/// The process that ends this server's children when the server is gone, however it went.
///
/// Children also end when their standard input closes, but code that never looks at it (a loop in C, a program started
/// by a cell) would stay; the guard kills whole process groups.
package final class ProcessGuard: Sendable {
    /// Nil after the end: the number may be another socket's then, and a child that is reaped late still has something to
    /// tell, which that socket's peer must not get.
    private let socket: Locked<Int32?>
    private let pid: pid_t

    /// - Throws: `StartError` when no process can be made.
    package init() throws(SystemCommand.StartError) {
        var pid: pid_t = 0
        let socket = spawn_guard(&pid)
        guard socket >= 0 else { throw SystemCommand.StartError(program: "dbsh-guard", code: errno) }
        self.pid = pid
        self.socket = Locked(socket)
    }

    /// The group is to end with the server: killed at once, or (`mayFinish`) after two seconds, in which it lets go of what it
    /// holds elsewhere.
    package func watch(_ group: pid_t, mayFinish: Bool = false) { tell(group, isAlive: true, mayFinish) }

    /// The group is over.
    package func forget(_ group: pid_t) { tell(group, isAlive: false) }

    private func tell(_ group: pid_t, isAlive: Bool, _ mayFinish: Bool = false) {
        socket.withLock { socket in
            if let socket { _ = spawn_guard_tell(socket, group, isAlive, mayFinish) }
        }
    }

    /// Ends the guard, and every group it still watches.
    package func stop() {
        let last = socket.withLock { socket in
            defer { socket = nil }
            return socket
        }
        guard let last else { return }
        close(last)
        _ = ExitStatus.reaping(pid)
    }
}
