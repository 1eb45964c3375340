import Glibc

/// How a process ended.
package enum ExitStatus: Sendable, Equatable, CustomStringConvertible {
    case exited(Int32)
    case signalled(Int32)

    /// From the status of waitpid(2), whose WIFEXITED, WEXITSTATUS and WTERMSIG are macros.
    init(waitStatus: Int32) {
        let signal = waitStatus & 0x7F
        self = signal == 0 ? .exited((waitStatus >> 8) & 0xFF) : .signalled(signal)
    }

    /// As a shell would report it in `$?`.
    package var exitStatus: Int32 {
        switch self {
        case .exited(let status): status
        case .signalled(let signal): 128 + signal
        }
    }

    package var description: String {
        switch self {
        case .exited(let status): "it exited with status \(status)"
        case .signalled(let signal): "it was ended by signal \(signal) (\(String(cString: strsignal(signal))))"
        }
    }

    /// Waits until a child has ended, and reaps it. Blocks.
    static func reaping(_ pid: pid_t) -> ExitStatus {
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        return ExitStatus(waitStatus: status)
    }

    /// Waits until a child has ended, without blocking the caller's thread. Cancelling the task sends SIGTERM to it
    /// and to those that it has started: `sh` does not pass it on.
    package static func of(_ pid: pid_t) async -> ExitStatus {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let wait: @Sendable () -> Void = { continuation.resume(returning: reaping(pid)) }
                if !BlockingThread.start(named: "wait", stackSize: 64 << 10, wait) { wait() }
            }
        } onCancel: {
            terminate(pid)
        }
    }

    /// Those that a process has started come after it, so that it starts no other for one that is gone.
    private static func terminate(_ pid: pid_t) {
        let children = (try? Files.read("/proc/\(pid)/task/\(pid)/children")) ?? []
        kill(pid, SIGTERM)
        for child in children.split(separator: 0x20).compactMap({ pid_t(String(decoding: $0, as: UTF8.self)) }) {
            terminate(child)
        }
    }
}
