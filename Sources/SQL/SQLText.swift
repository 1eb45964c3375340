import Text

/// A whole SQL text and its tokens, as the one lexer finds them. What it does (`effect`), which parameters it names and the
/// like are asked of it.
package struct SQLText: Sendable {
    /// A token of the text.
    package struct Token: Sendable, Equatable {
        /// What a token is.
        package enum Kind: Sendable, Equatable {
            /// A keyword or a name without quotes.
            case word
            /// A name in backticks.
            case name
            /// `'…'`, `"…"`, `r'…'` or `$$…$$`.
            case string
            case number
            case comment
            /// An operator or another sign, by its first byte; `;` is one too.
            case symbol(UInt8)
        }

        package let kind: Kind
        /// Where it stands in the text's UTF-8.
        package let range: Range<Int>
    }

    private let bytes: [UInt8]
    /// In order, comments among them. A string, name or comment that is not closed goes to the end of the text.
    package let tokens: [Token]
    /// What is not closed at the end of the text: a string, a quoted name (`quote`) or a comment.
    package let open: StatementScanner.Open?

    package init(_ text: some StringProtocol) { self.init(Array(text.utf8)) }

    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
        var lexer = Lexer<TokenList>()
        bytes.withUnsafeBufferPointer { bytes in
            var at = 0
            // It stops at lines for the sake of a reader of cells; here they mean nothing.
            while lexer.scan(bytes, at: &at, limit: bytes.count) != .needsMore {}
        }
        switch lexer.open {
        case .quote(let delimiter)?: open = .quote(delimiter)
        case .comment?: open = .comment
        case .block?, .statement?, nil: open = nil
        }
        tokens = lexer.follower.finished(at: bytes.count)
    }

    /// The first word of a text in upper case, brackets before it passed over; nil when the text begins otherwise. A long text
    /// is not read whole for it.
    static func firstWord(of text: some StringProtocol) -> String? {
        let head = SQLText(Array(text.utf8.prefix(4096)))
        let first = head.code.first { $0.kind != .symbol(.leftParenthesis) }
        if let first, first.range.upperBound < 4096 { return head.keyword(first) }
        if text.utf8.count <= 4096 { return first.flatMap(head.keyword) }
        let whole = SQLText(text)
        return whole.code.first { $0.kind != .symbol(.leftParenthesis) }.flatMap(whole.keyword)
    }

    /// Whether the text ends inside a string or a comment, where no code can follow.
    package var endsHidden: Bool {
        guard let last = tokens.last, last.range.upperBound == bytes.count else { return false }
        switch last.kind {
        case .string: return open != nil
        case .comment: return open != nil || bytes[last.range.lowerBound] == .minus
        case .word, .name, .number, .symbol: return false
        }
    }

    /// The tokens without the comments.
    package var code: [Token] { tokens.filter { $0.kind != .comment } }

    /// A token as it is written.
    package func text(of token: Token) -> String { String(decoding: bytes[token.range], as: UTF8.self) }

    /// The name that a token is, without its backticks; nil for strings, numbers and signs.
    package func name(_ token: Token) -> String? {
        switch token.kind {
        case .word: return text(of: token)
        case .name:
            let isClosed = token.range.count > 1 && bytes[token.range.upperBound - 1] == .backtick
            let inside = bytes[token.range.lowerBound + 1..<token.range.upperBound - (isClosed ? 1 : 0)]
            return String(decoding: inside, as: UTF8.self).replacing("``", with: "`")
        case .string, .number, .comment, .symbol: return nil
        }
    }

    /// Whether `${` stands anywhere in the text, also in a string or a comment.
    var hasVariable: Bool { zip(bytes, bytes.dropFirst()).contains { $0 == .dollar && $1 == .leftBrace } }

    /// A word in upper case; nil for any other token, also for a name in backticks.
    package func keyword(_ token: Token) -> String? { token.kind == .word ? text(of: token).uppercased() : nil }
}

/// Keeps every token of a text that is lexed at once.
private struct TokenList: TokenFollower {
    private var tokens: [SQLText.Token] = []
    private var opened: (kind: SQLText.Token.Kind, start: Int)?

    mutating func word(_ bytes: Bytes, at: inout Int, limit: Int) {
        let start = at
        while at < limit, bytes[at].isWordPart { at += 1 }
        tokens.append(.init(kind: .word, range: start..<at))
    }

    mutating func symbol(_ byte: UInt8, _ range: Range<Int>) {
        tokens.append(.init(kind: byte.isDigit ? .number : .symbol(byte), range: range))
    }

    mutating func opens(_ literal: Literal, at: Int) {
        switch literal {
        case .string: opened = (.string, at)
        case .rawString: opened = (.string, tokens.popLast()?.range.lowerBound ?? at)
        case .name: opened = (.name, at)
        case .comment: opened = (.comment, at)
        }
    }

    mutating func closes(at: Int) {
        guard let opened else { return }
        // A doubled backtick is one inside the name; the lexer leaves the name and enters another.
        if opened.kind == .name, let last = tokens.last, last.kind == .name, last.range.upperBound == opened.start {
            tokens[tokens.count - 1] = .init(kind: .name, range: last.range.lowerBound..<at)
        } else {
            tokens.append(.init(kind: opened.kind, range: opened.start..<at))
        }
        self.opened = nil
    }

    mutating func semicolon(at: Int) -> Bool {
        tokens.append(.init(kind: .symbol(.semicolon), range: at..<at + 1))
        return true
    }

    /// Never nil: `\G` and `;` do not end a text that is looked at whole.
    var innermost: String? { "" }

    /// Every token of a text of `count` bytes.
    func finished(at count: Int) -> [SQLText.Token] {
        guard opened != nil else { return tokens }
        var list = self
        list.closes(at: count)
        return list.tokens
    }
}
