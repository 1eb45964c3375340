import SQL
import Testing

@Suite struct SQLTextTests {
    /// Every kind of token, with what stands in it; `…` before the kind of one that is not closed.
    @Test(
        arguments: [
            ("select a1, 1.5e3", "word:select word:a1 sign:, number:1.5e3"),
            ("`a``b`.'c''d'", "name:`a``b` sign:. string:'c' string:'d'"),
            ("r'\\' x", "string:r'\\' word:x"), ("$$ ; $$;$t$ $$ $t$", "string:$$ ; $$ sign:; string:$t$ $$ $t$"),
            ("a -- b\nc /* d /* e */ */", "word:a comment:-- b word:c comment:/* d /* e */ */"),
            ("abfss://a/b--c", "word:abfss sign:://a/b--c"), ("'a", "string:'a"), ("/* a", "comment:/* a"),
            ("-- a", "comment:-- a"),
            ("/*+ h(a) */", "sign:/*+ word:h sign:( word:a sign:) sign:*/"), ("\"a\\\"b\"", "string:\"a\\\"b\""),
            ("größe é", "word:größe word:é"),
        ] as [(String, String)])
    func findsTokens(_ sql: String, _ expected: String) {
        let text = SQLText(sql)
        let found = text.tokens.map { token in
            let kind =
                switch token.kind {
                case .word: "word"
                case .name: "name"
                case .string: "string"
                case .number: "number"
                case .comment: "comment"
                case .symbol: "sign"
                }
            return "\(kind):\(text.text(of: token))"
        }
        #expect(found.joined(separator: " ") == expected)
    }

    @Test(
        arguments: [
            ("select :a, :B where c = :a_1 limit :n", ["a", "B", "a_1", "n"]),
            ("select raw:owner, a::int, x[0]:y, f(z):w", []),
            ("select ':a', \":b\", `:c` -- :d\n/* :e */", []), ("select interval :x day, -:y, (:z)", ["x", "y", "z"]),
            ("select abfss://bucket/x", []), ("l: begin end", []), ("where a=:a and b>:b", ["a", "b"]),
            ("limit:n", ["n"]),
            ("select * from identifier(:t)", ["t"]), ("select $$ :a $$", []),
        ] as [(String, Set<String>)])
    func namesParameters(_ sql: String, _ names: Set<String>) { #expect(SQLText(sql).parameterNames == names) }
}

@Suite struct UseStatementTests {
    @Test(
        arguments: [
            ("use main", nil, "main"), ("USE main.default", "main", "default"), ("use catalog c", "c", nil),
            ("use schema `a.b`", nil, "a.b"), ("set catalog c", "c", nil), ("use `a``b`.c", "a`b", "c"),
            ("use database d", nil, "d"), ("use schema c.d", "c", "d"),
            ("-- go there\nuse /* now */ c . d ;", "c", "d"), ("use catalog", nil, "catalog"),
        ] as [(String, String?, String?)])
    func followsUse(_ statement: String, _ catalog: String?, _ schema: String?) throws {
        let use = try #require(UseStatement(statement))
        #expect(use.catalog == catalog)
        #expect(use.schema == schema)
    }

    @Test(arguments: [
        "select 1", "set x = 1", "user", "use", "use a.b.c", "use identifier(:x)", "used x",
        "set catalog c.d", "use a; use b", "use `a",
    ])
    func leavesOthersAlone(_ statement: String) { #expect(UseStatement(statement) == nil) }
}
