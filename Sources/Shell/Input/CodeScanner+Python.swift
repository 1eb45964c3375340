import Text

/// What Python alone has: f-strings, whose fields hold code and strings of their own (PEP 701), and statements that a blank
/// line ends at a prompt even when they are on one line.
nonisolated extension CodeScanner {
    /// Whether the letters before the quote at `at` make it an f-string or a t-string: `f`, `rf`, `Fr`, `t`, …
    func isFormatPrefix(_ bytes: UnsafeBufferPointer<UInt8>, before at: Int) -> Bool {
        var start = at
        var isFormatted = false
        while start > 0, at - start < 3, bytes[start - 1].isWordPart {
            start -= 1
            switch bytes[start] | 0x20 {
            case UInt8(ascii: "f"), UInt8(ascii: "t"): isFormatted = true
            case UInt8(ascii: "r"): break
            default: return false
            }
        }
        return isFormatted && at - start < 3
    }

    /// One step in the literal part of an f-string.
    mutating func stepFormatted(
        _ bytes: UnsafeBufferPointer<UInt8>, at: inout Int, limit: Int, _ quote: UInt8, _ isTriple: Bool
    ) {
        let next = at + 1 < limit ? bytes[at + 1] : 0
        switch bytes[at] {
        case .backslash:
            at = min(at + 2, limit)
        case .leftBrace where next == .leftBrace:
            at += 2
        case .leftBrace:
            enterField()
            at += 1
        case .newline where !isTriple:
            mode = .code  // the string is not closed, which Python will say
            at += 1
        case quote where !isTriple:
            mode = .code
            at += 1
        case quote where self.isTriple(bytes, at, limit, quote):
            mode = .code
            at += 3
        default:
            at += 1
        }
    }

    /// One step behind the colon of a field: literal text up to the `}`, but for fields within it.
    mutating func stepFormatSpec(_ bytes: UnsafeBufferPointer<UInt8>, at: inout Int) {
        switch bytes[at] {
        case .leftBrace: enterField()
        case .rightBrace: leaveField()
        case .newline: abandonLiteral()
        case let byte where isOuterQuote(byte): abandonLiteral()
        default: break
        }
        at += 1
    }

    private mutating func enterField() {
        enclosing.append(mode)
        brackets.append(Self.fieldMark)
        mode = .code
    }

    /// At the `}` of a field: its literal goes on.
    mutating func leaveField() {
        brackets.removeLast()
        mode = enclosing.removeLast()
        lastByte = .rightBrace
    }

    /// A field's format ends with its line or its literal: nothing sensible is open any more, and Python will say so.
    private mutating func abandonLiteral() {
        guard case .formatted(_, isTriple: false)? = enclosing.last(where: { $0 != .formatSpec }) else { return }
        while enclosing.last == .formatSpec { leaveField() }
        if !enclosing.isEmpty { leaveField() }
        mode = .code
    }

    private func isOuterQuote(_ byte: UInt8) -> Bool {
        if case .formatted(byte, isTriple: false)? = enclosing.last(where: { $0 != .formatSpec }) {
            true
        } else {
            false
        }
    }

    /// Whether a line begins with the keyword of a compound statement, which Python's prompt lets go on until a blank line.
    static func isCompound(_ bytes: UnsafeBufferPointer<UInt8>, at: Int, limit: Int) -> Bool {
        var end = at
        while end < limit, bytes[end].isWordPart { end += 1 }
        let word = UnsafeBufferPointer(rebasing: bytes[at..<end])
        return compoundWords.contains { $0.utf8.elementsEqual(word) }
    }

    private static let compoundWords = ["if", "for", "while", "with", "try", "def", "class", "async"]
}
