import Glibc
import Support
import Testing

/// The last result on the whole screen.
@Suite struct BrowseTests {
    private static let f3 = "\u{1B}OR"
    private static let pageDown = "\u{1B}[6~"
    private static let left = "\u{1B}[D"
    private static let right = "\u{1B}[C"
    private static let end = "\u{1B}[F"

    @Test(arguments: [(80, 24), (120, 40)])
    func showsAllRowsAndLeavesTheScreenAsItWas(columns: Int, rows: Int) async throws {
        try await withReplayShell(columns: columns, rows: rows, isQuiet: false) { replay in
            replay.type("trips 5000;")
            try await replay.prompt(below: "F3 shows all")
            replay.shell.send("select typed")
            try await replay.shell.wait(for: "what is typed") { $0.cursorLine.hasSuffix("> select typed") }
            let before = replay.shell.screen
            replay.shell.send(Self.f3)
            try await replay.shell.wait(for: "the first page") { screen in
                screen.modes["1049"] == true
                    && screen.lines[rows - 1].hasPrefix("row 1 of 5,000 · tpep_pickup_datetime")
            }
            let first = replay.shell.screen
            #expect(first.lines[0].hasPrefix("tpep_pickup_datetime │ tpep_dropoff_datetime │ trip_distance │"))
            #expect(first.lines[1].hasPrefix("TIMESTAMP UTC"))
            #expect(first.lines[3].hasPrefix("2016-01-01 00:16:02  │ 2016-01-01 00:27:02"))
            #expect(first.lines[rows - 2].hasPrefix("2016-"))
            #expect(first.look(3, 0).isInverse && !first.look(4, 0).isInverse)
            // A page on, and the end; the header stays.
            replay.shell.send(Self.pageDown)
            try await replay.shell.wait(for: "the next page") {
                $0.lines[rows - 1].hasPrefix("row \(rows - 4) of 5,000")
            }
            #expect(replay.shell.screen.lines[0] == first.lines[0])
            replay.shell.send("G" + Self.end)
            try await replay.shell.wait(for: "the last cell") { screen in
                screen.lines[rows - 1].hasPrefix("row 5,000 of 5,000 · dropoff_zip")
                    && screen.lines[rows - 2].hasPrefix("2016-01-13 07:16:02")
                    && screen.lines[rows - 2].contains("15000")
            }
            // Columns are whole, or not there.
            let last = replay.shell.screen
            #expect(last.lines[3..<rows - 1].allSatisfy { $0.count <= columns && !$0.contains("…") })
            #expect(last.lines[0].hasPrefix("tpep_pickup_datetime │ "))
            replay.shell.send("q")
            try await replay.shell.wait(for: "the screen as it was") { screen in
                screen.modes["1049"] == false && screen.text == before.text
            }
            #expect(replay.shell.screen.column == before.column && replay.shell.screen.row == before.row)
            // What is typed goes on where it was.
            replay.shell.send(" on;\r")
            try await replay.prompt(below: "│ typed  │")
            // What a hint names can be typed.
            replay.type(".browse")
            try await replay.shell.wait(for: "the result of that") { $0.lines[rows - 1].hasPrefix("row 1 of 1 · x") }
            replay.shell.send("q")
            try await replay.prompt(below: "│ typed  │")
            try await replay.shell.wait(for: "a prompt that reads keys") { $0.modes["2004"] == true }
        }
    }

