/// What an SQL text does to data, as far as its words tell. For the read-only gate and for the question before a `DROP`.
nonisolated enum StatementNature: Equatable {
    case reads
    /// It writes; the words say how (`INSERT`).
    case writes(String)
    /// It cannot be told, and why.
    case unclear(String)

    /// Judges every statement in `text`; the first that does not only read decides.
    init(_ text: String) {
        guard let tokens = SQLWords.tokens(of: text) else {
            self = .unclear("it ends inside a string or a comment")
            return
        }
        // Spark puts configuration values in place of ${…} before it reads the statement, inside strings as well.
        guard !text.contains("${") else {
            self = .unclear("the workspace may put any text in place of ${…}")
            return
        }
        guard !text.contains("\\\n"), !text.contains("\\\r\n") else {
            self = .unclear("engines differ in what a backslash at a line's end continues")
            return
        }
        for statement in tokens.split(separator: .semicolon) {
            let nature = Self.nature(of: Array(statement)[...])
            if nature != .reads {
                self = nature
                return
            }
        }
        self = .reads
    }

    private typealias Token = SQLWords.Token

    /// Statements that only read, or change nothing but the session.
    private static let harmless: Set<String> = [
        "SELECT", "WITH", "FROM", "VALUES", "TABLE", "SHOW", "DESCRIBE", "DESC", "LIST", "USE", "SET", "RESET",
    ]
    /// What may follow a common table expression, a FROM or a pipe, and writes.
    private static let writing: Set<String> = ["INSERT", "MERGE", "UPDATE", "DELETE", "REPLACE", "OVERWRITE"]
    private static let alwaysWriting: Set<String> = [
        "CREATE", "DROP", "ALTER", "TRUNCATE", "GRANT", "REVOKE", "COPY", "OPTIMIZE", "VACUUM", "RESTORE", "REFRESH",
        "ANALYZE", "MSCK", "REPAIR", "COMMENT", "UNDROP", "CLONE", "LOAD", "PUT", "REMOVE", "DENY", "REORG", "CACHE",
        "UNCACHE", "CLEAR", "SYNC", "CONVERT", "APPLY",
    ]
    /// Functions that run any code or call any service.
    private static let reaching: Set<String> = ["REFLECT", "TRY_REFLECT", "JAVA_METHOD", "HTTP_REQUEST"]

    private static func nature(of statement: ArraySlice<Token>) -> StatementNature {
        var rest = statement.drop { $0 == .symbol(.leftParenthesis) }
        guard let first = rest.first else { return .reads }
        guard case .word(let verb) = first else { return .unclear("it does not begin with a word") }
        if verb == "EXPLAIN" {
            rest.removeFirst()
            while case .word(let word)? = rest.first, ["EXTENDED", "FORMATTED", "COST", "CODEGEN"].contains(word) {
                rest.removeFirst()
            }
            return nature(of: rest)
        }
        if writing.contains(verb) || alwaysWriting.contains(verb) { return .writes(verb) }
        if verb == "BEGIN" { return .unclear("a BEGIN … END block may write") }
        guard harmless.contains(verb) else { return .unclear("\(verb) may write") }
        if rest.dropFirst().first == .symbol(.colon) { return .unclear("a labelled block may write") }
        return inside(rest)
    }

    /// Looks for what writes further on in a statement that began harmlessly.
    private static func inside(_ tokens: ArraySlice<Token>) -> StatementNature {
        for index in tokens.indices.dropFirst() {
            guard case .word(let word) = tokens[index], tokens[index - 1] != .symbol(.dot) else { continue }
            let isCall = index + 1 < tokens.endIndex && tokens[index + 1] == .symbol(.leftParenthesis)
            if isCall, reaching.contains(word) { return .unclear("\(word) may run any code") }
            if !isCall, writing.contains(word) { return .writes(word) }
        }
        return .reads
    }

    // MARK: What a terminal asks about

    /// What in `text` destroys data at one stroke: `DROP`, `TRUNCATE`, `DELETE` and `UPDATE` without `WHERE`; nil when nothing.
    static func danger(in text: String) -> String? {
        guard let tokens = SQLWords.tokens(of: text) else { return nil }
        for statement in tokens.split(separator: .semicolon) {
            var starts = true
            var depth = 0
            for index in statement.indices {
                switch statement[index] {
                case .symbol(.leftParenthesis): depth += 1
                case .symbol(.rightParenthesis):
                    depth -= 1
                    starts = depth == 0  // a common table expression ends with a parenthesis
                    continue
                case .word(let word):
                    if starts, depth == 0, let danger = danger(word, statement[index...]) { return danger }
                    starts = ["BEGIN", "THEN", "ELSE", "DO"].contains(word)
                    continue
                case .symbol, .semicolon: break
                }
                starts = false
            }
        }
        return nil
    }

    private static func danger(_ verb: String, _ statement: ArraySlice<Token>) -> String? {
        switch verb {
        case "DROP", "TRUNCATE":
            if case .word(let kind)? = statement.dropFirst().first { return "\(verb) \(kind)" }
            return verb
        case "DELETE", "UPDATE":
            var depth = 0
            for token in statement {
                if token == .symbol(.leftParenthesis) { depth += 1 }
                if token == .symbol(.rightParenthesis) { depth -= 1 }
                if depth == 0, token == .word("WHERE") { return nil }
            }
            return "\(verb) without WHERE"
        default: return nil
        }
    }
}
