import Glibc
import Support
import Testing

/// Reading results: what fits the window, the pager, the last result, colours.
@Suite struct ReadingTests {
    /// The rows that fit, with the line typed above them, and below them one line about them and the prompt.
    @Test(arguments: [(80, 24), (120, 40)])
    func aResultFitsTheWindow(columns: Int, rows: Int) async throws {
        try await withReplayShell(columns: columns, rows: rows, isQuiet: false) { replay in
            replay.type("trips 5000;")
            try await replay.shell.wait(for: "the whole window full") { screen in
                screen.row == rows - 1 && screen.cursorLine == ReplayShell.prompt
            }
            let lines = replay.shell.screen.lines
            #expect(lines[0].hasPrefix("┌──") && lines[rows - 3].hasPrefix("└──"))
            #expect(lines[2].contains("│ TIMESTAMP UTC "))
            #expect(lines[4].hasPrefix("│ 2016-01-01 00:16:02") && lines[4].contains(" 0.00 │"))
            #expect(lines[4].contains(" 10001 │") && lines[rows - 4].contains(" 15000 │"))
            #expect(lines.contains { $0.hasPrefix("│ … 4,9") })
            #expect(lines.dropFirst().prefix(rows - 4).allSatisfy { $0.count <= columns })
            let footer = lines[rows - 2]
            #expect(footer.hasPrefix("5,000 rows · ") && footer.contains(" s · ") && footer.hasSuffix(" shows all"))
            #expect(footer.contains("\(rows - 8) shown"), "\(footer)")

            replay.type("metrics 300;")
            try await replay.prompt(below: "columns hidden · ")
            let wide = replay.shell.screen.lines
            #expect(wide.contains { $0.contains("│ metr…_299 │ metr…_300 │") } || columns > 80)
            #expect(wide.contains { $0.contains(" 1.5 │") && $0.contains(" 300.5 │") })
            #expect(replay.shell.screen.scrollback.allSatisfy { $0.count <= columns })
        }
    }

    /// The id is said where it is wanted.
    @Test func theIdIsSaidWhenItIsWanted() async throws {
        try await withReplayShell(columns: 80, isQuiet: false) { replay in
            replay.type("select 1;")
            try await replay.prompt(below: "1 row · ")
            let footer = replay.shell.screen.lines[replay.shell.screen.row - 1]
            #expect(footer.split(separator: " · ").count == 2, "\(footer)")
            replay.type(".last --id")
            try await replay.shell.wait(for: "the id") { screen in
                screen.cursorLine == ReplayShell.prompt && screen.lines[screen.row - 1].count == 36
            }
            let id = replay.shell.screen.lines[replay.shell.screen.row - 1]
            replay.type(".status")
            try await replay.prompt(below: "last_id  \(id)")
            replay.type(".timing on")
            replay.type("trips 5000;")
            try await replay.prompt(below: "│ … 4,9")
            let timed = replay.shell.screen.lines[replay.shell.screen.row - 1]
            #expect(timed.hasPrefix("5,000 rows · ") && timed.contains(" shows all · ") && timed.count <= 80)
        }
    }

    /// A window of 24 rows, and results with more.
    @Test func aPagerThatIsAskedForIsQuitEarly() async throws {
        try await withReplayShell(isQuiet: false) { replay in
            replay.type("chunks 1 100;")
            try await replay.prompt(below: "│ 99        │", "100 rows · ")
            replay.type(".pager on")
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
        }
    }

    /// A result without rows has no cells that could be cut.
    @Test func namesThatAreCutAreCalledNames() async throws {
        try await withReplayShell(columns: 60, isQuiet: false) { replay in
            replay.type("headers short \(String(repeating: "long", count: 30));")
            try await replay.prompt(below: "names cut · F3 shows all", "0 rows · ")
            replay.type("select \(String(repeating: "long", count: 30));")
            try await replay.prompt(below: "text cut · F3 shows all", "1 row · ")
        }
    }

    /// `DBSH_PAGER` beats `PAGER`, and is a line of shell.
    @Test func thePagerIsTheUsers() async throws {
        try await withReplayShell(
            environment: ["PAGER": "false", "DBSH_PAGER": "sed s/99/ninety-nine/ | tail -n 3"], isQuiet: false
        ) {
            replay in
            replay.type(".pager on")
            replay.type("chunks 1 100;")
            try await replay.prompt(below: "│ ninety-nine     │", "100 rows · ")
            #expect(!replay.shell.screen.text.contains("│ 50 "))
        }
    }

    @Test func aPagerThatIsNotThereIsDoneWithout() async throws {
        try await withReplayShell(environment: ["PAGER": "nosuchpager -x"], isQuiet: false) { replay in
            replay.type(".pager on")
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
                below: "│ 25            │", "│ … 59,948 more │", "│ 59975         │", "│ 59999         │",
                "· 52 shown · F3 shows all")
            replay.type(".last csv --rows 4")
            try await replay.shell.wait(for: "four rows as csv") { screen in
                screen.text.contains("\nx\n0\n1\n2\n3\n4 rows\n") && screen.cursorLine == ReplayShell.prompt
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
