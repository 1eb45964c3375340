import Glibc
import Support
import Testing

/// Reading results: the pager, the last result, first and last rows, colours.
@Suite struct ReadingTests {
    /// A window of 24 rows, and results with more.
    @Test func whatDoesNotFitIsPagedAndQuitEarly() async throws {
        try await withReplayShell(isQuiet: false) { replay in
            replay.type(".rows 0")
            replay.type("chunks 4 20000;")
            try await replay.shell.wait(for: "less, with the first rows") { screen in
                screen.cursorLine == ":" && screen.lines[0].hasPrefix("┌") && screen.text.contains("│ 18     │")
            }
            replay.shell.send("G")
            try await replay.shell.wait(for: "the last rows") { $0.text.contains("│ 79999  │") }
            replay.shell.send("q")
            try await replay.shell.wait(for: "the footer, and nothing of the end") { screen in
                screen.cursorLine == ReplayShell.prompt && screen.lines[screen.row - 1].hasPrefix("80,000 rows · ")
            }
            #expect(!replay.shell.screen.text.lowercased().contains("error"))
            #expect(!replay.shell.isRaw || replay.shell.screen.modes["2004"] == true)
            // Quit without having read it all.
            replay.type("chunks 4 20000;")
            try await replay.shell.wait(for: "less again") { $0.cursorLine == ":" }
            replay.shell.send("q")
            replay.type("select 'on';")
            try await replay.prompt(below: "│ 'on'   │")
            // What fits is not paged.
            replay.type("chunks 1 5;")
            try await replay.prompt(below: "5 rows · ")
            replay.type(".pager off")
            replay.type("chunks 1 100;")
            try await replay.prompt(below: "100 rows · ", "│ 99     │")
        }
    }

    /// A result without rows has no cells that could be cut.
    @Test func namesThatAreCutAreCalledNames() async throws {
        try await withReplayShell(columns: 60, isQuiet: false) { replay in
            replay.type("headers short \(String(repeating: "long", count: 30));")
            try await replay.prompt(below: "long names shortened, .mode csv shows them", "0 rows · ")
            replay.type("select \(String(repeating: "long", count: 30));")
            try await replay.prompt(below: "long cells shortened, .mode vertical shows them", "1 row · ")
        }
    }

    /// `DBSH_PAGER` beats `PAGER`, and is a line of shell.
    @Test func thePagerIsTheUsers() async throws {
        try await withReplayShell(
            environment: ["PAGER": "false", "DBSH_PAGER": "sed s/99/ninety-nine/ | tail -n 3"], isQuiet: false
        ) {
            replay in
            replay.type(".rows 0")
            replay.type("chunks 1 100;")
            try await replay.prompt(below: "│ ninety-nine     │", "100 rows · ")
            #expect(!replay.shell.screen.text.contains("│ 50 "))
        }
    }

    @Test func aPagerThatIsNotThereIsDoneWithout() async throws {
        try await withReplayShell(environment: ["PAGER": "nosuchpager -x"], isQuiet: false) { replay in
            replay.type(".rows 0")
            replay.type("chunks 1 100;")
            try await replay.prompt(
                below: "│ 99     │",
                "there is no pager “nosuchpager -x”, so this was not paged; .pager off does without",
                "100 rows · ")
        }
    }

    @Test func aLargeResultShowsItsEndsAndTheLastOneMoreOfIt() async throws {
        try await withReplayShell(environment: ["DBSH_PAGER": "cat"], rows: 60, isQuiet: false) { replay in
            replay.type("chunks 3 20000;")
            try await replay.prompt(
                below: "│ 19            │", "│ … 59,960 more │", "│ 59980         │", "│ 59999         │",
                "60,000 rows · .rows 0 shows all · ")
            replay.type(".last csv --rows 4")
            try await replay.shell.wait(for: "four rows as csv") { screen in
                screen.text.contains("\nx\n0\n1\n2\n3\n4 rows · ") && screen.cursorLine == ReplayShell.prompt
            }
            #expect(try await replay.statements("chunks") == 1)
        }
    }

    /// A cell with everything that is coloured: highlighted text, a box with NULL, an error with a hint.
    private func typeAllSorts(_ replay: ReplayShell) async throws {
        replay.type("recall 1 'x' -- c")
        replay.type(";")
        try await replay.prompt(below: "│ NULL   │")
        replay.type("nonsense;")
        try await replay.prompt(below: "error: ")
        replay.type(".hlep")
        try await replay.prompt(below: "  → ")
        replay.shell.send("select 'text', 12 from .cl\t")
        try await replay.shell.wait(for: "the line being typed") { $0.cursorLine.contains("select 'text'") }
    }

    private func looks(_ screen: ScreenEmulator) -> Set<Look> {
        Set((0..<screen.rows).flatMap { row in (0..<screen.columns).map { screen.look(row, $0) } })
    }

    @Test func noColorMeansNone() async throws {
        try await withReplayShell(environment: ["NO_COLOR": "1"]) { replay in
            try await typeAllSorts(replay)
            let looks = looks(replay.shell.screen)
            #expect(looks.allSatisfy { $0.foreground == nil && $0.background == nil && !$0.isFaint })
        }
    }

    /// On the terminal's own background, black, white and yellow, plain or bright, cannot be read on one of dark and light;
    /// "faint" is not shown by every terminal.
    @Test func coloursAreReadOnDarkAndLight() async throws {
        try await withReplayShell { replay in
            try await typeAllSorts(replay)
            let looks = looks(replay.shell.screen)
            let colors = Set(looks.compactMap(\.foreground))
            #expect(colors.isSuperset(of: ["31", "32", "34", "35", "36", "90"]), "\(colors)")
            #expect(colors.isDisjoint(with: ["30", "33", "37", "93", "97"]), "\(colors)")
            #expect(looks.allSatisfy { $0.background == nil && !$0.isFaint })
        }
    }
}