    @Test func findsSortsShowsARowAndCopies() async throws {
        try await withReplayShell(columns: 80) { replay in
            replay.type("trips 500;")
            try await replay.prompt(below: "└──")
            replay.shell.send(Self.f3 + "/10123\r")
            try await replay.shell.wait(for: "what was searched") {
                $0.lines[23].hasPrefix("row 123 of 500 · pickup_zip")
            }
            replay.shell.send("g/2016-01-05 03:16\r")
            try await replay.shell.wait(for: "a time as it is shown") {
                $0.lines[23].hasPrefix("row 100 of 500 · tpep_p")
            }
            replay.shell.send("g/0012\r")
            try await replay.shell.wait(for: "the first of several") {
                $0.lines[23].hasPrefix("row 12 of 500 · pickup_zip")
            }
            replay.shell.send("n")
            try await replay.shell.wait(for: "none more") { $0.lines[23] == "not found" }
            replay.shell.send("y")
            try await replay.shell.wait(for: "the clipboard") { $0.clipboard == "MTAwMTI=" }
            // By number and not by character: 0.00 … 13.71 of a row's number modulo 97.
            replay.shell.send("0" + Self.right + Self.right + "s")
            try await replay.shell.wait(for: "the smallest first") { screen in
                screen.lines[0].contains("trip_distance ▲") && screen.lines[23].hasPrefix("row 1 of 500")
                    && screen.lines[3].contains("  0.00 │") && screen.lines[9].contains("  0.14 │")
            }
            replay.shell.send("s")
            try await replay.shell.wait(for: "the largest first") { screen in
                screen.lines[0].contains("trip_distance ▼") && screen.lines[3].contains("13.71 │")
            }
            replay.shell.send("s")
            try await replay.shell.wait(for: "the order of the result") { screen in
                !screen.lines[0].contains("▼") && screen.lines[4].contains(" 0.14 │")
            }
            replay.shell.send("\r")
            try await replay.shell.wait(for: "one row") { screen in
                screen.lines[0] == " tpep_pickup_datetime  2016-01-01T00:16:02.000Z"
                    && screen.lines[5] == "          dropoff_zip  10034" && screen.lines[23].hasPrefix("row 1 of 500")
            }
            replay.shell.send("nq")
            try await replay.shell.wait(for: "the table, at the next row") { screen in
                screen.lines[23].hasPrefix("row 2 of 500") && screen.lines[0].hasPrefix("tpep_pickup_datetime │")
            }
            replay.shell.send("eout.csv\r")
            try await replay.shell.wait(for: "the export") {
                $0.lines[23].contains("out.csv") && !$0.lines[23].hasPrefix("export")
            }
            #expect((replay.shell.home.bytes("out.csv")?.count ?? 0) > 500 * 60)
            replay.shell.send("\u{3}")
            try await replay.prompt(below: "└──")
        }
    }

    @Test func nestedValuesOpenAsIndentedJSON() async throws {
        try await withReplayShell(columns: 80) { replay in
            replay.type("nested;")
            try await replay.prompt(below: "└──")
            replay.shell.send(Self.f3 + "\r")
            try await replay.shell.wait(for: "the row, opened") { screen in
                screen.text.hasPrefix(
                    """
                     id  1
                    who  {
                           "name": "Ada",
                           "tags": [
                             1,
                             2
                           ]
                         }
                    """)
            }
            replay.shell.send("qq")
            try await replay.prompt()
        }
    }

    /// "F3 shows all" is true of names as well: in the table where there is room, else above the value.
    @Test(arguments: [(80, 24), (120, 40)]) func longNamesAreWhole(_ columns: Int, _ rows: Int) async throws {
        try await withReplayShell(columns: columns, rows: rows) { replay in
            let name = String(String(repeating: "a_long_name_", count: 20).prefix(columns - 10))
            replay.type("named \(name)")
            replay.type(";")
            try await replay.prompt(below: "1.5 │")
            replay.shell.send(Self.f3)
            try await replay.shell.wait(for: "the name in the table") { $0.lines[0].hasPrefix(name + " │ ") }
            replay.shell.send("q")
            try await replay.prompt(below: "1.5 │")
            let longer = name + name
            replay.type("named \(longer)")
            replay.type(";")
            try await replay.prompt(below: "1.5 │")
            replay.shell.send(Self.f3 + "\r")
            try await replay.shell.wait(for: "the name above its value") { screen in
                screen.lines[0] + screen.lines[1] == longer && screen.lines[2].hasSuffix("  1.5")
            }
            replay.shell.send("qq")
            try await replay.prompt(below: "1.5 │")
        }
    }

