import CEdit
import Glibc

/// What the editor's thread does from its start to its end.
extension Editor {
    func run() {
        let locale = cedit_thread_locale_utf8()  // libedit asks wcwidth(3) and iswprint(3)
        defer { cedit_thread_locale_end(locale) }
        terminal.open()
        if terminal.isOpen {
            cedit_signal_ignore(SIGTTOU)  // or setting the terminal's mode from the background would stop the process
        }
        if options.canEdit { openEngine() }
        while !mailbox.isClosing {
            wait(forInput: false)
            while let request = mailbox.nextRequest() { serve(request) }
        }
        engine = nil
        mirror = nil
        terminal.close()
        mailbox.finish()
    }

    private func serve(_ request: Mailbox.Request) {
        self.request = request
        stop = nil
        accepted = nil
        let interrupts = mailbox.interrupts
        interrupts.start()
        interrupts.takePendingInterrupt()
        let mailbox = mailbox
        let receiver = interrupts.enter { mailbox.post(.signal($0)) }
        if interrupts.termination != nil { stop = .terminated }
        keys.append(mailbox.takeTypeAhead(), droppingBeforeInterrupt: false)
        let result = read(request.read)
        mailbox.keep(typeAhead: Array(keys.takeRest()))
        interrupts.leave(receiver)
        self.request = nil
        if request.read.kind == .cell, case .line(let text) = result { options.history?.add(text) }
        mailbox.finish(request, result)
    }

    private func read(_ read: Read) -> ReadResult {
        // Not even a terminal without editing may show a secret.
        if read.kind == .secret, terminal.isOpen { return readSecretly(read) }
        return engine == nil ? readPlainly(read) : edit(read)
    }

    private func openEngine() {
        // Unretained: this object owns the engine, so it lives longer.
        let client = Unmanaged.passUnretained(self).toOpaque()
        let engine = Engine(program: options.programName, like: options.input, client: client) { line, out in
            Editor.of(line).getKey(out!)
        }
        guard let engine else { return }
        let editrc = Editrc(path: options.editrcPath)
        mirror = HistoryMirror(for: engine)
        engine.addCommands()
        editrc.apply(to: engine)
        // In vi mode a bound sequence would take ESC's meaning away, so there they never reach libedit.
        keys.leavesSequences = !engine.isVi && editrc.bindsSequences
        self.engine = engine
    }
}
