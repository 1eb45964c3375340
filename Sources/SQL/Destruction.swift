import Text

extension SQLText {
    /// What in the text destroys data at one stroke, for the question at a terminal: `DROP`, `TRUNCATE`, and `DELETE` and
    /// `UPDATE` without `WHERE`; nil when nothing does.
    package var destruction: String? {
        guard open == nil else { return nil }
        for statement in statements {
            var starts = true
            var depth = 0
            for index in statement.indices {
                switch statement[index] {
                case .open: depth += 1
                case .close:
                    depth -= 1
                    starts = depth == 0  // a common table expression ends with a parenthesis
                    continue
                case .word(let word):
                    if starts, depth == 0, let found = Self.destruction(word, statement[index...]) { return found }
                    starts = ["BEGIN", "THEN", "ELSE", "DO"].contains(word)
                    continue
                default: break
                }
                starts = false
            }
        }
        return nil
    }

    private static func destruction(_ verb: String, _ statement: ArraySlice<Piece>) -> String? {
        switch verb {
        case "DROP", "TRUNCATE":
            let next = statement.dropFirst().first
            if isTemporary(next) { return nil }
            return next?.word.map { "\(verb) \($0)" } ?? verb
        case "DELETE", "UPDATE":
            var depth = 0
            for piece in statement {
                if piece == .open { depth += 1 }
                if piece == .close { depth -= 1 }
                if depth == 0, piece == .word("WHERE") { return nil }
            }
            return "\(verb) without WHERE"
        default: return nil
        }
    }
}
