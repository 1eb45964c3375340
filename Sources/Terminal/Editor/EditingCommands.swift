/// Commands that change the text, a cluster or a line at a time.
extension Editor {
    /// The width of one step of indentation, for deleting it as one.
    private static let indentationStep = 4

    func insert(_ text: String) -> UInt8 {
        guard let engine, engine.insert(text) else { return beep() }
        return Answer.refresh
    }

    /// Enter: hands the text in, or opens a line when it is not complete.
    func enter() -> UInt8 {
        guard let engine else { return Answer.error }
        let text = engine.buffer.text
        let isDone =
            request?.read.kind != .cell || !text.contains { !$0.isWhitespace } || options.isComplete(text) == .complete
        guard isDone else {
            let answer = openLine()
            if let words = options.remark?(text) { remark = (words, engine.buffer) }
            return answer
        }
        accepted = text
        return Answer.done
    }

    /// Opens a line with the indentation that what stands before it asks for, else with that of the line before.
    func openLine() -> UInt8 {
        guard let buffer = engine?.buffer else { return Answer.error }
        guard request?.read.kind == .cell else { return beep() }
        var indentation = buffer.indentation
        if case .incomplete(_, let wanted) = options.isComplete(buffer.textBeforeCursor) { indentation = wanted }
        return insert("\n" + String(repeating: " ", count: indentation))
    }

    func backspace() -> UInt8 {
        guard let engine else { return Answer.error }
        let buffer = engine.buffer
        guard buffer.cursor > 0 else { return Answer.error }
        let indentation = buffer.indentation
        let start = buffer.lineStart(of: buffer.cursor)
        if start > 0, indentation > 0, start + indentation == buffer.cursor {
            engine.deleteBeforeCursor((indentation - 1) % Self.indentationStep + 1)
        } else {
            engine.deleteBeforeCursor(buffer.cursor - buffer.clusterStart(before: buffer.cursor))
        }
        return Answer.refresh
    }

    func delete() -> UInt8 {
        guard let engine else { return Answer.error }
        let buffer = engine.buffer
        guard buffer.cursor < buffer.count else { return Answer.error }
        engine.replace(buffer.cursor..<buffer.clusterEnd(after: buffer.cursor), with: "")
        return Answer.refresh
    }

    /// Ctrl-D: on an empty text the end of file.
    func deleteOrEnd() -> UInt8 {
        engine?.buffer.isEmpty == true ? Answer.endOfFile : delete()
    }

    /// Hands the text to the user's own editor, which has the terminal until it ends.
    func editElsewhere() -> UInt8 {
        guard let engine, let edit = options.editElsewhere, request?.read.kind == .cell else { return beep() }
        let (text, mailbox) = (engine.buffer.text, mailbox)
        forgetMenu()
        terminal.emit(screen.painter.erase())
        giveTerminalBack(showsInput: true)
        edited = nil
        Task { mailbox.post(.edited(await edit(text))) }
        while stop == nil, edited == nil { wait(forInput: false) }
        takeTerminal()
        guard let new = edited ?? nil else { return Answer.refreshAndBeep }
        let fits = engine.replaceAll(with: Self.withoutTrailingBlankLines(new))
        if !fits { engine.replaceAll(with: text) }
        return fits ? Answer.refresh : Answer.refreshAndBeep
    }

    /// Shows something on the whole screen until it is left; the line stays as it is.
    func browse() -> UInt8 {
        guard let browse = options.browse, request?.read.kind == .cell else { return beep() }
        let mailbox = mailbox
        forgetMenu()
        terminal.emit(screen.painter.erase())
        giveTerminalBack(showsInput: true)
        browsed = nil
        let typed = Array(keys.takeRest())
        Task { mailbox.post(.browsed(await browse(typed))) }
        while browsed == nil { wait(forInput: false) }
        takeTerminal()
        keys.append(browsed ?? [], droppingBeforeInterrupt: false)
        return Answer.refresh
    }

    // MARK: - Undo

    func undoLast() -> UInt8 {
        guard let engine, let before = undo.undo() else { return Answer.error }
        engine.replaceAll(with: before.text, cursor: before.cursor)
        return Answer.refresh
    }

    // MARK: - Paste

    /// A bracketed paste goes in as one insertion: newlines do not hand it in, and tabs are text.
    func paste() -> UInt8 {
        let text = takeWholePaste()
        guard stop == nil || stop == .endOfInput else { return Answer.error }
        return insert(request?.read.kind == .cell ? text : text.replacing("\n", with: " "))
    }

    /// Reads up to the end of the paste. Control characters in it are dropped, as they could do anything when shown.
    func takeWholePaste() -> String {
        isPasting = true
        defer { isPasting = false }
        var bytes: [UInt8] = []
        while true {
            let part = keys.takePaste()
            bytes += part.bytes
            if part.isComplete { break }
            if stop == .endOfInput { bytes += keys.takeRest() }
            if stop != nil { break }
            if wait(forInput: true) == .input { readInput() }
        }
        var text = "".unicodeScalars
        var isAfterReturn = false
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            switch scalar {
            case "\r": text.append("\n")
            case "\n": if !isAfterReturn { text.append("\n") }
            case "\t": text.append("\t")
            default: if scalar.value >= 0x20, !(0x7F..<0xA0).contains(scalar.value) { text.append(scalar) }
            }
            isAfterReturn = scalar == "\r"
        }
        return String(text)
    }
}
