import SQL
import Text

/// The tokens of one statement, without comments, with their places in the text.
nonisolated struct SQLTokens {
    struct Token: Equatable {
        enum Kind: Equatable {
            case name(String, isQuoted: Bool)
            case number
            case string
            case symbol(UInt8)
        }

        let kind: Kind
        let range: Range<Int>

        /// A word without quotes, in upper case.
        var keyword: String? { if case .name(let text, false) = kind { text.uppercased() } else { nil } }
        var name: String? { if case .name(let text, _) = kind { text } else { nil } }
        func isSymbol(_ byte: UInt8) -> Bool { kind == .symbol(byte) }
        var isOpen: Bool { isSymbol(.leftParenthesis) }
        var isClose: Bool { isSymbol(.rightParenthesis) }
        var isComma: Bool { isSymbol(UInt8(ascii: ",")) }
        var isDot: Bool { isSymbol(.dot) }
    }

    let all: [Token]
    /// Where the bracket closes that opens at an index; one that is not closed reaches to the end.
    private let closing: [Int: Int]

    var count: Int { all.count }
    subscript(index: Int) -> Token { all[index] }
    func at(_ index: Int) -> Token? { all.indices.contains(index) ? all[index] : nil }

    /// - Parameters:
    ///   - place: the statement that this offset is in.
    ///   - typed: what is being typed there, which is left out.
    init(_ text: SQLText, around place: Int, without typed: Range<Int>) {
        var tokens: [Token] = []
        for token in text.tokens {
            let kind: Token.Kind
            switch token.kind {
            case .comment: continue
            case .symbol(.semicolon):
                if token.range.upperBound <= place {
                    tokens = []
                    continue
                }
                self.init(tokens)
                return
            case .symbol(let byte): kind = .symbol(byte)
            case .string: kind = .string
            case .number: kind = .number
            case .word: kind = .name(text.text(of: token), isQuoted: false)
            case .name: kind = .name(text.name(token) ?? "", isQuoted: true)
            }
            if token.range.lowerBound >= typed.lowerBound, token.range.lowerBound < typed.upperBound { continue }
            tokens.append(Token(kind: kind, range: token.range))
        }
        self.init(tokens)
    }

    private init(_ tokens: [Token]) {
        var closing: [Int: Int] = [:]
        var open: [Int] = []
        for (index, token) in tokens.enumerated() {
            if token.isOpen { open.append(index) }
            if token.isClose, let start = open.popLast() { closing[start] = index }
        }
        for start in open { closing[start] = tokens.count }
        all = tokens
        self.closing = closing
    }

    /// The tokens before an offset of the text.
    func before(_ offset: Int) -> SQLTokens { SQLTokens(Array(all.prefix { $0.range.upperBound <= offset })) }

    /// Where the bracket at `index` closes.
    func close(of index: Int) -> Int { closing[index] ?? count }

    /// Behind the bracket that opens at `index`.
    func behind(_ index: Int, within end: Int) -> Int { min(end, close(of: index) + 1) }

    /// The places of a range that are not within brackets of it.
    func surface(_ range: Range<Int>) -> [Int] {
        var found: [Int] = []
        var index = range.lowerBound
        while index < range.upperBound {
            found.append(index)
            index = all[index].isOpen ? max(index + 1, min(range.upperBound, close(of: index))) : index + 1
        }
        return found
    }

    /// What is between the brackets that open at `index`.
    func inside(_ index: Int) -> Range<Int> { index + 1..<max(index + 1, close(of: index)) }

    private static let queryWords: Set<String> = ["SELECT", "WITH", "FROM", "VALUES", "TABLE"]

    /// Whether a query begins at `index`.
    func beginsQuery(_ index: Int) -> Bool {
        guard let token = at(index) else { return false }
        if token.isOpen { return beginsQuery(index + 1) }
        return token.keyword.map(Self.queryWords.contains) ?? false
    }

    /// The brackets around the place behind the last token, from the outside in.
    var open: [Int] { all.indices.filter { all[$0].isOpen && close(of: $0) == count } }
}
