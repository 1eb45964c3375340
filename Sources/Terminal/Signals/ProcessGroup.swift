import CEdit
import Glibc

/// This process and the rest of its pipeline.
enum ProcessGroup {
    /// Stops it, as Ctrl-Z does, until it is told to go on. SIGTSTP has its default meaning afterwards.
    ///
    /// For this process it uses raise(3), which stops it before it returns. What kill(2) sends to a process with several threads may be
    /// taken by another one, some time after kill has returned: by then the signal is caught again, and would stop the process once
    /// more, and again.
    static func stop() {
        cedit_signal_ignore(SIGTSTP)
        kill(0, SIGTSTP)
        cedit_signal_default(SIGTSTP)
        // Threads that Swift's own have started block signals.
        var stop = sigset_t()
        var before = sigset_t()
        sigemptyset(&stop)
        sigaddset(&stop, SIGTSTP)
        pthread_sigmask(SIG_UNBLOCK, &stop, &before)
        raise(SIGTSTP)
        pthread_sigmask(SIG_SETMASK, &before, nil)
    }
}
