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
        if completion.asked != buffer {
            forgetMenu()
            ask(complete, buffer, isRepeated: isRepeated)
        }
        awaitAnswer()
        guard stop == nil else { return Answer.error }
        if completion.answer != nil { return takeAnswer(mayAsk: true) }
        // It is on its way, and shown when it comes, unless the user types on.
        return completion.asked == nil ? Answer.refreshAndBeep : Answer.refresh
    }

    /// The sign that candidates are on their way.
    private static let waiting = "…"

    private func ask(
        _ complete: @escaping @Sendable (String, Int) async -> Completion, _ buffer: EditBuffer, isRepeated: Bool
    ) {
        endCompletion()
        completion.serial += 1
        completion.asked = buffer
        completion.isRepeated = isRepeated
        let (serial, text, cursor, mailbox) = (completion.serial, buffer.text, buffer.cursorOffset, mailbox)
        completion.task = Task { mailbox.post(.completion(serial: serial, await complete(text, cursor))) }
    }

    /// What was asked for is not needed any more.
    func endCompletion() {
        completion.task?.cancel()
        completion.task = nil
        completion.asked = nil
        completion.answer = nil
        if notice == Self.waiting { notice = nil }
    }

    /// Waits for the answer for a limited time, but not a moment longer than the user does: a key or Ctrl-C ends it.
    private func awaitAnswer() {
        let start = ContinuousClock.now
        while stop == nil, completion.answer == nil {
            let left = options.completionTimeout - start.duration(to: .now)
            guard left > .zero else { break }
            // The sign that something is going on comes only when it takes long enough to be noticed.
            let pause = notice == nil ? min(left, .milliseconds(100)) : left
            switch wait(forInput: true, milliseconds: Int32((pause / .milliseconds(1)).rounded(.up))) {
            case .timeout:
                notice = Self.waiting
                render()
            case .input:
                takeInput()
                if keys.takeInterrupt() { stop = .interrupted }
                guard keys.hasBytes || stop != nil else { continue }
                return endCompletion()
            case .message: break
            }
        }
        if completion.answer == nil, stop == nil { notice = Self.waiting }
    }

    /// The answer has come after Tab has gone on: it is shown as if it had come in time.
    func takeLateAnswer() {
        guard completion.answer != nil, completion.asked == engine?.buffer else { return }
        if takeAnswer(mayAsk: false) != Answer.refresh { screen.mustBeep = true }
    }

    /// - Parameter mayAsk: whether a question may be asked about many candidates.
    private func takeAnswer(mayAsk: Bool) -> UInt8 {
        let (asked, answer, isRepeated) = (completion.asked, completion.answer, completion.isRepeated)
        endCompletion()
        guard let engine, let asked, let answer, !answer.candidates.isEmpty,
            let range = asked.positions(of: answer.range)
        else { return Answer.refreshAndBeep }
        return offer(answer, replacing: range, of: asked, engine, isRepeated: isRepeated, mayAsk: mayAsk)
    }

    private func offer(
        _ answer: Completion, replacing range: Range<Int>, of buffer: EditBuffer, _ engine: Engine,
        isRepeated: Bool, mayAsk: Bool
    ) -> UInt8 {
        let candidates = answer.candidates
        // What may be better is missing: nothing goes in that nobody has chosen.
        if !answer.isPartial {
            if candidates.count == 1 {
                engine.replace(range, with: candidates[0].text + candidates[0].suffix)
                return Answer.refresh
            }
            let common = CompletionMenu.commonPrefix(of: candidates)
            if common.unicodeScalars.count > range.count {
                engine.replace(range, with: common)
                completion.left = engine.buffer
                return Answer.refresh
            }
        }
        let isTooMuch = candidates.count > options.candidatesBeforeAsking
        if isTooMuch, !isRepeated {
            screen.mustBeep = true
            completion.left = engine.buffer
            return Answer.refresh
        }
        if isTooMuch, mayAsk, !confirm("Display all \(candidates.count) possibilities? (y or n)") {
            return Answer.refresh
        }
        menu = CompletionMenu(candidates, base: buffer, replacing: range)
        completion.left = engine.buffer
        return Answer.refresh
    }

    /// Reads one key, with the question below the text.
    private func confirm(_ question: String) -> Bool {
        notice = question
        defer { notice = nil }
        return engine?.nextKey().map { ["y", "Y", " ", "\t"].contains($0) } ?? false
    }
}
