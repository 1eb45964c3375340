extension Editor {
    /// Ctrl-Z: leaves the terminal as it was found, stops the process group, and comes back when it goes on.
    func suspend() {
        guard terminal.isRaw, let engine else { return }
        forgetMenu()
        if request?.read.kind == .secret { renderLast("") } else { renderLast(engine.buffer.text) }
        awaitReport()
        terminal.makeCooked()
        ProcessGroup.stop()
        mailbox.interrupts.catchScreenSignals(true)
        comeBack()
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
