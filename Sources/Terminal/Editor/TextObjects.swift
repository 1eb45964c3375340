/// vi's text objects: what `iw`, `a(` and the like stand for behind an operator (POSIX has none of them; these are Vim's).
extension EditBuffer {
    /// - Parameters:
    ///   - key: `w`, `W`, a quote or a bracket; `b` and `B` are `(` and `{`.
    ///   - isInner: without the quotes or brackets, or the blanks beside the word.
    /// - Returns: nil when there is no such object at the cursor.
    func textObject(_ key: Unicode.Scalar, isInner: Bool) -> Range<Int>? {
        switch key {
        case "w": word(isInner: isInner) { Self.isBlank($0) ? 0 : Self.isWord($0) ? 1 : 2 }
        case "W": word(isInner: isInner) { Self.isBlank($0) ? 0 : 1 }
        case "'", "\"", "`": quoted(by: key, isInner: isInner)
        case "(", ")", "b": bracketed("(", ")", isInner: isInner)
        case "[", "]": bracketed("[", "]", isInner: isInner)
        case "{", "}", "B": bracketed("{", "}", isInner: isInner)
        case "<", ">": bracketed("<", ">", isInner: isInner)
        default: nil
        }
    }

    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "\t" }

    /// The run of characters of one kind around the cursor.
    private func word(isInner: Bool, kind: (Unicode.Scalar) -> Int) -> Range<Int>? {
        let line = lineStart(of: cursor)..<lineEnd(of: cursor)
        guard !line.isEmpty else { return nil }
        let place = min(cursor, line.upperBound - 1)
        func run(at place: Int) -> Range<Int> {
            var (start, end) = (place, place + 1)
            while start > line.lowerBound, kind(scalars[start - 1]) == kind(scalars[place]) { start -= 1 }
            while end < line.upperBound, kind(scalars[end]) == kind(scalars[place]) { end += 1 }
            return start..<end
        }
        let inner = run(at: place)
        if isInner { return inner }
        // With the blanks behind it; those before it when there are none. Blanks go with the word behind them.
        if inner.upperBound < line.upperBound, kind(scalars[place]) == 0 || kind(scalars[inner.upperBound]) == 0 {
            return inner.lowerBound..<run(at: inner.upperBound).upperBound
        }
        guard inner.lowerBound > line.lowerBound, kind(scalars[inner.lowerBound - 1]) == 0 else { return inner }
        return run(at: inner.lowerBound - 1).lowerBound..<inner.upperBound
    }

    /// The quoted text that the cursor is in, else the next one in the line.
    private func quoted(by quote: Unicode.Scalar, isInner: Bool) -> Range<Int>? {
        let line = lineStart(of: cursor)..<lineEnd(of: cursor)
        let quotes = line.filter { scalars[$0] == quote && ($0 == line.lowerBound || scalars[$0 - 1] != "\\") }
        for index in stride(from: 0, to: quotes.count - 1, by: 2) where quotes[index + 1] >= cursor {
            return isInner ? quotes[index] + 1..<quotes[index + 1] : quotes[index]..<quotes[index + 1] + 1
        }
        return nil
    }

    /// What is between the brackets around the cursor, or those that it is on.
    private func bracketed(_ open: Unicode.Scalar, _ close: Unicode.Scalar, isInner: Bool) -> Range<Int>? {
        var depth = 0
        var start = min(cursor, count - 1)
        while start >= 0 {
            if scalars[start] == open {
                if depth == 0 { break }
                depth -= 1
            } else if scalars[start] == close, start != cursor {
                depth += 1
            }
            start -= 1
        }
        guard start >= 0 else { return nil }
        depth = 0
        for end in start + 1..<max(start + 1, count) {
            if scalars[end] == open { depth += 1 }
            guard scalars[end] == close else { continue }
            if depth == 0 { return isInner ? start + 1..<end : start..<end + 1 }
            depth -= 1
        }
        return nil
    }
}

extension Editor {
    /// vi's operators. libedit does what they do; its kill buffer, undo and repeating know about it then. Here a text object
    /// becomes a movement: to its beginning, and as many characters on.
    func viOperator(_ operation: ViOperation) -> UInt8 {
        guard let engine, let key = engine.nextKey() else { return Answer.error }
        guard key == "i" || key == "a" else {
            engine.push([operation.scalar, ViOperation(key: key)?.scalar ?? key])
            return Answer.keepsCount
        }
        guard let object = engine.nextKey(), let range = engine.buffer.textObject(object, isInner: key == "i") else {
            return beep()
        }
        engine.moveCursor(to: range.lowerBound)
        if !range.isEmpty {
            engine.push([operation.scalar] + "\(range.count)l".unicodeScalars)
        } else if operation == .change {
            engine.push(["i"])
        }
        return Answer.refresh
    }
}

/// vi's operators as libedit has them, bound to codes that no terminal sends.
enum ViOperation: UInt8, CaseIterable {
    case change = 0x90
    case delete, yank

    var scalar: Unicode.Scalar { Unicode.Scalar(rawValue) }

    init?(key: Unicode.Scalar) {
        switch key {
        case "c": self = .change
        case "d": self = .delete
        case "y": self = .yank
        default: return nil
        }
    }

    /// libedit's name for it.
    var command: String {
        switch self {
        case .change: "vi-change-meta"
        case .delete: "vi-delete-meta"
        case .yank: "vi-yank"
        }
    }
}
