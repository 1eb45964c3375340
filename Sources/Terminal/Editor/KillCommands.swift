/// Commands that cut text out and put it in again.
extension Editor {
    private func kill(_ direction: KillRing.Direction, _ target: (EditBuffer) -> Int) -> UInt8 {
        guard let engine else { return Answer.error }
        let buffer = engine.buffer
        let end = target(buffer)
        let range = min(buffer.cursor, end)..<max(buffer.cursor, end)
        guard !range.isEmpty else { return Answer.error }
        engine.replace(range, with: "")
        kills.add(EditBuffer.string(buffer.scalars[range]), direction, before: buffer, after: engine.buffer)
        return Answer.refresh
    }

    /// At the end of a line, its newline.
    func killLine() -> UInt8 {
        kill(.forward) { buffer in
            let end = buffer.lineEnd(of: buffer.cursor)
            return end == buffer.cursor ? min(end + 1, buffer.count) : end
        }
    }

    func killToLineStart() -> UInt8 { kill(.backward) { $0.lineStart(of: $0.cursor) } }
    func killWord() -> UInt8 { kill(.forward) { $0.wordEnd(after: $0.cursor) } }
    func killWordBack() -> UInt8 { kill(.backward) { $0.wordStart(before: $0.cursor) } }
    func killToBlank() -> UInt8 {
        kill(.backward) { $0.wordStart(before: $0.cursor, isWord: EditBuffer.isNoBlank) }
    }

    func yank() -> UInt8 {
        guard let engine, let text = kills.newest else { return Answer.error }
        guard engine.insert(text) else { return beep() }
        kills.didYankNewest(after: engine.buffer, length: text.unicodeScalars.count)
        return Answer.refresh
    }

    func yankOlder() -> UInt8 {
        guard let engine, let (text, replaced) = kills.older(than: engine.buffer) else { return Answer.error }
        let cursor = engine.buffer.cursor
        guard engine.replace(cursor - replaced..<cursor, with: text) else { return beep() }
        kills.didYankOlder(after: engine.buffer, length: text.unicodeScalars.count)
        return Answer.refresh
    }
}
