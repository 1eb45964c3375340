import CEdit
import Glibc

/// The signal that asked the program to end: SIGTERM, or SIGHUP when the terminal is gone.
package struct Termination: Sendable, Equatable {
    package var signal: Int32

    /// What a shell reports for a process ended by this signal (POSIX XCU 2.8.2).
    package var exitStatus: Int32 { 128 + signal }
}

extension Interrupts {
    /// Ends the process, after everything is cleaned up. What a signal has ended ends by that signal, with the same `$?`: a
    /// shell stops its loop at Ctrl-C when the program in it dies of it (signal(7), bash(1)), and systemd calls SIGTERM a clean end.
    package func end(_ code: Int32) -> Never {
        let signal = termination?.signal ?? (wasInterrupted ? SIGINT : 0)
        if signal != 0, code == 128 + signal {
            cedit_signal_die(signal)  // comes back in process 1, which no signal ends
        }
        exit(code)
    }
}

/// A second Ctrl-C: the body of `Interrupts.cancelling` was left to itself while it was still cancelling. Whatever it started
/// goes on remotely.
package struct Detached: Error, Equatable {
    package init() {}
}
