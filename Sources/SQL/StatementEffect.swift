import Text

/// What an SQL text does, as far as its words tell: the one judge, for the read-only mode and for whether a statement may be
/// run again. It errs on the safe side: what it does not recognise is `unclear`.
package enum StatementEffect: Equatable, Sendable {
    /// Reads data and changes nothing. Some answers differ each time (`rand()`, a table that others write to), which is no
    /// reason not to ask again.
    case reads
    /// Says something about the catalog or about another statement, which is not run: `SHOW`, `DESCRIBE`, `EXPLAIN DELETE …`.
    case explains
    /// Changes nothing but the session: `USE`, `SET`, temporary views, variables.
    case changesSession
    /// Reads, and calls a function that is not known to do nothing else: a user's own, or one that asks a model or a service.
    /// (Databricks lets no function change tables, but each call may cost or count.)
    case callsFunction(String)
    /// Makes something outside act as the statement says: `http_request`, `reflect`, a program after `USING`.
    case reachesOutside(String)
    /// It cannot be told, and why.
    case unclear(String)
    /// Changes data, or what others see; the words say how (`INSERT`).
    case writes(String)

    /// Whether the statement changes nothing but its own session, as far as Databricks lets it.
    package var onlyReads: Bool {
        switch self {
        case .reads, .explains, .changesSession, .callsFunction: true
        case .reachesOutside, .unclear, .writes: false
        }
    }

    private var weight: Int {
        switch self {
        case .reads: 0
        case .explains: 1
        case .changesSession: 2
        case .callsFunction: 3
        case .reachesOutside: 4
        case .unclear: 5
        case .writes: 6
        }
    }

    /// The graver of two; the first when they are alike.
    static func graver(_ first: Self, _ second: Self) -> Self { second.weight > first.weight ? second : first }
}

extension SQLText {
    /// What the text does: of several statements, what the gravest does.
    package var effect: StatementEffect {
        if open != nil { return .unclear("it ends inside a string or a comment") }
        // Spark puts configuration values in place of ${…} before it reads the statement, inside strings as well.
        if hasVariable {
            return .unclear("the workspace may put any text in place of ${…}")
        }
        if tokens.contains(where: isContinuedComment) {
            return .unclear("engines differ in what a backslash at a line's end continues")
        }
        let statements = statements
        return statements.reduce(.reads) { .graver($0, Self.effect(of: $1, isAlone: statements.count == 1)) }
    }

    /// Whether the text is one statement that changes nothing anywhere, however often it is run.
    package static func mayRunAgain(_ statement: String) -> Bool {
        // A long INSERT need not be read whole.
        guard let verb = firstWord(of: statement), !writers.contains(verb) else { return false }
        let text = SQLText(statement)
        return switch text.effect {
        case .reads, .explains: text.statements.count == 1
        case .changesSession, .callsFunction, .reachesOutside, .unclear, .writes: false
        }
    }

    private func isContinuedComment(_ token: Token) -> Bool {
        guard token.kind == .comment else { return false }
        let text = text(of: token)
        return text.hasPrefix("--") && (text.contains("\\\n") || text.contains("\\\r\n"))
    }

    // MARK: One statement

    private static let queries: Set<String> = ["SELECT", "VALUES", "TABLE", "FROM", "MAP", "REDUCE"]
    private static let writers: Set<String> = [
        "ADD", "ALTER", "ANALYZE", "APPLY", "CACHE", "CLEAR", "CLONE", "COMMENT", "COMMIT", "CONVERT", "COPY", "CREATE",
        "DELETE",
        "DENY", "DROP", "EXPORT", "FSCK", "GENERATE", "GRANT", "IMPORT", "INSERT", "LOAD", "LOCK", "MERGE", "MSCK",
        "OPTIMIZE",
        "PUT", "REFRESH", "REMOVE", "REORG", "REPAIR", "REPLACE", "RESTORE", "REVOKE", "SYNC", "TRUNCATE", "UNCACHE",
        "UNDROP",
        "UNLOCK", "UNSET", "UPDATE", "VACUUM",
    ]
    private static let blocks: Set<String> = ["BEGIN", "LOOP", "WHILE", "FOR", "REPEAT"]

    /// - Parameter isAlone: no other statement stands beside it, so that it is no part of a block.
    private static func effect(of statement: ArraySlice<Piece>, isAlone: Bool) -> StatementEffect {
        let rest = statement.drop { $0 == .open }
        guard let first = rest.first else { return .reads }
        guard let verb = first.word else { return .unclear("it does not begin with a word") }
        let second = rest.at(rest.startIndex + 1)
        if !isAlone, second == .symbol(.colon), blocks.contains(rest.at(rest.startIndex + 2)?.word ?? "") {
            return .unclear("a labelled block may write")
        }
        switch verb {
        case _ where queries.contains(verb): return query(rest)
        case "WITH": return common(rest)
        case "EXPLAIN": return explained(rest.dropFirst())
        case "SHOW", "DESCRIBE", "DESC", "LIST": return unlessOutside(rest, .explains)
        case "GET": return .reads
        case "USE", "RESET", "DECLARE", "ROLLBACK": return .graver(.changesSession, query(rest))
        case "SET": return set(rest)
        case "CREATE": return created(rest)
        case "DROP" where isTemporary(second): return .changesSession
        case "BEGIN" where isAlone && beginsTransaction(rest), "START" where beginsTransaction(rest):
            return .changesSession
        case "BEGIN": return .unclear("a BEGIN … END block may write")
        case "CALL": return .unclear("a procedure may write")
        case "EXECUTE": return .unclear("the statement that EXECUTE IMMEDIATE runs may write")
        default: return writers.contains(verb) ? .writes(verb) : .unclear("\(verb) may write")
        }
    }

