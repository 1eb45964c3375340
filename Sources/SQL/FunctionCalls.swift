import Text

extension ArraySlice<Piece> {
    /// A function that is called and is not known to only compute or read.
    enum UnknownCall: Equatable {
        /// It does what the statement says, to whatever that names: `http_request`, `reflect`, a program after `USING`.
        case reachesOutside(String)
        /// Somebody's own function, or one that asks a model or a service.
        case function(String)
    }

    /// Words before a parenthesis that call nothing.
    private static let syntax: Set<String> = [
        "AGGREGATE", "ALL", "AND", "ANY", "AS", "BETWEEN", "BY", "CASE", "COLUMNS", "CUBE", "DISTINCT", "DIV", "ELSE",
        "ESCAPE",
        "EXCEPT", "EXCLUDE", "EXISTS", "EXTEND", "FILTER", "FOR", "FROM", "FULL", "GROUP", "GROUPING", "HAVING",
        "IDENTIFIER",
        "ILIKE", "IN", "INTERSECT", "INTERVAL", "IS", "JOIN", "LATERAL", "LIKE", "LIMIT", "MINUS", "NOT", "NULLS", "OF",
        "OFFSET", "ON",
        "OPTIONS", "OR", "OVER", "PARTITION", "PIVOT", "QUALIFY", "REGEXP", "REPEATABLE", "REPLACE", "RETURN", "RLIKE",
        "ROLLUP", "ROW", "SELECT", "SET", "SETMINUS", "SETS", "SOME", "TABLE", "TABLESAMPLE", "THEN", "UNION",
        "UNPIVOT",
        "USING", "VALUES", "VAR", "VARIABLE", "WHEN", "WHERE", "WINDOW", "WITH",
    ]

    /// The first call that reaches outside; else the first of a function that is not known; else nil.
    var unknownCall: UnknownCall? {
        var found: UnknownCall?
        let listed = Set(indices.filter { self[$0] == .word("WITH") }.flatMap { definitions(at: $0)?.listed ?? [] })
        for index in indices {
            if self[index] == .word("USING"), at(index + 1) == .string {
                return .reachesOutside("a program after USING")
            }
            if self[index] == .word("IDENTIFIER"), at(index + 1) == .open, at(end(ofGroupAt: index + 1)) == .open {
                return .reachesOutside("a function that IDENTIFIER names")
            }
            guard at(index + 1) == .open, let name = calledName(at: index) else { continue }
            if Functions.reachingOutside.contains(name) { return .reachesOutside(name) }
            if found == nil, !listed.contains(index), !isKnown(name, at: index) { found = .function(name) }
        }
        return found
    }

    /// The name of the function at `index`, in lower case, if one can stand there.
    private func calledName(at index: Int) -> String? {
        switch self[index] {
        case .word(let word): word.lowercased()
        case .name(let name): name.lowercased()
        case .number(let text): text.allSatisfy(\.isNumber) ? nil : text.lowercased()
        // Where "…" is set to quote names, this is one.
        case .string: "a quoted name"
        case .symbol: nil
        }
    }

    /// Whether what stands before a parenthesis is known to be harmless: a built-in function, a word of the grammar, or the
    /// name of a table with a list of columns (`(…) t (a, b)`, `… AS t (a, b)`).
    private func isKnown(_ name: String, at index: Int) -> Bool {
        let before = at(index - 1)
        if before == .close || before == .word("AS") { return true }
        if before == .dot {
            // system.builtin holds the built-in functions; any other schema somebody's own.
            let isBuiltin =
                at(index - 2) == .word("BUILTIN") && at(index - 3) == .dot && at(index - 4) == .word("SYSTEM")
                && at(index - 5) != .dot
            return isBuiltin && Functions.builtin.contains(name)
        }
        if case .word(let word) = self[index], Self.syntax.contains(word) { return true }
        return Functions.builtin.contains(name)
    }
}
