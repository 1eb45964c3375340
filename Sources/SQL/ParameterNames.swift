import Text

extension SQLText {
    /// The names of the parameters (`:name`) in the text, as they are written.
    ///
    /// A colon right behind a name takes a field of a JSON column (`raw:owner`) or makes a label; behind another colon it is a
    /// cast (`a::int`). Where that cannot be told (`limit:n`), the name counts: one too many does no harm.
    package var parameterNames: Set<String> {
        var found: Set<String> = []
        let code = code
        for index in code.indices.dropLast() where code[index].kind == .symbol(.colon) && code[index].range.count == 1 {
            guard let name = name(code[index + 1]), index == 0 || !isOperand(code[index - 1], before: code[index])
            else {
                continue
            }
            found.insert(name)
        }
        return found
    }

    /// Whether a token right before a colon is what the colon takes a field of, or casts.
    private func isOperand(_ token: Token, before colon: Token) -> Bool {
        guard token.range.upperBound == colon.range.lowerBound else { return false }
        switch token.kind {
        case .word: return !Keywords.common.contains(text(of: token).uppercased())
        case .name, .string: return true
        case .symbol(let byte): return byte == .colon || byte == .rightParenthesis || byte == UInt8(ascii: "]")
        case .number, .comment: return false
        }
    }
}