    /// Chunks are fetched when they are looked at, and no others.
    @Test func chunksAreFetchedAsOneGoes() async throws {
        try await withReplayShell(columns: 80, isQuiet: false) { replay in
            // Over the 16 MB that are kept.
            replay.type("chunks 9 200000;")
            try await replay.prompt(below: "1,800,000 rows · ")
            func chunks() -> [String] {
                replay.log.entries.compactMap { line in
                    line.firstRange(of: "/result/chunks/").map { String(line[$0.upperBound...].prefix { $0 != " " }) }
                }
            }
            let before = chunks().count
            replay.shell.send(Self.f3)
            // Those that were drawn below the statement are here at once.
            try await replay.shell.wait(for: "the first rows") {
                $0.lines[3] == "0" && $0.lines[5] == "2" && $0.lines[1] == "STRING"
            }
            replay.shell.send(String(repeating: "\u{1B}[6~", count: 11))
            try await replay.shell.wait(for: "the rows behind them") { (Int($0.lines[22]) ?? 0) > 200 }
            replay.shell.send("s")
            try await replay.shell.wait(for: "what was sorted") { screen in
                screen.lines[23].hasPrefix("sorted what is here, 200,000 of 1,800,000 rows")
            }
            replay.shell.send("ssG")
            try await replay.shell.wait(for: "the last row") { $0.lines[22].hasPrefix("1799999") }
            await replay.served("/result/chunks/8")
            #expect(Set(chunks().dropFirst(before)) == ["0", "8"])
            replay.shell.send("/1000000\r")
            try await replay.shell.wait(for: "nothing below") { $0.lines[23] == "not found" }
            replay.shell.send("N")
            try await replay.shell.wait(for: "what is above") { $0.lines[23].hasPrefix("row 1,000,001 of 1,800,000") }
            replay.shell.send("qselect 'after';\r")
            try await replay.prompt(below: "│ 'after' │")
        }
    }

    @Test func keepsUpWithTheWindowAndEndsWithTheTerminal() async throws {
        try await withReplayShell(columns: 80) { replay in
            replay.type("trips 100;")
            try await replay.prompt(below: "└──")
            replay.shell.send(Self.f3)
            try await replay.shell.wait(for: "80 columns") { $0.lines[23].hasPrefix("row 1 of 100") }
            replay.shell.resize(columns: 120, rows: 40)
            try await replay.shell.wait(for: "120 columns") { screen in
                screen.lines[39].hasPrefix("row 1 of 100") && screen.lines[0].hasSuffix("│ dropoff_zip")
            }
            replay.shell.resize(columns: 30, rows: 8)
            try await replay.shell.wait(for: "30 columns") { screen in
                screen.lines[7].hasPrefix("row 1 of 100") && screen.lines[3].hasPrefix("2016-01-01 00:16:02")
            }
            replay.shell.signal(SIGTERM)
            #expect(try await replay.shell.exitStatus() == 128 + SIGTERM)
            #expect(replay.shell.screen.modes["1049"] == false)
            #expect(replay.shell.mode == replay.shell.initialMode)
        }
    }

    /// What is typed in one go is read by whoever it is for: the prompt, the browser, the prompt.
    @Test func keysInABurstReachTheirReader() async throws {
        try await withReplayShell(columns: 80) { replay in
            replay.type("trips 100;")
            try await replay.prompt(below: "└──")
            replay.shell.send(".browse\rGyqselect 'after';\r")
            try await replay.prompt(below: "│ 'after' │")
            #expect(replay.shell.screen.clipboard != nil)
            replay.shell.send(".browse\rqselect 'unfinished")
            try await replay.shell.wait(for: "the rest, at the prompt") { screen in
                screen.modes["1049"] == false && screen.cursorLine == Self.unfinished
            }
        }
    }
    private static let unfinished = ReplayShell.prompt + " select 'unfinished"

    @Test func withoutAResultItSaysSo() async throws {
        try await withReplayShell(columns: 80) { replay in
            replay.shell.send("selec" + Self.f3 + "t 1;\r")
            try await replay.prompt(below: "error: there is no result yet", "│ 1      │")
            replay.type("headers a b;")
            try await replay.prompt(below: "│ a ")
            replay.shell.send(Self.f3)
            try await replay.shell.wait(for: "the names alone") {
                $0.lines[0] == "a      │ b" && $0.lines[1] == "STRING │ STRING"
                    && $0.lines[23].hasPrefix("no rows · a")
            }
            replay.shell.send("jG\rsq")
            try await replay.prompt(below: "│ a ")
        }
    }
}
