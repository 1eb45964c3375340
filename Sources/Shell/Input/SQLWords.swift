/// The tokens of an SQL text that say what it does: its words, its parentheses and its semicolons, without comments and
/// with strings reduced to their quotes. Found by the same lexer that splits statements.
nonisolated struct SQLWords: SQLTokenFollower {
    enum Token: Equatable {
        /// A word in upper case.
        case word(String)
        /// Any other token's first byte; a string's is its quote.
        case symbol(UInt8)
        case semicolon
    }

    private(set) var tokens: [Token] = []

    init() {}

    mutating func word(_ bytes: UnsafeBufferPointer<UInt8>, at: inout Int, limit: Int) {
        let start = at
        while at < limit, bytes[at].isWordPart { at += 1 }
        tokens.append(.word(String(decoding: bytes[start..<at], as: UTF8.self).uppercased()))
    }

    mutating func symbol(_ byte: UInt8) { tokens.append(.symbol(byte)) }

    mutating func semicolon() -> Bool {
        tokens.append(.semicolon)
        return true
    }

    var innermost: String? { "" }

    /// The tokens of `text`; nil when it ends inside a string or a comment, so that nobody can say what it holds.
    static func tokens(of text: String) -> [Token]? {
        var lexer = SQLLexer<SQLWords>()
        var text = text + "\n"
        return text.withUTF8 { bytes in
            var at = 0
            // It stops at lines for the reader's sake; here they mean nothing.
            while lexer.scan(bytes, at: &at, limit: bytes.count) != .needsMore {}
            if case .quote = lexer.open { return nil }
            return lexer.open == .comment ? nil : lexer.follower.tokens
        }
    }
}
