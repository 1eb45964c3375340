import CEdit
import Glibc

/// The signal that asked the program to end: SIGTERM, or SIGHUP when the terminal is gone.
package struct Termination: Sendable, Equatable {
    package var signal: Int32

    /// What a shell reports for a process ended by this signal (POSIX XCU 2.8.2).
    package var exitStatus: Int32 { 128 + signal }

    /// Ends the process by this signal, so that the parent sees what happened. For the end of `main`, after cleaning up.
    package func exit() -> Never {
        cedit_signal_fatal(signal)
        raise(signal)
        Glibc.exit(exitStatus)  // the signal was ignored from the start (nohup)
    }
}

/// A second Ctrl-C: the body of `Interrupts.cancelling` was left to itself while it was still cancelling. Whatever it started
/// goes on remotely.
package struct Detached: Error, Equatable {
    package init() {}
}