    /// A query: whether it calls what may do more than read, and whether it goes on to write, as `FROM t INSERT INTO u …` does.
    private static func query(_ pieces: ArraySlice<Piece>) -> StatementEffect {
        for index in pieces.indices.dropFirst() where pieces[index - 1] != .dot {
            let writes =
                switch (pieces[index].word, pieces.at(index + 1)?.word) {
                case ("INSERT", "INTO"), ("INSERT", "OVERWRITE"), ("MERGE", "INTO"), ("MERGE", "WITH"),
                    ("DELETE", "FROM"):
                    true
                case ("INTO", _): true
                case ("UPDATE", _): updates(pieces[(index + 1)...])
                default: false
                }
            if writes, let word = pieces[index].word { return .writes(word) }
        }
        switch pieces.unknownCall {
        case .reachesOutside(let what)?: return .reachesOutside(what)
        case .function(let name)?: return .callsFunction(name)
        case nil: return .reads
        }
    }

    /// Whether these begin with `name [[AS] alias] SET`, as behind UPDATE.
    private static func updates(_ pieces: ArraySlice<Piece>) -> Bool {
        pieces.prefix { $0.isName || $0 == .dot }.dropFirst().contains(.word("SET"))
    }

    /// `WITH a AS (…), b AS (…)` and what follows it.
    private static func common(_ pieces: ArraySlice<Piece>) -> StatementEffect {
        guard let end = pieces.definitions(at: pieces.startIndex)?.end,
            let verb = pieces[end...].first(where: { $0 != .open })?.word
        else { return .unclear("dbsh cannot tell what follows WITH …") }
        if queries.contains(verb) || verb == "WITH" { return query(pieces) }
        return writers.contains(verb) ? .writes(verb) : .unclear("\(verb) may write")
    }

    /// What stands behind EXPLAIN is not run, but constants in it may be computed.
    private static func explained(_ pieces: ArraySlice<Piece>) -> StatementEffect {
        let rest = pieces.drop { ["EXTENDED", "FORMATTED", "COST", "CODEGEN", "LOGICAL"].contains($0.word) }
        if rest.first == .word("ANALYZE"), ![.word("TABLE"), .word("TABLES")].contains(rest.at(rest.startIndex + 1)) {
            return effect(of: rest.dropFirst(), isAlone: true)  // other databases run what they analyse
        }
        return unlessOutside(rest, .explains)
    }

    private static func unlessOutside(_ pieces: ArraySlice<Piece>, _ effect: StatementEffect) -> StatementEffect {
        if case .reachesOutside(let what)? = pieces.unknownCall { return .reachesOutside(what) }
        return effect
    }

    /// `SET key = value`, `SET VAR x = …`, `SET CATALOG c`; but `SET TAG ON TABLE t …` changes the table.
    private static func set(_ pieces: ArraySlice<Piece>) -> StatementEffect {
        let setsTag =
            pieces.at(pieces.startIndex + 1) == .word("TAG") || pieces.at(pieces.startIndex + 2) == .word("ON")
        return setsTag ? .writes("SET TAG") : .graver(.changesSession, query(pieces))
    }

    /// `CREATE [OR REPLACE] TEMPORARY VIEW|TABLE|FUNCTION` is the session's; anything else is made for good.
    private static func created(_ pieces: ArraySlice<Piece>) -> StatementEffect {
        var rest = pieces.dropFirst()
        if rest.first == .word("OR") { rest = rest.dropFirst(2) }
        guard isTemporary(rest.popFirst()) else { return .writes("CREATE") }
        switch rest.popFirst() {
        case .word("VIEW")?, .word("TABLE")?: return .graver(.changesSession, query(rest.drop { $0 != .word("AS") }))
        case .word("FUNCTION")?:
            let isCode = rest.indices.contains {
                [.word("LANGUAGE"), .word("USING")].contains(rest[$0])
                    || rest[$0] == .word("AS") && rest.at($0 + 1) == .string
            }
            return isCode
                ? .unclear("a function in another language can run any code")
                : .graver(.changesSession, query(rest.drop { $0 != .word("RETURN") }))
        default: return .writes("CREATE")
        }
    }

    static func isTemporary(_ piece: Piece?) -> Bool { piece == .word("TEMPORARY") || piece == .word("TEMP") }
}
