import Testing
import Text

@testable import Results

@Suite("Grids")
struct GridTests {
    private let numbers = [Column(name: "n", typeText: "INT")]

    @Test("dim types, NULLs and the gap in colour, and nothing else")
    func color() throws {
        let rows: [[String?]] = [["1"], [nil], ["3"], ["4"], ["5"]]
        let text = try render(.box, numbers, rows, FormatOptions(rowLimit: 3, color: true))
        #expect(
            text == """
                ┌──────────┐
                │        n │
                │      \u{1B}[90mINT\u{1B}[39m │
                ├──────────┤
                │        1 │
                │     \u{1B}[90mNULL\u{1B}[39m │
                │ \u{1B}[90m… 2 more\u{1B}[39m │
                │        5 │
                └──────────┘

                """)
    }

    @Test("show the first and the last rows", arguments: [1, 3, 10, 1000])
    func rowLimit(_ batches: Int) throws {
        let rows = (1...40_000).map { ["\($0)"] as [String?] }
        let columns = [Column(name: "number", typeText: "INT")]
        let result = try renderWithOmissions(.table, columns, rows, FormatOptions(rowLimit: 5), batches: batches)
        #expect(
            result.text == """
                +---------------+
                |        number |
                +---------------+
                |             1 |
                |             2 |
                |             3 |
                | … 39,995 more |
                |         39999 |
                |         40000 |
                +---------------+

                """)
        #expect(result.omissions.hiddenRows == 39_995)
        let wide = [Column(name: "a number of rows", typeText: "INT")]
        #expect(
            try render(.box, wide, rows, FormatOptions(rowLimit: 40), batches: batches)
                .contains("│ … 39,960 more    │"))
        let vertical = try render(.vertical, columns, rows, FormatOptions(rowLimit: 2), batches: batches)
        #expect(
            vertical == """
                ─── row 1 ───
                number  1
                … 39,998 more
                ─── row 40,000 ───
                number  40000

                """)
    }

    @Test("a limit that is not reached hides nothing", arguments: [5, 6, 100])
    func limitNotReached(_ limit: Int) throws {
        let rows = (1...5).map { ["\($0)"] as [String?] }
        let limited = try renderWithOmissions(.box, numbers, rows, FormatOptions(rowLimit: limit), batches: 5)
        #expect(try render(.box, numbers, rows) == limited.text)
        #expect(limited.omissions.isEmpty)
    }

    @Test("rows that are not shown are not kept")
    func memory() throws {
        var kept = KeptRows(limit: 40)
        weak var middle: ResultStore?
        for batch in 0..<100 {
            let store = ResultStore(columnCount: 1, rows: Array(repeating: ["x"], count: 100))
            if batch == 50 { middle = store }
            try kept.add(store)
        }
        #expect(middle == nil)
        var slices = 0
        try kept.forEachOfHead { slices += $0.rows.count }
        try kept.forEachOfTail { slices += $0.rows.count }
        #expect(kept.hidden == 9960 && slices == 40)
    }

    @Test("never wider than the terminal", arguments: [9, 12, 20, 30, 47, 60, 79, 80, 200])
    func width(_ width: Int) throws {
        let long = String(repeating: "word ", count: 40)
        for (columns, rows) in [
            (sampleColumns, sampleRows),
            (
                [
                    Column(name: "id", typeText: "INT"), Column(name: "text", typeText: "STRING"),
                    Column(name: "cjk", typeText: "STRING"),
                ],
                [["1", long, "東京都庁舎東京都庁舎東京都庁舎東京都庁舎"], ["2", "short", "👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧"], ["3", "a\nb" + long, nil]]
            ),
            (
                (0..<60).map { Column(name: "column_\($0)", typeText: "STRING") },
                [Array(repeating: "value" as String?, count: 60)]
            ),
        ] {
            let (text, omissions) = try renderWithOmissions(.box, columns, rows, FormatOptions(width: width))
            let lines = text.split(separator: "\n")
            let widths = Set(lines.map { DisplayWidth.of($0) })
            #expect(widths.count == 1, "lines of one width: \(widths)\n\(text)")
            #expect((widths.first ?? 0) <= width, "\(text)")
            let natural = try render(.box, columns, rows)
            let naturalWidth = natural.split(separator: "\n").first.map { DisplayWidth.of($0) } ?? 0
            if naturalWidth <= width { #expect(text == natural && omissions.isEmpty) }
            let widest = try render(.box, columns, rows, FormatOptions(headerTypes: false))
            let widestLine = widest.split(separator: "\n").first.map { DisplayWidth.of($0) } ?? 0
            #expect(omissions.isEmpty == (widestLine <= width))
        }
    }

    @Test("long cells are cut, numbers last")
    func shortened() throws {
        let columns = [Column(name: "id", typeText: "BIGINT"), Column(name: "text", typeText: "STRING")]
        let rows: [[String?]] = [["123456789012345678", "a rather long text that does not fit"], ["2", "short"]]
        let (text, omissions) = try renderWithOmissions(.table, columns, rows, FormatOptions(width: 40))
        #expect(
            text == """
                +--------------------+-----------------+
                |                 id | text            |
                +--------------------+-----------------+
                | 123456789012345678 | a rather long … |
                |                  2 | short           |
                +--------------------+-----------------+

                """)
        #expect(omissions.shortenedCells && omissions.hiddenColumns == 0)
    }

    @Test("a cut name is no cut cell", arguments: [[], [["1", "x"]]] as [[[String?]]])
    func shortenedNames(_ rows: [[String?]]) throws {
        let columns = [
            Column(name: "a name that is rather long", typeText: "INT"), Column(name: "text", typeText: "STRING"),
        ]
        let (text, omissions) = try renderWithOmissions(.table, columns, rows, FormatOptions(width: 30))
        #expect(text.contains("| a name that is rat… | text |"), "\(text)")
        #expect(omissions.shortenedNames && !omissions.shortenedCells)
        #expect(omissions.cutsAcross)
        // Without rows vertical has nothing to show, so it does not take the place of the names.
        var options = FormatOptions(width: 30)
        options.verticalWhenCut = true
        let vertical = try render(.box, columns, rows, options)
        #expect(vertical.hasPrefix("─── row 1 ───") == !rows.isEmpty)
        #expect(vertical.contains("a name"))
    }

    @Test("too many columns leave out the middle ones")
    func hiddenColumns() throws {
        let columns = (1...20).map { Column(name: "c\($0)", typeText: "INT") }
        let rows = [(1...20).map { "\($0)" as String? }]
        let (text, omissions) = try renderWithOmissions(.table, columns, rows, FormatOptions(width: 30))
        #expect(
            text == """
                +----+----+---+-----+-----+
                | c1 | c2 | … | c19 | c20 |
                +----+----+---+-----+-----+
                |  1 |  2 | … |  19 |  20 |
                +----+----+---+-----+-----+

                """)
        #expect(omissions.hiddenColumns == 16 && !omissions.shortenedCells)
    }

    @Test("types are cut before cells, without a word")
    func typesFirst() throws {
        let columns = [Column(name: "a", typeText: "DECIMAL(10,2)"), Column(name: "b", typeText: "STRING")]
        let (text, omissions) = try renderWithOmissions(
            .box, columns, [["1.00", "twenty characters .."]], FormatOptions(width: 36))
        #expect(
            text == """
                ┌───────────┬──────────────────────┐
                │         a │ b                    │
                │ DECIMAL(… │ STRING               │
                ├───────────┼──────────────────────┤
                │      1.00 │ twenty characters .. │
                └───────────┴──────────────────────┘

                """)
        #expect(omissions.isEmpty)
    }

    @Test("one column in a narrow terminal is cut, even a number")
    func narrow() throws {
        let (text, omissions) = try renderWithOmissions(
            .table, numbers, [["1234567890"]], FormatOptions(width: 10))
        #expect(text == "+--------+\n|      n |\n+--------+\n| 12345… |\n+--------+\n")
        #expect(omissions.shortenedCells && omissions.hiddenColumns == 0)
    }

    @Test("no cell takes more than the most that was asked for")
    func maxCellWidth() throws {
        let (text, omissions) = try renderWithOmissions(
            .table, [Column(name: "t", typeText: "STRING")], [["東京東京東京"], ["abcdefgh"], ["abcdef"]],
            FormatOptions(maxCellWidth: 6))
        #expect(text == "+--------+\n| t      |\n+--------+\n| 東京…  |\n| abcde… |\n| abcdef |\n+--------+\n")
        #expect(omissions.shortenedCells)
    }

    @Test("a long type does not widen its column")
    func longType() throws {
        let type = "STRUCT<a: INT, b: STRING, c: ARRAY<STRUCT<d: DOUBLE>>>"
        let text = try render(.box, [Column(name: "s", typeText: type)], [["{}"]])
        #expect(text.contains("│ STRUCT<a: INT, b: STRIN… │"))
        #expect(
            !(try render(.box, [Column(name: "s", typeText: type)], [["{}"]], FormatOptions(headerTypes: false)))
                .contains("STRUCT"))
    }

    @Test("cells longer than any buffer are whole")
    func hugeCells() throws {
        let huge = String(repeating: "x", count: 300_000)
        let columns = [Column(name: "a", typeText: "STRING"), Column(name: "b", typeText: "INT")]
        for format in Format.allCases {
            let text = try render(format, columns, [[huge, "1"], ["é" + huge, "2"], ["y", nil]])
            #expect(text.utf8.count(where: { $0 == UInt8(ascii: "x") }) >= 600_000, "\(format)")
        }
    }

    @Test("many rows and columns go through the buffer unharmed")
    func bulk() throws {
        let columns = (0..<300).map { Column(name: "c\($0)", typeText: $0 % 2 == 0 ? "INT" : "STRING") }
        let rows = (0..<200).map { row in
            (0..<300).map { column in
                (row * column) % 11 == 0 ? nil : (row + column) % 13 == 0 ? "é\(row)" : "\(row)-\(column)"
            }
        }
        let lines = try render(.table, columns, rows).split(separator: "\n")
        #expect(lines.count == 204)
        #expect(Set(lines.map { DisplayWidth.of($0) }).count == 1)
        for (row, line) in lines.dropFirst(3).dropLast().enumerated() {
            let cells = line.split(separator: "|").map { $0.drop { $0 == " " } }.map { cell in
                String(cell.prefix { $0 != " " })
            }
            #expect(cells == rows[row].map { $0 ?? "NULL" })
        }
    }
}
