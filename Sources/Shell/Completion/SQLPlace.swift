import SQL
import Text

/// What the tokens before the cursor let follow.
nonisolated struct SQLPlace {
    let expectation: SQLCompletion.Expectation
    /// Keywords that an expression can begin with here.
    let beginnings: [String]
    /// Whether the keyword before is in lower case; nil without one.
    let isLowercase: Bool?

    private static let beforeTable: Set<String> = [
        "FROM", "JOIN", "INTO", "TABLE", "UPDATE", "DESCRIBE", "DESC", "OPTIMIZE", "VACUUM", "VIEW", "TRUNCATE",
        "OVERWRITE",
    ]
    private static let beforeSchema: Set<String> = ["USE", "SCHEMA", "DATABASE", "CATALOG"]
    /// Words that begin a part of a query.
    private static let clauses: Set<String> = [
        "SELECT", "FROM", "JOIN", "ON", "USING", "WHERE", "GROUP", "HAVING", "QUALIFY", "ORDER", "SORT", "LIMIT", "SET",
        "VALUES",
    ]
    /// Words after which an operand follows.
    private static let beforeOperand: Set<String> = Keywords.common.subtracting([
        "NULL", "TRUE", "FALSE", "END", "ASC", "DESC", "CURRENT_DATE", "CURRENT_TIMESTAMP", "CURRENT_USER",
    ])

    init(_ before: SQLTokens) {
        let reader = Reader(before)
        expectation = reader.expectation
        beginnings = reader.beginnings
        let word = before.all.last { $0.keyword.map(Keywords.common.contains) ?? false }
        isLowercase = word?.name.map { $0.first?.isLowercase == true }
    }

    private struct Reader {
        let tokens: SQLTokens
        /// Where the innermost bracket, or the statement, begins.
        let start: Int
        /// The word before the innermost bracket when that is no query of its own.
        let call: SQLTokens.Token?
        let isInCall: Bool
        /// The first word of the part of the query that the place is in.
        let clause: String?

        init(_ tokens: SQLTokens) {
            self.tokens = tokens
            let open = tokens.open.last
            start = open.map { $0 + 1 } ?? 0
            isInCall = open.map { !tokens.beginsQuery($0 + 1) } ?? false
            call = isInCall ? open.flatMap { tokens.at($0 - 1) } : nil
            let surface = tokens.surface(start..<tokens.count)
            let words = surface.compactMap { tokens[$0].keyword }
            clause = isInCall ? "(" : words.last { SQLPlace.clauses.contains($0) }
        }

        private var last: SQLTokens.Token? { tokens.all.last }
        private var firstWord: String? { tokens.all.first?.keyword }

        var beginnings: [String] {
            guard let last else { return SQLWords.statements }
            if isCreated { return last.keyword == "EXISTS" || last.keyword == "TO" ? [] : ["IF NOT EXISTS"] }
            var words = SQLWords.operands
            if last.isOpen { words += ["SELECT", "WITH", "DISTINCT", "VALUES"] }
            if last.keyword == "SELECT" { words += ["DISTINCT", "ALL"] }
            if last.keyword == "BY" { words += ["ALL"] }
            if isCase { words += ["WHEN", "ELSE", "END"] }
            return words
        }

        var expectation: SQLCompletion.Expectation {
            guard let last else { return .clause(SQLWords.statements) }
            if isCreated { return .created }
            if let expected = inColumnList { return expected }
            if let word = last.keyword, let expected = after(word) { return expected }
            if isInCall, tokens.count == start || last.isComma, let expected = inBrackets { return expected }
            let reader = SQLScopeReader(tokens: tokens)
            let sources = reader.sources(in: start..<tokens.count, [])
            if !isInCall, let end = sources.end { return .clause(words(after: end)) }
            if isOperand(last) {
                if call?.keyword == "OVER" {
                    return .operation(SQLWords.window + ["ASC", "DESC", "NULLS FIRST", "NULLS LAST"])
                }
                return .operation(
                    SQLWords.operations(in: clause, isCase: isCase, isCall: last.isClose)
                        .flatMap { clause == "FROM" || clause == "JOIN" ? nil : $0 } ?? afterTableFunction)
            }
            return last.isComma && !isInCall && isTableList ? .table : .expression
        }

        /// Behind `range(3)` and the like the clauses follow that follow tables.
        private var afterTableFunction: [String]? {
            clause == "FROM" || clause == "JOIN" ? SQLWords.joins + SQLWords.afterSources : nil
        }

        private static let makers: Set<String> = [
            "TABLE", "VIEW", "FUNCTION", "VOLUME", "SCHEMA", "DATABASE", "CATALOG",
        ]

        /// Whether the name of something new follows. What is replaced exists.
        private var isCreated: Bool {
            let words = tokens.all.map(\.keyword)
            if firstWord == "ALTER" { return words.suffix(2) == ["RENAME", "TO"] }
            guard firstWord == "CREATE", !words.contains("REPLACE"), !isInCall else { return false }
            let rest = words.suffix(3) == ["IF", "NOT", "EXISTS"] ? words.dropLast(3) : words[...]
            return rest.last?.map(Self.makers.contains) == true && !rest.contains("AS")
        }

        /// In the brackets of CREATE TABLE, columns are defined.
        private var inColumnList: SQLCompletion.Expectation? {
            guard firstWord == "CREATE", isInCall, tokens.open.count == 1, let last else { return nil }
            let words = tokens.all.prefix(start).map(\.keyword)
            guard words.contains("TABLE"), Set(words).isDisjoint(with: ["AS", "SELECT", "USING", "BY"]) else {
                return nil
            }
            if last.isOpen || last.isComma { return .nothing }
            guard let before = tokens.at(tokens.count - 2), before.isComma || tokens.count - 1 == start else {
                return .clause(SQLWords.columnDefinition)
            }
            return .type
        }

        /// What a word alone decides.
        private func after(_ word: String) -> SQLCompletion.Expectation? {
            let before = tokens.at(tokens.count - 2)?.keyword
            // In EXTRACT(YEAR FROM x) and TRIM(x FROM y) no table follows.
            if word == "FROM", isInCall, ["EXTRACT", "TRIM", "SUBSTRING", "OVERLAY"].contains(call?.keyword) {
                return .expression
            }
            if word == "EXISTS", before == "IF" { return firstWord == "DROP" && isAboutSchema ? .schema : .table }
            if word == "IF", tokens.count == 3 || tokens.count == 4 {
                return .clause(firstWord == "CREATE" ? ["NOT EXISTS"] : ["EXISTS"])
            }
            if word == "LIKE" || word == "CLONE", firstWord == "CREATE", clause == nil, !isInCall { return .table }
            if SQLPlace.beforeTable.contains(word), !(word == "DESC" && tokens.count > 1), !isInCall || word == "FROM" {
                return .table
            }
            if SQLPlace.beforeSchema.contains(word) { return .schema }
            if word == "ON", firstWord != "CREATE", firstWord != "COMMENT", firstWord != "GRANT" { return .condition }
            if word == "AS" {
                if ["CAST", "TRY_CAST"].contains(call?.keyword) { return .type }
                if firstWord == "CREATE", !isInCall, clause == nil { return .clause(SQLWords.queries) }
                return .nothing
            }
            let inSources = ["FROM", "JOIN", "ON", "USING"].contains(clause)
            return SQLWords.following(word, after: before, inSources: inSources).map { .clause($0) }
        }

        private var isAboutSchema: Bool {
            tokens.all.prefix(2).contains { ["SCHEMA", "DATABASE"].contains($0.keyword) }
        }

        /// At the start of brackets, or behind a comma in them.
        private var inBrackets: SQLCompletion.Expectation? {
            guard let call else { return nil }
            if call.keyword == "USING" { return .shared }
            if call.keyword == "OVER", tokens.count == start { return .clause(SQLWords.window) }
            return nil
        }

        private func words(after end: SQLScopeReader.End) -> [String] {
            if end.lacksAlias { return [] }
            let alias = end.hasAlias ? [] : ["AS"]
            return
                switch end.opener.uppercased()
            {
            case "UPDATE": ["SET"] + alias
            case "INTO": ["VALUES", "SELECT", "TABLE", "BY NAME", "PARTITION", "WITH"]
            case "MERGE": ["USING"] + alias
            case "USING": ["ON"] + alias
            case "TABLE": SQLWords.afterTable[firstWord ?? ""] ?? []
            case "JOIN": ["ON", "USING"] + alias + SQLWords.joins + SQLWords.afterSources
            default: alias + SQLWords.joins + SQLWords.afterSources
            }
        }

        private func isOperand(_ token: SQLTokens.Token) -> Bool {
            switch token.kind {
            case .name(let name, let isQuoted): isQuoted || !SQLPlace.beforeOperand.contains(name.uppercased())
            case .number, .string: true
            case .symbol(let byte): byte == .rightParenthesis || byte == UInt8(ascii: "*") && isStar
            }
        }

        /// The last token is no multiplication: it stands where an operand would.
        private var isStar: Bool {
            guard let before = tokens.at(tokens.count - 2) else { return false }
            return before.isComma || before.isDot || before.isOpen || ["SELECT", "DISTINCT"].contains(before.keyword)
        }

        /// Whether CASE is open.
        private var isCase: Bool {
            let words = tokens.surface(start..<tokens.count).compactMap { tokens[$0].keyword }
            return words.count { $0 == "CASE" } > words.count { $0 == "END" }
        }

        /// Whether a comma here separates tables: nothing but names since FROM.
        private var isTableList: Bool {
            for index in tokens.surface(start..<tokens.count).reversed() {
                guard let word = tokens[index].keyword else { continue }
                if word == "FROM" { return true }
                if SQLScopeReader.ends.contains(word) { return false }
            }
            return false
        }
    }
}
