import Glibc

extension Editor {
    /// Tab: a single candidate goes in, several as far as they agree. The next Tab shows them, and further ones go through them. Nothing
    /// is chosen from a list that has not been on the screen, however quickly the keys come.
    func complete(_ direction: CompletionMenu.Direction) -> UInt8 {
        guard let engine, let complete = options.complete, request?.read.kind == .cell else { return Answer.error }
        let buffer = engine.buffer
        let isRepeated = completion.left == buffer
        if isRepeated, var menu {
            guard menu.isShown else {
                render()
                return Answer.refresh
            }
            let candidate = menu.choose(direction)
            engine.replaceAll(with: menu.base.text)
            engine.replace(menu.range, with: candidate.text)
            self.menu = menu
            completion.left = engine.buffer
            return Answer.refresh
        }
        forgetMenu()
        guard let answer = awaitAnswer(complete, buffer) else {
            return stop == nil ? Answer.refreshAndBeep : Answer.error
        }
        guard !answer.candidates.isEmpty, let range = buffer.positions(of: answer.range) else {
            return Answer.refreshAndBeep
        }
        return offer(answer.candidates, replacing: range, of: buffer, engine, isRepeated: isRepeated)
    }

    private func offer(
        _ candidates: [Candidate], replacing range: Range<Int>, of buffer: EditBuffer, _ engine: Engine,
        isRepeated: Bool
    ) -> UInt8 {
        if candidates.count == 1 {
            engine.replace(range, with: candidates[0].text + candidates[0].suffix)
            return Answer.refresh
        }
        let common = CompletionMenu.commonPrefix(of: candidates)
        let isProgress = common.unicodeScalars.count > range.count
        if isProgress { engine.replace(range, with: common) }
        let isTooMuch = candidates.count > options.candidatesBeforeAsking
        if isProgress || (isTooMuch && !isRepeated) {
            if !isProgress { screen.mustBeep = true }
            completion.left = engine.buffer
            return Answer.refresh
        }
        if isTooMuch, !confirm("Display all \(candidates.count) possibilities? (y or n)") { return Answer.refresh }
        menu = CompletionMenu(candidates, base: buffer, replacing: range)
        completion.left = engine.buffer
        return Answer.refresh
    }

    /// Asks for candidates and waits, but not a moment longer than the user does: a key or Ctrl-C ends it. Nil when there is no answer.
    private func awaitAnswer(
        _ complete: @escaping @Sendable (String, Int) async -> Completion, _ buffer: EditBuffer
    ) -> Completion? {
        completion.serial += 1
        completion.answer = nil
        let (serial, text, cursor, mailbox) = (completion.serial, buffer.text, buffer.cursorOffset, mailbox)
        let task = Task { mailbox.post(.completion(serial: serial, await complete(text, cursor))) }
        defer { notice = nil }
        let start = ContinuousClock.now
        while stop == nil, completion.answer == nil {
            let left = options.completionTimeout - start.duration(to: .now)
            guard left > .zero else { break }
            // The sign that something is going on comes only when it takes long enough to be noticed.
            let pause = notice == nil ? min(left, .milliseconds(100)) : left
            switch wait(forInput: true, milliseconds: Int32((pause / .milliseconds(1)).rounded(.up))) {
            case .timeout:
                notice = "…"
                render()
            case .input:
                takeInput()
                if keys.takeInterrupt() { stop = .interrupted }
                if keys.hasBytes || stop != nil { task.cancel() }
                if keys.hasBytes { return nil }
            case .message: break
            }
        }
        if completion.answer == nil { task.cancel() }
        return completion.answer
    }

    /// Reads one key, with the question below the text.
    private func confirm(_ question: String) -> Bool {
        notice = question
        defer { notice = nil }
        return engine?.nextKey().map { ["y", "Y", " ", "\t"].contains($0) } ?? false
    }
}
