import CEdit
import Glibc

/// Reading with editing, and the keys that libedit gets.
extension Editor {
    /// Reads with editing.
    func edit(_ read: Read) -> ReadResult {
        guard let engine else { return .endOfFile }
        prepare(read)
        takeTerminal()
        let isText = engine.readLine()  // everything happens in getKey
        let text = accepted ?? (isText ? engine.buffer.text : "")
        return leave(with: engine, text: text, isText: accepted != nil || isText)
    }

    private func prepare(_ read: Read) {
        options.history?.refresh()
        if let history = options.history { mirror?.catchUp(with: history) }
        history = HistoryWalk(
            entries: read.kind == .cell ? options.history?.entries ?? [] : [],
            ranking: options.history?.ranking ?? .none)
        undo = UndoStack()
        forgetMenu()
        endCompletion()
        told = ""
        notice = nil
        remark = nil
        goal = nil
        initialText = read.text
    }

    func takeTerminal() {
        mailbox.interrupts.catchScreenSignals(true)
        terminal.measure()
        screen.painter.forget()
        terminal.makeRaw(marksPastes: engine != nil)
    }

    /// - Parameter showsInput: whether the terminal shows what is typed from now on, also where it is kept for the next read.
    func giveTerminalBack(showsInput: Bool = false) {
        awaitReport()
        terminal.makeCooked(showsInput: showsInput || !options.hidesTypeAhead)
        mailbox.interrupts.catchScreenSignals(false)
    }

    private func leave(with engine: Engine, text: String, isText: Bool) -> ReadResult {
        defer { giveTerminalBack() }
        forgetMenu()
        endCompletion()
        notice = nil
        if isText {
            let cell = Self.withoutTrailingBlankLines(text)
            renderLast(cell)
            return .line(cell)
        }
        switch stop {
        case .interrupted:
            renderLast(engine.buffer.text, suffix: "^C")
            return .interrupted
        case .terminated:
            renderLast(engine.buffer.text)
            return .terminated
        case .endOfInput, nil:
            renderLast(engine.buffer.text)
            return .endOfFile
        }
    }

    static func withoutTrailingBlankLines(_ text: String) -> String {
        guard let lastInk = text.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        guard let newline = text[lastInk...].firstIndex(of: "\n") else { return text }
        return String(text[..<newline])
    }

    /// The width's answer may still be on its way when the first line ends quickly. It must not reach whoever reads next. A terminal
    /// that has not answered by then never will.
    func awaitReport() {
        guard keys.awaitsReport, mayWaitForReport, stop != .endOfInput else { return }
        mayWaitForReport = false
        if wait(forInput: true, milliseconds: 100) == .input { takeInput() }
    }

    /// Takes in what has come, and answers to questions out of it.
    func takeInput() {
        readInput()
        if let column = keys.takeReport() { screen.setWidthPolicy(reportedColumn: column) }
    }

    // MARK: - Keys

    /// In a longer text, several keys that come at once are undone at once: looking at all of it for each key would take too long.
    private static let longestFineUndo = 10_000

    /// libedit wants a key (EL_GETCFN): 1 and the key, 0 at the end of the input, -1 to end the reading from any depth.
    func getKey(_ out: UnsafeMutablePointer<wchar_t>) -> Int32 {
        guard let engine else { return -1 }
        engine.repairCursor()
        if let text = initialText {
            initialText = nil
            if !text.isEmpty { _ = engine.insert(text) }
        }
        if engine.count <= Self.longestFineUndo { undo.record(engine.buffer) }
        while true {
            while let key = keys.next() {
                if let scalar = act(on: key) {
                    out.pointee = wchar_t(bitPattern: scalar.value)
                    return 1
                }
                if stop != nil { break }
            }
            if let stop { return stop == .endOfInput ? 0 : -1 }
            takeLateAnswer()
            // Drawn only when there is nothing more to do: a burst of keys is one picture.
            if !screen.isResizing { render() }
            if screen.mustAskForWidth { askForWidth() }
            guard let key = waitForKey() else { continue }
            out.pointee = wchar_t(bitPattern: key.value)
            return 1
        }
    }

    /// Waits for input. Only a lone ESC becomes a key here, when nothing follows it soon.
    private func waitForKey() -> Unicode.Scalar? {
        switch wait(forInput: true, milliseconds: longestWait) {
        case .input:
            readInput()
            if screen.isResizing { settleSize() }
        case .message: break
        case .timeout:
            if let key = keys.takeLoneEscape() { return act(on: key) }
            settleSize()
        }
        return nil
    }

    private var longestWait: Int32 {
        if keys.isWithinEscape { return 40 }
        return screen.isResizing ? Int32(options.resizeDelay / .milliseconds(1)) : -1
    }

    /// What is a key for libedit; everything else is dealt with.
    func act(on key: KeyDecoder.Key) -> Unicode.Scalar? {
        switch key {
        // These mean nothing to a line.
        case .scalar(PrivateKey.pageUp.scalar), .scalar(PrivateKey.pageDown.scalar): break
        case .scalar(let scalar): return scalar
        case .interrupt: stop = stop ?? .interrupted
        case .suspend: suspend()
        case .cursorReport(let column):
            keys.awaitsReport = false
            screen.setWidthPolicy(reportedColumn: column)
        }
        return nil
    }

    private func askForWidth() {
        keys.awaitsReport = true
        terminal.emit(screen.askForWidth())
        render()
    }
}
