import Testing

@testable import Shell

/// Errors as a person at a terminal sees them.
@MainActor @Suite struct ReportDrawingTests {
    private static func drawn(
        _ message: String, _ text: String? = nil, line: Int = 1, offset: Int? = nil, hint: String? = nil,
        width: Int = 80,
        location: String? = nil
    ) -> String {
        let parts = Report.parts(of: message)
        var report = Report(parts.headline, detail: parts.detail, hint: hint)
        if let text { report.excerpt = ErrorExcerpt(text, line: line, offset: offset) }
        return report.text(color: false, location: location, width: width)
    }

    // swift-format-ignore
    @Test func missingTable() {
        let message = """
            [TABLE_OR_VIEW_NOT_FOUND] The table or view `ordrs` cannot be found. Verify the spelling and correctness of the schema and catalog.
            If you did not qualify the name with a schema, verify the current_schema() output, or qualify the name with the correct schema and catalog.
            To tolerate the error on drop use DROP VIEW IF EXISTS or DROP TABLE IF EXISTS. SQLSTATE: 42P01; line 2 pos 5;
            'Project [*]
            +- 'UnresolvedRelation [ordrs], [], false
            """
        #expect(
            Self.drawn(message, "select *\nfrom ordrs o", line: 2, offset: 5, hint: "did you mean `orders`?") == """
                error: The table or view `ordrs` cannot be found.
                  2 | from ordrs o
                    |      ^^^^^
                  → did you mean `orders`?
                  TABLE_OR_VIEW_NOT_FOUND · SQLSTATE 42P01
                  Verify the spelling and correctness of the schema and catalog.
                  If you did not qualify the name with a schema, verify the current_schema()
                  output, or qualify the name with the correct schema and catalog.
                  To tolerate the error on drop use DROP VIEW IF EXISTS or DROP TABLE IF EXISTS.
                """)
    }

    @Test func unknownColumnWithProposals() {
        let message =
            "[UNRESOLVED_COLUMN.WITH_SUGGESTION] A column, variable, or function parameter with name `o`.`nam` cannot be "
            + "resolved. Did you mean one of the following? [`o`.`name`, `o`.`id`]. SQLSTATE: 42703; line 1 pos 7"
        #expect(
            Self.drawn(message, "select o.nam, 1", offset: 7, width: 60) == """
                error: A column, variable, or function parameter with name
                  `o`.`nam` cannot be resolved.
                  | select o.nam, 1
                  |        ^^^^^
                  → did you mean `o.name`?
                  UNRESOLVED_COLUMN.WITH_SUGGESTION · SQLSTATE 42703
                """)
    }

    @Test func syntaxErrorIsNotShownTwice() {
        let message = """

            [PARSE_SYNTAX_ERROR] Syntax error at or near 'selec'. SQLSTATE: 42601 (line 1, pos 0)

            == SQL ==
            selec 1
            ^^^
            """
        #expect(
            Self.drawn(message, "selec 1", offset: 0, location: "a.sql:3:1") == """
                a.sql:3:1: error: Syntax error at or near 'selec'.
                  | selec 1
                  | ^^^^^
                  PARSE_SYNTAX_ERROR · SQLSTATE 42601
                """)
    }

    @Test func searchPathAndAdviceComeLast() {
        let message =
            "[UNRESOLVED_ROUTINE] Cannot resolve routine `sume` on search path [`system`.`builtin`, `main`.`default`]. "
            + "Verify the spelling of `sume`. Use another. SQLSTATE: 42883; line 1 pos 7"
        #expect(
            Self.drawn(message, "select sume(1)", offset: 7) == """
                error: Cannot resolve routine `sume`.
                  | select sume(1)
                  |        ^^^^
                  Use another.
                  UNRESOLVED_ROUTINE · SQLSTATE 42883
                  search path: [`system`.`builtin`, `main`.`default`]
                  Verify the spelling of `sume`.
                """)
    }

    @Test func longLinesAreCutAroundTheMark() throws {
        let text = "select " + (1...40).map { "column_\($0)" }.joined(separator: ", ") + ", nope, 1 from t"
        let offset = text.unicodeScalars.distance(
            from: text.startIndex, to: try #require(text.firstRange(of: "nope")).lowerBound)
        let lines = Self.drawn("it failed", text, offset: offset, width: 50).split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines.allSatisfy { $0.count <= 50 })
        let column = try #require(Array(lines[2]).firstIndex(of: "^"))
        #expect(lines[2].hasSuffix("^^^^"))
        #expect(String(lines[1].dropFirst(column).prefix(4)) == "nope")
    }

    @Test(
        arguments: [
            ("select\tx", 7, "  | select  x\n  |         ^"),
            ("select '漢字', `a b`", 13, "  | select '漢字', `a b`\n  |                ^^^^^"),
            ("select 'a' + b", 7, "  | select 'a' + b\n  |        ^^^"), ("select", 6, "  | select\n  |       ^"),
        ] as [(String, Int, String)])
    func marksStandUnderTheirPlace(_ line: String, _ offset: Int, _ expected: String) {
        #expect(Self.drawn("no", line, offset: offset) == "error: no\n" + expected)
    }

    @Test func otherErrorsAreWrappedAndKeepTheirDetail() {
        #expect(
            Self.drawn("one two three four five six\n  kept as   it is", hint: "do this and that", width: 20) == """
                error: one two three
                  four five six
                  kept as   it is
                  → do this and that
                """)
    }
}
