import Databricks
import Text

/// Follows brackets, strings and comments of Python, Scala and R line by line, to tell whether a line start lies outside
/// all of them and what is still open. It does not judge the code: what it cannot follow, the language reports.
///
/// Facts: Python's lexical analysis (string prefixes, triple quotes, backslash joining), Scala's lexical syntax (`"""`,
/// nested comments, character literals) and R's (raw strings `r"(…)"`, backticks).
nonisolated struct CodeScanner: Sendable {
    enum Mode: Equatable {
        case code
        case quoted(UInt8)
        case tripleQuoted(UInt8, escapes: Bool)
        case comment(depth: Int)
        /// Python's f-string (or t-string), in its literal part, and behind the colon of a field of one.
        case formatted(UInt8, isTriple: Bool)
        case formatSpec
        /// R's raw string: the closing bracket, the dashes and the quote that end it.
        case rawR(closing: UInt8, dashes: Int, quote: UInt8)
    }

    let language: Language
    var mode = Mode.code
    var brackets: [UInt8] = []
    /// The literals whose `{field}` is being read, outermost first; each has a `fieldMark` among the brackets.
    var enclosing: [Mode] = []
    static let fieldMark: UInt8 = 1
    /// The last line ended in a backslash outside a comment (Python).
    private var isContinued = false
    /// The logical line that is being read: where it begins, how it begins and ends. Python's blocks are judged by it.
    private var firstByte: UInt8 = 0
    private var beginsCompound = false
    var lastByte: UInt8 = 0
    private var isIndented = false
    private var hasOpenSuite = false
    private(set) var hasCode = false
    private(set) var lastLineIsBlank = false

    init(_ language: Language) { self.language = language }

    /// True where a line in column 0 may begin another cell.
    var isBetweenLines: Bool { mode == .code && brackets.isEmpty && !isContinued }

    /// What is open after the lines scanned so far. `.suite` is an open Python block, which only a blank line ends.
    var open: OpenConstruct? {
        switch mode {
        case .quoted(let quote): return .quote(String(UnicodeScalar(quote)))
        case .tripleQuoted(let quote, _): return .quote(String(repeating: String(UnicodeScalar(quote)), count: 3))
        case .comment: return .comment
        case .rawR(_, _, let quote): return .quote(String(UnicodeScalar(quote)))
        case .formatted(let quote, let isTriple):
            return .quote(String(repeating: String(UnicodeScalar(quote)), count: isTriple ? 3 : 1))
        case .code, .formatSpec: break
        }
        if brackets.last == Self.fieldMark { return .bracket("{") }
        if let bracket = brackets.last { return .bracket(Character(UnicodeScalar(bracket))) }
        if isContinued { return .continuation }
        return hasOpenSuite && !lastLineIsBlank ? .suite : nil
    }

    /// Whether a cell that ends with its (first complete) line ends here.
    func endsHere(_ isOneLine: Bool) -> Bool { isOneLine && hasCode && open == nil }

    /// Scans one line, `at` to just behind its newline (or to `limit` when it has none).
    mutating func scanLine(_ bytes: UnsafeBufferPointer<UInt8>, at: Int, limit: Int) {
        var index = at
        let startsLogicalLine = isBetweenLines
        isContinued = false
        if startsLogicalLine {
            while index < limit, bytes[index].isBlank { index += 1 }
            lastLineIsBlank = index == limit || bytes[index] == .newline
            if lastLineIsBlank { return }
            if bytes[index] != .hash || language == .scala {
                isIndented = index > at
                firstByte = bytes[index]
                beginsCompound = language == .python && !isIndented && Self.isCompound(bytes, at: index, limit: limit)
                lastByte = 0
            }
        } else {
            lastLineIsBlank = false
        }
        while index < limit { step(bytes, at: &index, limit: limit) }
        if language == .python, isBetweenLines, lastByte != 0 {
            // A colon at a logical line's end opens a block, a decorator waits for its function, and an indented line is in one.
            hasOpenSuite = lastByte == .colon || isIndented || beginsCompound || firstByte == UInt8(ascii: "@")
        }
    }

    private mutating func step(_ bytes: UnsafeBufferPointer<UInt8>, at: inout Int, limit: Int) {
        switch mode {
        case .code: stepCode(bytes, at: &at, limit: limit)
        case .quoted(let quote):
            if bytes[at] == .backslash {
                at = min(at + 2, limit)
                if at == limit { isContinued = language == .python }
                return
            }
            // Scala's and Python's plain strings end at the line's end, whether closed or not; R's go on.
            if bytes[at] == quote || bytes[at] == .newline && language != .r { mode = .code }
            at += 1
        case .tripleQuoted(let quote, let escapes):
            if escapes, bytes[at] == .backslash {
                at = min(at + 2, limit)
            } else if isTriple(bytes, at, limit, quote) {
                at += 3
                // Scala allows further quotes right before the closing three.
                while language == .scala, at < limit, bytes[at] == quote { at += 1 }
                mode = .code
            } else {
                at += 1
            }
        case .formatted(let quote, let isTriple): stepFormatted(bytes, at: &at, limit: limit, quote, isTriple)
        case .formatSpec: stepFormatSpec(bytes, at: &at)
        case .comment(let depth): stepComment(bytes, at: &at, limit: limit, depth: depth)
        case .rawR(let closing, let dashes, let quote):
            if bytes[at] == closing, endsRaw(bytes, at, limit, dashes, quote) {
                at += dashes + 2
                mode = .code
            } else {
                at += 1
            }
        }
    }

    private mutating func stepCode(_ bytes: UnsafeBufferPointer<UInt8>, at: inout Int, limit: Int) {
        let byte = bytes[at]
        switch byte {
        case .newline, .space, .tab, .carriageReturn:
            at += 1
            return
        case .hash where language != .scala:
            skipComment(bytes, at: &at, limit: limit)
            return
        case .slash where language == .scala && at + 1 < limit && bytes[at + 1] == .slash:
            skipComment(bytes, at: &at, limit: limit)
            return
        case .slash where language == .scala && at + 1 < limit && bytes[at + 1] == .star:
            mode = .comment(depth: 1)
            at += 2
            return
        case .backslash where language == .python && isLineEnd(bytes, at + 1, limit):
            isContinued = true
            hasCode = true
            at += 1
            return
        default: break
        }
        hasCode = true
        lastByte = byte
        switch byte {
        case .quote, .doubleQuote: openQuote(bytes, at: &at, limit: limit)
        case .backtick where language != .python:
            mode = .quoted(byte)
            at += 1
        case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"):
            brackets.append(byte)
            at += 1
        case UInt8(ascii: "}") where brackets.last == Self.fieldMark:
            leaveField()
            at += 1
        case .colon where brackets.last == Self.fieldMark:
            mode = .formatSpec
            at += 1
        case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"):
            if !brackets.isEmpty, brackets.last != Self.fieldMark { brackets.removeLast() }
            at += 1
        default:
            if byte.isWordStart || byte.isDigit {
                while at < limit, bytes[at].isWordPart { at += 1 }
            } else {
                at += 1
            }
        }
    }

    /// To the line's end, which a carriage return alone is as well (Python and the JVM languages agree).
    private func skipComment(_ bytes: UnsafeBufferPointer<UInt8>, at: inout Int, limit: Int) {
        while at < limit, bytes[at] != .newline {
            if bytes[at] == .carriageReturn, at + 1 < limit, bytes[at + 1] != .newline { return }
            at += 1
        }
    }

    private mutating func openQuote(_ bytes: UnsafeBufferPointer<UInt8>, at: inout Int, limit: Int) {
        let quote = bytes[at]
        if language == .r, at > 0, bytes[at - 1] | 0x20 == UInt8(ascii: "r"), let raw = rawStart(bytes, at, limit) {
            mode = raw.mode
            at = raw.next
            return
        }
        let hasTriple = language == .python || language == .scala && quote == .doubleQuote
        if language == .python, isFormatPrefix(bytes, before: at) {
            let isTriple = isTriple(bytes, at, limit, quote)
            mode = .formatted(quote, isTriple: isTriple)
            at += isTriple ? 3 : 1
            return
        }
        if hasTriple, isTriple(bytes, at, limit, quote) {
            mode = .tripleQuoted(quote, escapes: language == .python)
            at += 3
            return
        }
        if language == .scala, quote == .quote {
            // 'x' and '\n' are characters; 'name without a closing quote is a symbol (or a quoted macro).
            if at + 2 < limit, bytes[at + 1] != .backslash, bytes[at + 2] == .quote {
                at += 3
            } else if at + 3 < limit, bytes[at + 1] == .backslash {
                at += 2
                while at < limit, bytes[at] != .quote, bytes[at] != .newline { at += 1 }
                at = min(at + 1, limit)
            } else {
                at += 1
            }
            return
        }
        mode = .quoted(quote)
        at += 1
    }

    private mutating func stepComment(
        _ bytes: UnsafeBufferPointer<UInt8>, at: inout Int, limit: Int, depth: Int
    ) {
        if at + 1 < limit, bytes[at] == .star, bytes[at + 1] == .slash {
            at += 2
            mode = depth == 1 ? .code : .comment(depth: depth - 1)
        } else if at + 1 < limit, bytes[at] == .slash, bytes[at + 1] == .star {
            at += 2
            mode = .comment(depth: depth + 1)
        } else {
            at += 1
        }
    }

    func isTriple(_ bytes: UnsafeBufferPointer<UInt8>, _ at: Int, _ limit: Int, _ quote: UInt8) -> Bool {
        at + 2 < limit && bytes[at] == quote && bytes[at + 1] == quote && bytes[at + 2] == quote
    }

    private func isLineEnd(_ bytes: UnsafeBufferPointer<UInt8>, _ at: Int, _ limit: Int) -> Bool {
        at >= limit || bytes[at] == .newline
            || bytes[at] == .carriageReturn && at + 1 < limit && bytes[at + 1] == .newline
    }
}
