/// Commands that move the cursor, by clusters, words and lines. Each returns an `Answer`.
extension Editor {
    private func move(_ target: (EditBuffer) -> Int?) -> UInt8 {
        guard let engine, let position = target(engine.buffer) else { return Answer.error }
        engine.moveCursor(to: position)
        return Answer.refresh
    }

    func left() -> UInt8 { move { $0.cursor > 0 ? $0.clusterStart(before: $0.cursor) : nil } }

    func right() -> UInt8 {
        if let answer = takeSuggestion() { return answer }
        return move { $0.cursor < $0.count ? $0.clusterEnd(after: $0.cursor) : nil }
    }

    func wordLeft() -> UInt8 { move { $0.wordStart(before: $0.cursor) } }

    /// A word right, or at the end of the text a word of what is suggested.
    func wordRight() -> UInt8 {
        if let buffer = engine?.buffer, buffer.cursor == buffer.count, !screen.suggestion.isEmpty {
            let whole = EditBuffer(
                scalars: buffer.scalars + Array(screen.suggestion.unicodeScalars), cursor: buffer.count)
            let word = EditBuffer.string(whole.scalars[buffer.count..<whole.wordEnd(after: buffer.count)])
            // The next key may come before the next picture.
            screen.suggestion = String(screen.suggestion.dropFirst(word.count))
            return insert(word)
        }
        return move { $0.wordEnd(after: $0.cursor) }
    }

    func lineStart() -> UInt8 { move { $0.lineStart(of: $0.cursor) } }

    func lineEnd() -> UInt8 {
        if let answer = takeSuggestion() { return answer }
        return move { $0.lineEnd(of: $0.cursor) }
    }

    func textStart() -> UInt8 { move { _ in 0 } }
    func textEnd() -> UInt8 { move { $0.count } }

    /// A line up, or at the first line to an older entry of the history.
    func up() -> UInt8 {
        guard let buffer = engine?.buffer else { return Answer.error }
        let start = buffer.lineStart(of: buffer.cursor)
        guard start > 0 else { return walkHistory(.older, matchingPrefix: true) }
        return moveVertically(buffer, from: start, to: buffer.lineStart(of: start - 1))
    }

    /// A line down, or at the last line to a newer entry.
    func down() -> UInt8 {
        guard let buffer = engine?.buffer else { return Answer.error }
        let end = buffer.lineEnd(of: buffer.cursor)
        guard end < buffer.count else { return walkHistory(.newer, matchingPrefix: true) }
        return moveVertically(buffer, from: buffer.lineStart(of: buffer.cursor), to: end + 1)
    }

    /// Puts another entry of the history in place of the text.
    func walkHistory(_ step: HistoryWalk.Step, matchingPrefix: Bool) -> UInt8 {
        guard let engine, let text = history.step(step, from: engine.buffer.text, matchingPrefix: matchingPrefix) else {
            return Answer.error
        }
        engine.replaceAll(with: text)
        return Answer.refresh
    }

    /// Keeps to the column on the screen in which the run of Ups and Downs began.
    private func moveVertically(_ buffer: EditBuffer, from start: Int, to target: Int) -> UInt8 {
        let column = goal?.column ?? screen.policy.width(of: EditBuffer.string(buffer.scalars[start..<buffer.cursor]))
        let line = EditBuffer.string(buffer.scalars[target..<buffer.lineEnd(of: target)])
        var position = target
        var width = 0
        for character in line {
            let next = width + screen.policy.width(of: character)
            if next > column { break }
            width = next
            position += character.unicodeScalars.count
        }
        goal = (column, position)
        engine?.moveCursor(to: position)
        return Answer.refresh
    }

    /// Makes what the history suggests part of the text; nil when nothing is suggested here.
    private func takeSuggestion() -> UInt8? {
        guard !screen.suggestion.isEmpty, let buffer = engine?.buffer, buffer.cursor == buffer.count else { return nil }
        let suggestion = screen.suggestion
        screen.suggestion = ""
        return insert(suggestion)
    }

    func clearScreen() -> UInt8 {
        screen.painter.forget()
        terminal.emit("\u{1B}[H\u{1B}[2J")
        return Answer.refresh
    }

    func beep() -> UInt8 {
        screen.mustBeep = true
        return Answer.nothing
    }
}
