import CEdit
import Glibc

extension Editor {
    /// Ctrl-Z: leaves the terminal as it was found, stops the process group, and comes back when it goes on.
    func suspend() {
        guard terminal.isRaw, let engine else { return }
        forgetMenu()
        if request?.read.kind == .secret { renderLast("") } else { renderLast(engine.buffer.text) }
        awaitReport()
        terminal.makeCooked()
        stopProcessGroup()
        mailbox.interrupts.catchScreenSignals(true)
        comeBack()
    }

    /// Stops the rest of a pipeline, and this process. For itself it uses raise(3), which stops the process before it returns. What
    /// kill(2) sends to a process with several threads may be taken by another one, some time after kill has returned: by then the
    /// signal is caught again, and would stop the shell once more, and again.
    private func stopProcessGroup() {
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

    /// SIGCONT, which also follows the stop above. Whoever ran in between may have changed the terminal.
    func continued() {
        if terminal.hasLostMode { comeBack() }
    }

    private func comeBack() {
        terminal.makeRaw(marksPastes: engine != nil)
        terminal.measure()
        screen.painter.forget()
        render()
    }
}
