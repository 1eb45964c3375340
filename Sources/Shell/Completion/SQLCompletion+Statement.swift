import SQL
import Text

/// What stands around the cursor in a statement.
nonisolated extension SQLCompletion {
    private static let beforeTable: Set<String> = [
        "FROM", "JOIN", "INTO", "TABLE", "UPDATE", "DESCRIBE", "DESC", "OPTIMIZE", "VACUUM", "VIEW", "TRUNCATE",
    ]
    private static let endOfSources: Set<String> = [
        "WHERE", "GROUP", "ORDER", "HAVING", "LIMIT", "SELECT", "SET", "VALUES", "ON", "USING", "UNION", "EXCEPT",
        "INTERSECT", "QUALIFY", "WINDOW", "WHEN", "LATERAL", "TABLESAMPLE", "PIVOT", "UNPIVOT", "CLUSTER", "SORT",
    ]
    private static let joins: Set<String> = [
        "JOIN", "INNER", "LEFT", "RIGHT", "FULL", "CROSS", "NATURAL", "SEMI", "ANTI",
    ]

    /// Words after which an operand follows.
    private static let beforeOperand: Set<String> = Keywords.common.subtracting([
        "NULL", "TRUE", "FALSE", "END", "ASC", "DESC", "CURRENT_DATE", "CURRENT_TIMESTAMP",
    ])

    static func expectation(after tokens: [Token]) -> Expectation {
        guard let last = tokens.last else { return .expression }
        if let word = last.keyword {
            if beforeTable.contains(word) { return .table }
            if ["USE", "SCHEMA", "DATABASE", "CATALOG"].contains(word) { return .schema }
        }
        if let end = sources(in: tokens).end { return .clause(end.clauses) }
        if case .name(let name, let isQuoted) = last {
            return !isQuoted && beforeOperand.contains(name.uppercased()) ? .expression : .operation
        }
        if last == .symbol(UInt8(ascii: ")")) || last == .symbol(.quote) { return .operation }
        return last == .symbol(UInt8(ascii: ",")) && isTableList(tokens.dropLast()) ? .table : .expression
    }

    /// Whether a comma after these separates tables: nothing but names since FROM.
    private static func isTableList(_ tokens: some BidirectionalCollection<Token>) -> Bool {
        var depth = 0
        for token in tokens.reversed() {
            if token == .symbol(UInt8(ascii: ")")) { depth += 1 }
            if token == .symbol(UInt8(ascii: "(")) {
                if depth == 0 { return false }
                depth -= 1
            }
            guard depth == 0, let word = token.keyword else { continue }
            if word == "FROM" { return true }
            if endOfSources.contains(word) { return false }
        }
        return false
    }

    /// A table, and its alias if it has one, after which the text ends.
    struct SourceEnd {
        /// The word that it stands after, as it is written: `from`.
        var opener: String
        var hasAlias: Bool
        /// Whether AS waits for the alias.
        var lacksAlias: Bool

        /// What can follow, in the case of the opener.
        var clauses: [String] {
            if lacksAlias { return [] }
            let keywords =
                switch opener.uppercased() {
                case "UPDATE": hasAlias ? ["SET"] : ["SET", "AS"]
                case "INTO": ["VALUES", "SELECT", "TABLE", "BY NAME", "PARTITION"]
                case "MERGE": hasAlias ? ["USING"] : ["USING", "AS"]
                case "JOIN": ["ON", "USING"] + (hasAlias ? [] : ["AS"]) + afterTable
                default: (hasAlias ? [] : ["AS"]) + afterTable
                }
            return opener.first?.isLowercase == true ? keywords.map { $0.lowercased() } : keywords
        }

        private var afterTable: [String] {
            [
                "WHERE", "JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN", "CROSS JOIN", "GROUP BY", "HAVING", "ORDER BY",
                "LIMIT", "UNION", "EXCEPT", "INTERSECT", "LATERAL VIEW", "TABLESAMPLE", "PIVOT", "WINDOW",
            ]
        }
    }

    /// The tables of a statement, and how the last one ends if the text ends with it.
    static func sources(in tokens: [Token]) -> (found: [Source], end: SourceEnd?) {
        var found: [Source] = []
        var end: SourceEnd?
        var opener = ""
        var isList = false
        var at = 0
        while at < tokens.count {
            let token = tokens[at]
            at += 1
            if let word = token.keyword, endOfSources.contains(word) { isList = false }
            let begins = token.keyword.map { ["FROM", "JOIN", "UPDATE", "INTO"].contains($0) } ?? false
            guard begins || isList && token == .symbol(UInt8(ascii: ",")) else { continue }
            isList = true
            if case .name(let word, _) = token { opener = word }
            if at > 1, tokens[at - 2].keyword == "MERGE", case .name(let word, _) = tokens[at - 2] { opener = word }
            guard let path = path(tokens, &at) else { continue }
            let hasAs = at < tokens.count && tokens[at].keyword == "AS"
            if hasAs { at += 1 }
            var alias = path.last ?? ""
            var hasAlias = false
            if at < tokens.count, case .name(let name, let isQuoted) = tokens[at],
                isQuoted || !(endOfSources.union(joins).union(beforeTable).contains(name.uppercased()))
            {
                alias = name
                hasAlias = true
                at += 1
            }
            found.append(Source(path: path, alias: alias))
            if at == tokens.count {
                end = SourceEnd(opener: opener, hasAlias: hasAlias, lacksAlias: hasAs && !hasAlias)
            }
        }
        return (found, end)
    }

    private static func path(_ tokens: [Token], _ at: inout Int) -> [String]? {
        guard at < tokens.count, case .name(let first, _) = tokens[at] else { return nil }
        var path = [first]
        at += 1
        while at + 1 < tokens.count, tokens[at] == .symbol(.dot), case .name(let next, _) = tokens[at + 1] {
            path.append(next)
            at += 2
        }
        return path
    }

    /// Names and symbols of the last statement; strings are left as their quotes, comments are left out.
    /// - Returns: the tokens, and where the name begins whose backtick is open at the end.
    static func tokens(of text: SQLText) -> (tokens: [Token], openQuote: Int?) {
        var tokens: [Token] = []
        for token in text.tokens {
            switch token.kind {
            case .word, .number: tokens.append(.name(text.text(of: token), isQuoted: false))
            case .name where token == text.tokens.last && text.open == .quote("`"):
                return (tokens, token.range.lowerBound)
            case .name: tokens.append(.name(text.name(token) ?? "", isQuoted: true))
            case .string: tokens.append(.symbol(.quote))
            case .symbol(.semicolon): tokens = []
            case .symbol(let byte): tokens.append(.symbol(byte))
            case .comment: break
            }
        }
        return (tokens, nil)
    }
}
