/// States of the text to go back to. libedit has no undo in emacs mode.
struct UndoStack {
    private var states: [EditBuffer] = []
    private var size = 0
    private var current = EditBuffer()
    /// Whether the newest state is the start of a word being typed, which is undone as one.
    private var isTyping = false

    private static let maximumStates = 500
    private static let maximumSize = 1_000_000  // scalars

    /// Told of the text after each command.
    mutating func record(_ buffer: EditBuffer) {
        guard buffer.scalars != current.scalars else {
            if buffer.cursor != current.cursor { isTyping = false }
            current.cursor = buffer.cursor
            return
        }
        let typesWord = Self.isTyped(buffer, after: current)
        if !(typesWord && isTyping) {
            states.append(current)
            size += current.count
            while states.count > Self.maximumStates || size > Self.maximumSize { size -= states.removeFirst().count }
        }
        isTyping = typesWord
        current = buffer
    }

    /// The state before the last change, which from now on is the current one.
    mutating func undo() -> EditBuffer? {
        guard let state = states.popLast() else { return nil }
        size -= state.count
        current = state
        isTyping = false
        return state
    }

    /// Whether all that happened is that one letter was put in.
    private static func isTyped(_ new: EditBuffer, after old: EditBuffer) -> Bool {
        new.count == old.count + 1 && new.cursor == old.cursor + 1 && EditBuffer.isWord(new.scalars[old.cursor])
            && new.scalars[..<old.cursor] == old.scalars[..<old.cursor]
            && new.scalars[new.cursor...] == old.scalars[old.cursor...]
    }
}
