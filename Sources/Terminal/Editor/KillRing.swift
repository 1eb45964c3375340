/// What was killed, newest last. libedit's own kill buffer cannot be reached, holds one text, and its commands read past the end of
/// the edit buffer.
struct KillRing {
    private var kills: [String] = []
    /// The text as the last kill left it: another one right after it adds to it.
    private var afterKill: EditBuffer?
    /// The text as the last yank left it, and what that put in.
    private var afterYank: (buffer: EditBuffer, length: Int, index: Int)?

    private static let limit = 30

    enum Direction { case forward, backward }

    mutating func add(_ text: String, _ direction: Direction, before: EditBuffer, after: EditBuffer) {
        if let afterKill, afterKill == before, let last = kills.popLast() {
            kills.append(direction == .forward ? last + text : text + last)
        } else {
            kills.append(text)
            if kills.count > Self.limit { kills.removeFirst() }
        }
        afterKill = after
    }

    /// What to put in now.
    var newest: String? { kills.last }

    mutating func didYankNewest(after buffer: EditBuffer, length: Int) {
        afterYank = (buffer, length, kills.count - 1)
    }

    /// The kill before the one that was just put in, and how many scalars it replaces; nil when the last command was no yank.
    mutating func older(than buffer: EditBuffer) -> (text: String, replaced: Int)? {
        guard let last = afterYank, last.buffer == buffer, kills.count > 1 else { return nil }
        let index = (last.index - 1 + kills.count) % kills.count
        afterYank?.index = index
        return (kills[index], last.length)
    }

    mutating func didYankOlder(after buffer: EditBuffer, length: Int) {
        afterYank?.buffer = buffer
        afterYank?.length = length
    }
}
