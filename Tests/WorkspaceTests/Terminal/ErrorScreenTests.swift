import Support
import Testing

/// Errors of statements as they stand on the screen.
@Suite struct ErrorScreenTests {
    @Test(arguments: [(80, 24), (120, 40)])
    func theMarkStandsUnderTheFailingLine(columns: Int, rows: Int) async throws {
        try await withReplayShell(columns: columns, rows: rows) { replay in
            replay.type("unresolved id,")
            replay.type("  nam -- of whom")
            replay.type("from t;")
            try await replay.prompt(below: "error: A column, variable, or function parameter with name `nam`")
            let lines = replay.shell.screen.lines
            let excerpt = try #require(lines.firstIndex(of: "  2 |   nam -- of whom"))
            #expect(lines[excerpt + 1] == "    |   ^^^")
            #expect(lines[excerpt + 2] == "  → did you mean `name`?")
            #expect(lines[excerpt + 3] == "  UNRESOLVED_COLUMN.WITH_SUGGESTION · SQLSTATE 42703")
            #expect(lines[excerpt + 4] == ReplayShell.prompt)
            // Wrapped at words, and what is always the same is dim.
            let headline = lines[3..<excerpt].joined(separator: " ").split(separator: " ").joined(separator: " ")
            #expect(headline.hasSuffix("with name `nam` cannot be resolved."), "\(headline)")
            #expect(lines.allSatisfy { $0.count <= columns })
            let screen = replay.shell.screen
            #expect(screen.look(excerpt + 3, 4).foreground != screen.look(excerpt, 8).foreground)
        }
    }

    @Test(arguments: [(80, 24), (120, 40)])
    func theNearestFunctionIsProposed(columns: Int, rows: Int) async throws {
        try await withReplayShell(columns: columns, rows: rows) { replay in
            replay.type("routine coalece(name);")
            try await replay.prompt(
                below: "error: Cannot resolve routine `coalece`.", "  |         ^^^^^^^", "  → did you mean `coalesce`?"
            )
        }
    }
}
