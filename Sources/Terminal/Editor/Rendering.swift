import Text

/// Drawing the line being edited.
extension Editor {
    /// Paints the line being edited as it is now.
    func render() {
        guard let engine, let read = request?.read else { return }
        takeNewSize()
        if engine.takeBell() { screen.mustBeep = true }
        let buffer = read.kind == .secret ? EditBuffer() : engine.buffer
        noticeChange(of: buffer)
        var picture = picture(of: buffer.text, read)
        picture.cursor = buffer.cursor
        if options.color { picture.brackets = buffer.brackets }
        picture.suggestion = suggestion(for: buffer)
        screen.suggestion = picture.suggestion
        picture.right = read.prompt.right.map(visible)
        picture.menu = menuRows(below: picture).map(visible)
        if picture.menu.isEmpty { picture.hint = hint(for: buffer).map(visible) }
        let bytes = screen.painter.paint(
            picture.frame(size: terminal.size, policy: screen.policy), height: terminal.size.rows)
        terminal.emit(bytes + (screen.mustBeep ? "\u{7}" : ""))
        screen.mustBeep = false
        menu?.isShown = true
    }

    /// Paints the whole text for the last time, so that the scrollback has all of it, and goes to a fresh line.
    func renderLast(_ text: String, suffix: String = "") {
        guard let read = request?.read else { return }
        takeNewSize()
        screen.promptReplacement = nil
        var picture = picture(of: text, read)
        picture.suffix = suffix
        let frame = picture.frame(size: terminal.size, policy: screen.policy)
        terminal.emit(screen.painter.paint(frame, height: .max) + screen.painter.leave())
    }

    private func picture(of text: String, _ read: Read) -> EditPicture {
        let search = screen.promptReplacement.map { [StyledText($0, "35")] }
        let prompt = read.kind == .cell ? read.prompt : read.prompt.wrapped(terminal.size.columns)
        var picture = EditPicture(prompt: (search ?? prompt.first).map(visible), text: text)
        picture.continuationStyle = options.color ? read.prompt.continuationStyle : .plain
        if read.kind == .cell {
            picture.continuationPrompts = screen.continuations.prompts(for: text, options)
            if options.color { picture.spans = options.highlight?(text) ?? [] }
        }
        return picture
    }

    private func visible(_ text: StyledText) -> StyledText {
        options.color ? text : StyledText(text.text)
    }

    /// Behind the end of a text that is being typed, never of one that was recalled.
    private func suggestion(for buffer: EditBuffer) -> String {
        guard options.color, request?.read.kind == .cell, menu == nil, notice == nil, screen.promptReplacement == nil,
            buffer.cursor == buffer.count, !history.isWalking
        else { return "" }
        return history.suggestion(for: buffer.text)
    }

    /// Never longer than a row.
    private func hint(for buffer: EditBuffer) -> [StyledText] {
        guard request?.read.kind == .cell, screen.promptReplacement == nil, buffer.count <= Self.longestHinted else {
            return []
        }
        var room = terminal.size.columns - 1
        return (options.hint?(buffer.text, buffer.cursorOffset) ?? []).compactMap { piece in
            var text = ""
            for character in piece.text where room > 0 {
                room -= screen.policy.width(of: character)
                if room >= 0 { text.append(room == 0 ? "…" : character) }
            }
            return text.isEmpty ? nil : StyledText(text, piece.style)
        }
    }

    /// To look at a longer text at every key would take too long.
    private static let longestHinted = 20_000

    private func menuRows(below picture: EditPicture) -> [StyledText] {
        if let notice { return [StyledText(notice, .dim)] }
        if let remark {
            return Wrapping.lines(remark.text, width: terminal.size.columns - 1).map { StyledText($0, "33") }
        }
        guard let menu else { return [] }
        let above = picture.frame(size: terminal.size, policy: screen.policy).rows.count
        return menu.rows(
            width: terminal.size.columns, height: max(3, terminal.size.rows - above), policy: screen.policy)
    }

    /// What was true of the text as some command left it ends with the first change.
    private func noticeChange(of buffer: EditBuffer) {
        if let asked = completion.asked, asked != buffer { endCompletion() }
        if request?.read.kind == .cell, let onEdit = options.onEdit, buffer.count <= Self.longestHinted {
            let text = buffer.text
            if text != told { onEdit(text) }
            told = text
        }
        if let left = completion.left, left != buffer { forgetMenu() }
        if let remark, remark.left != buffer { self.remark = nil }
        if let goal, goal.cursor != buffer.cursor { self.goal = nil }
        undo.record(buffer)
    }

    func forgetMenu() {
        completion.left = nil
        menu = nil
    }

    // MARK: - What happens while a line is on the screen

    /// Nothing is drawn while an edge is being dragged: what is drawn for a size that has passed already is rewrapped by the
    /// terminal, and nobody can tell on how many rows it stands then.
    func resized() { if terminal.isRaw { screen.isResizing = true } }

    /// Goes to the first row of what the terminal has rewrapped, and draws for its new size from now on.
    private func takeNewSize() {
        guard screen.isResizing else { return }
        screen.isResizing = false
        terminal.measure()
        // The engine is not told: see its guards.
        terminal.emit(screen.painter.rewind(width: terminal.size.columns))
    }

    /// The window has kept its size for a while.
    func settleSize() {
        render()
        showOutput()
    }

    func showOutput() {
        guard !screen.isResizing else { return }
        let output = mailbox.takeOutput()
        guard !output.isEmpty else { return }
        guard terminal.isRaw else { return terminal.emit(output) }
        terminal.emit(screen.painter.erase() + output + (output.hasSuffix("\n") ? "" : "\n"))
        render()
    }
}
