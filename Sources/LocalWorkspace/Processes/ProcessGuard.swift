import CSpawn
import Glibc

/// The process that ends this server's children when the server is gone, however it went.
///
/// Children also end when their standard input closes, but code that never looks at it (a loop in C, a program started
/// by a cell) would stay; the guard kills whole process groups.
final class ProcessGuard: Sendable {
    private let socket: Int32
    private let pid: pid_t

    /// - Throws: `LocalWorkspaceError` when no process can be made.
    init() throws {
        var pid: pid_t = 0
        socket = spawn_guard(&pid)
        guard socket >= 0 else {
            let reason = String(cString: strerror(errno))
            throw LocalWorkspaceError("The local workspace cannot start a process: \(reason).")
        }
        self.pid = pid
    }

    /// The group is to be killed with the server.
    func watch(_ group: pid_t) { _ = spawn_guard_tell(socket, group, true) }

    /// The group is over.
    func forget(_ group: pid_t) { _ = spawn_guard_tell(socket, group, false) }

    /// Ends the guard, and every group it still watches.
    func stop() {
        close(socket)
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
    }
}
