import CEdit
import Glibc

extension EditorThread {
    /// Ctrl-Z: leaves the terminal as it was found, stops the process group, and comes back when it goes on.
    func suspend() {
        guard terminal.isRaw, let engine else { return }
        forgetMenu()
        if request?.read.kind == .secret { renderLast("") } else { renderLast(engine.buffer.text) }
        terminal.makeCooked()
        cedit_signal_default(SIGTSTP)
        kill(0, SIGTSTP)
        _ = cedit_signal_catch(SIGTSTP)
        comeBack()
    }

    /// SIGCONT, which also follows the stop above. Whoever ran in between may have changed the terminal.
    func continued() {
        if terminal.hasLostMode { comeBack() }
    }

    private func comeBack() {
        terminal.makeRaw()
        terminal.measure()
        screen.painter.forget()
        render()
    }

    /// The signals that concern a line being edited, and only while it is: at other times a stop needs no preparation.
    func catchScreenSignals(_ isOn: Bool) {
        for signal in [SIGWINCH, SIGTSTP, SIGCONT] {
            if isOn { _ = cedit_signal_catch(signal) } else { cedit_signal_default(signal) }
        }
    }
}
