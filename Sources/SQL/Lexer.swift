import Text

/// What is told about the tokens of a text as they are found: `Blocks` follows the nesting of compound statements, `TokenList`
/// keeps them all. Both see what the one lexer sees.
protocol TokenFollower: Sendable {
    typealias Bytes = UnsafeBufferPointer<UInt8>

    init()

    /// Reads the word at `at` and leaves `at` behind it.
    mutating func word(_ bytes: Bytes, at: inout Int, limit: Int)
    /// A number, or an operator or other sign; `byte` is its first.
    mutating func symbol(_ byte: UInt8, _ range: Range<Int>)
    /// A string, a quoted name or a comment begins.
    mutating func opens(_ literal: Literal, at: Int)
    /// What was opened last ends before `at`.
    mutating func closes(at: Int)
    /// A `;`. Answers whether the statement goes on behind it.
    mutating func semicolon(at: Int) -> Bool
    /// What is open, for the continuation prompt.
    var innermost: String? { get }
}

/// What hides the characters in it.
enum Literal: Sendable {
    /// `'…'`, `"…"` or `$$…$$`.
    case string
    /// `r'…'` or `r"…"`: the word before it belongs to it.
    case rawString
    /// `` `…` ``
    case name
    case comment
}

/// Lexes SQL as Spark and Databricks do: `'…'`, `"…"` (backslash escapes), `` `…` ``, `r'…'`, `$$…$$` and `$tag$…$tag$`, `--`
/// comments (a backslash before the line end continues one), nested `/* */` comments, `/*+ … */` hints, whose inside is code,
/// and unquoted URLs. A resumable state machine over UTF-8 bytes: it is handed whole lines and keeps its state between them.
///
/// Facts: Spark's SqlBaseLexer.g4 (STRING_LITERAL, DOLLAR_QUOTED_TAG, SIMPLE_COMMENT, BRACKETED_COMMENT, HENT_START,
/// IDENTIFIER, which takes `letters://…` as one token).
struct Lexer<Follower: TokenFollower>: Sendable {
    typealias Bytes = UnsafeBufferPointer<UInt8>
    typealias Stop = StatementScanner.Stop

    enum Mode: Equatable {
        case code
        case quoted(UInt8, raw: Bool)
        case dollars
        case lineComment
        case comment(depth: Int)
    }

    var mode = Mode.code
    /// The letters between the dollars of the `$tag$` that is open.
    var tag: [UInt8] = []
    var follower = Follower()
    /// True once the statement has a character that is neither blank nor comment.
    private(set) var hasCode = false
    /// A line begins here that has not been looked at yet, because its text had not come.
    private var isAtLineStart = false

    /// What is open at the end of what has been scanned; nil where a statement could begin.
    var open: StatementScanner.Open? {
        switch mode {
        case .quoted(let quote, _): .quote(String(UnicodeScalar(quote)))
        case .dollars: .quote("$" + String(decoding: tag, as: UTF8.self) + "$")
        case .comment: .comment
        case .code, .lineComment: follower.innermost.map { .block($0) } ?? (hasCode ? .statement : nil)
        }
    }

    /// Goes on from `at` up to `limit`, which is a line end or the end of the text.
    mutating func scan(_ bytes: Bytes, at: inout Int, limit: Int) -> Stop {
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

    private mutating func scanCode(_ bytes: Bytes, at: inout Int, limit: Int) -> Stop? {
        while at < limit {
            let byte = bytes[at]
            if byte.isLetter || byte == UInt8(ascii: "_") {
                hasCode = true
                scanWord(bytes, at: &at, limit: limit)
                continue
            }
            switch byte {
            case .space, .tab, .carriageReturn, .verticalTab, .formFeed:
                at += 1
            case .newline:
                at += 1
                isAtLineStart = true
                if let stop = lookAtLine(bytes, at: at, limit: limit) { return stop }
            case .quote, .doubleQuote, .backtick:
                hasCode = true
                let raw = byte != .backtick && isRawPrefix(bytes, before: at)
                follower.opens(byte == .backtick ? .name : raw ? .rawString : .string, at: at)
                mode = .quoted(byte, raw: raw)
                at += 1
                return nil
            case .minus where at + 1 < limit && bytes[at + 1] == .minus:
                follower.opens(.comment, at: at)
                mode = .lineComment
                return nil
            case .slash where at + 1 < limit && bytes[at + 1] == .star:
                guard at + 2 < limit, bytes[at + 2] == .plus else {
                    follower.opens(.comment, at: at)
                    mode = .comment(depth: 1)
                    at += 2
                    return nil
                }
                hasCode = true  // a hint: its words are tokens like any other
                follower.symbol(byte, at..<at + 3)
                at += 3
            case .semicolon where follower.semicolon(at: at):
                hasCode = true
                at += 1
            case .semicolon:
                return ended(bytes, at: &at, limit: limit)
            case .backslash where at + 1 < limit && bytes[at + 1] == UInt8(ascii: "G") && follower.innermost == nil:
                let end = at
                at += 2
                return .ended(.vertical, end: end, next: at)
            case .dollar where opensDollars(bytes, at: &at, limit: limit):
                hasCode = true
                mode = .dollars
                return nil
            default:
                scanOther(bytes, at: &at, limit: limit)
            }
        }
        return nil
    }

    /// Numbers, operators, and everything that is not ASCII.
    private mutating func scanOther(_ bytes: Bytes, at: inout Int, limit: Int) {
        let byte = bytes[at]
        if byte >= 0x80 {
            let blank = Self.blankLength(bytes, at: at, limit: limit)
            if blank > 0 {
                at += blank
            } else {
                hasCode = true
                scanWord(bytes, at: &at, limit: limit)
            }
            return
        }
        hasCode = true
        let start = at
        at += 1
        if byte.isDigit {
            while at < limit, bytes[at].isDigit { at += 1 }
            if at + 1 < limit, bytes[at] == .dot, bytes[at + 1].isDigit { at += 1 }
            while at < limit, bytes[at].isWordPart { at += 1 }
        } else if byte == .star, at < limit, bytes[at] == .slash {
            at += 1  // `*/` is one token, so that the slash does not begin a comment in `*/*`
        }
        follower.symbol(byte, start..<at)
    }

    private mutating func scanWord(_ bytes: Bytes, at: inout Int, limit: Int) {
        let start = at
        follower.word(bytes, at: &at, limit: limit)
        guard at + 3 < limit, bytes[at] == .colon, bytes[at + 1] == .slash, bytes[at + 2] == .slash,
            bytes[start..<at].allSatisfy({ $0.isLetter || $0 >= 0x80 }), Self.isURLPart(bytes[at + 3])
        else { return }
        let colon = at
        at += 3
        while at < limit, Self.isURLPart(bytes[at]) { at += 1 }
        follower.symbol(.colon, colon..<at)
    }

    /// A line's first characters may end the statement: told once for each line, as soon as there are some.
    private mutating func lookAtLine(_ bytes: Bytes, at: Int, limit: Int) -> Stop? {
        guard at < limit else { return nil }
        isAtLineStart = false
        let mayEnd = [.minus, .slash, .hash, .backslash].contains(bytes[at])
        return mayEnd || !hasCode ? .line(at) : nil
    }

    /// At a `;` that ends the statement: looks for the `&` that makes it a background cell.
    private func ended(_ bytes: Bytes, at: inout Int, limit: Int) -> Stop {
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
}
