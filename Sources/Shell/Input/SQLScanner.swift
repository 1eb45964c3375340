/// Finds where an SQL statement ends, as Spark and Databricks lex SQL: `'…'`, `"…"` (backslash escapes), `` `…` ``,
/// `r'…'`, `$$…$$`, `--` comments (a backslash before the line end continues one), nested `/* */`, and `BEGIN … END`
/// compound statements. A resumable state machine over UTF-8 bytes: it is handed whole lines and keeps its state between them.
///
/// Facts: Spark's SqlBaseLexer.g4 (STRING_LITERAL, SIMPLE_COMMENT, BRACKETED_COMMENT) and SqlBaseParser.g4 (compound statements).
nonisolated struct SQLScanner: Sendable {
    /// What stopped a scan.
    enum Stop: Equatable {
        /// The bytes ran out inside the statement.
        case needsMore
        /// A `;`, `;&` or `\G`; `end` is where the statement's text ends, `next` where the rest begins.
        case ended(Cell.Ending, end: Int, next: Int)
        /// A separator line (`-- %%` …) starting at this offset.
        case separator(Int)
        /// A line that starts here before the statement has any code: it may be a meta command or a magic.
        case lineBeforeCode(Int)
    }

    private enum Mode: Equatable {
        case code
        case quoted(UInt8, raw: Bool)
        case dollars
        case lineComment
        case comment(depth: Int)
    }

    private var mode = Mode.code
    private var blocks = SQLBlocks()
    /// True once the statement has a character that is neither blank nor comment.
    private(set) var hasCode = false
    /// A line begins here that has not been looked at yet, because its text had not come.
    private var isAtLineStart = false

    /// What is open at the end of what has been scanned; nil where a statement could begin.
    var open: OpenConstruct? {
        switch mode {
        case .quoted(let quote, _): .quote(String(UnicodeScalar(quote)))
        case .dollars: .quote("$$")
        case .comment: .comment
        case .code, .lineComment: blocks.innermost.map { .block($0) } ?? (hasCode ? .statement : nil)
        }
    }

    /// True while a line start may be a separator: outside strings and bracketed comments.
    var isBetweenTokens: Bool { mode == .code || mode == .lineComment }

    /// Goes on from `at` up to `limit`, which is a line end or the end of the text.
    mutating func scan(_ bytes: UnsafeBufferPointer<UInt8>, at: inout Int, limit: Int) -> Stop {
        if isAtLineStart, let stop = lookAtLine(bytes, at: at, limit: limit) { return stop }
        while at < limit {
            switch mode {
            case .code:
                if let stop = scanCode(bytes, at: &at, limit: limit) { return stop }
            case .quoted(let quote, let raw):
                scanQuoted(bytes, at: &at, limit: limit, quote: quote, raw: raw)
            case .dollars:
                scanDollars(bytes, at: &at, limit: limit)
            case .lineComment:
                scanLineComment(bytes, at: &at, limit: limit)
            case .comment(let depth):
                scanComment(bytes, at: &at, limit: limit, depth: depth)
            }
        }
        return .needsMore
    }

    private mutating func scanCode(_ bytes: UnsafeBufferPointer<UInt8>, at: inout Int, limit: Int) -> Stop? {
        while at < limit {
            let byte = bytes[at]
            switch byte {
            case .quote, .doubleQuote, .backtick:
                hasCode = true
                blocks.symbol(byte)
                mode = .quoted(byte, raw: byte != .backtick && isRawPrefix(bytes, before: at))
                at += 1
                return nil
            case .dollar where at + 1 < limit && bytes[at + 1] == .dollar:
                hasCode = true
                mode = .dollars
                at += 2
                return nil
            case .minus where at + 1 < limit && bytes[at + 1] == .minus:
                mode = .lineComment
                return nil
            case .slash where at + 1 < limit && bytes[at + 1] == .star:
                mode = .comment(depth: 1)
                at += 2
                return nil
            case .semicolon:
                if blocks.isOpen {
                    blocks.semicolon()
                    at += 1
                } else {
                    return ended(bytes, at: &at, limit: limit)
                }
            case .backslash where at + 1 < limit && (bytes[at + 1] == UInt8(ascii: "G")) && !blocks.isOpen:
                let end = at
                at += 2
                return .ended(.vertical, end: end, next: at)
            case .newline:
                at += 1
                isAtLineStart = true
                if let stop = lookAtLine(bytes, at: at, limit: limit) { return stop }
            case .space, .tab, .carriageReturn:
                at += 1
            default:
                hasCode = true
                if byte.isWordStart {
                    blocks.word(bytes, at: &at, limit: limit)
                } else if byte.isDigit {
                    while at < limit, bytes[at].isWordPart { at += 1 }
                    blocks.symbol(byte)
                } else {
                    blocks.symbol(byte)
                    at += 1
                }
            }
        }
        return nil
    }

    /// A line's first characters may end the statement: asked once for each line, as soon as there are some.
    private mutating func lookAtLine(_ bytes: UnsafeBufferPointer<UInt8>, at: Int, limit: Int) -> Stop? {
        guard at < limit else { return nil }
        isAtLineStart = false
        if LineKind.isSeparator(bytes, at: at, limit: limit) { return .separator(at) }
        return hasCode ? nil : .lineBeforeCode(at)
    }

    /// At a `;` outside every block: looks for the `&` that makes it a background cell.
    private func ended(_ bytes: UnsafeBufferPointer<UInt8>, at: inout Int, limit: Int) -> Stop {
        let end = at
        at += 1
        var ahead = at
        while ahead < limit, bytes[ahead] == .space || bytes[ahead] == .tab { ahead += 1 }
        if ahead < limit, bytes[ahead] == UInt8(ascii: "&") {
            at = ahead + 1
            return .ended(.background, end: end, next: at)
        }
        return .ended(.semicolon, end: end, next: at)
    }

    private mutating func scanQuoted(
        _ bytes: UnsafeBufferPointer<UInt8>, at: inout Int, limit: Int, quote: UInt8, raw: Bool
    ) {
        let escapes = !raw && quote != .backtick
        while at < limit {
            let byte = bytes[at]
            if byte == quote {
                // A doubled quote is one quote inside the literal; leaving and entering again amounts to the same.
                at += 1
                mode = .code
                return
            }
            at += escapes && byte == .backslash ? 2 : 1
        }
        // An escape at the very end swallows a byte that has not come yet only when lines are cut, which they are not.
        at = min(at, limit)
    }

    private mutating func scanDollars(_ bytes: UnsafeBufferPointer<UInt8>, at: inout Int, limit: Int) {
        while at < limit {
            if bytes[at] == .dollar, at + 1 < limit, bytes[at + 1] == .dollar {
                at += 2
                mode = .code
                return
            }
            at += 1
        }
    }

    private mutating func scanLineComment(_ bytes: UnsafeBufferPointer<UInt8>, at: inout Int, limit: Int) {
        while at < limit, bytes[at] != .newline { at += 1 }
        guard at < limit else { return }
        var last = at - 1
        if last >= 0, bytes[last] == .carriageReturn { last -= 1 }
        if last >= 0, bytes[last] == .backslash {
            at += 1  // Spark: a backslash before the line end continues the comment on the next line
        } else {
            mode = .code  // the newline itself is code's, where separators are looked for
        }
    }

    private mutating func scanComment(_ bytes: UnsafeBufferPointer<UInt8>, at: inout Int, limit: Int, depth: Int) {
        var depth = depth
        while at < limit {
            if bytes[at] == .star, at + 1 < limit, bytes[at + 1] == .slash {
                at += 2
                depth -= 1
                if depth == 0 {
                    mode = .code
                    return
                }
            } else if bytes[at] == .slash, at + 1 < limit, bytes[at + 1] == .star {
                at += 2
                depth += 1
            } else {
                at += 1
            }
        }
        mode = .comment(depth: depth)
    }

    private func isRawPrefix(_ bytes: UnsafeBufferPointer<UInt8>, before at: Int) -> Bool {
        guard at > 0, bytes[at - 1] | 0x20 == UInt8(ascii: "r") else { return false }
        return at == 1 || !bytes[at - 2].isWordPart
    }
}
