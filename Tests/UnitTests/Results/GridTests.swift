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

    @Test("columns of dbsh's own lists go by rank, and ids are never cut")
    func ranks() throws {
        let columns = [
            Column.whole("id"), .text("state").leaving(1), .whole("started").leaving(3), .number("rows").leaving(2),
            .text("query"),
        ]
        let rows: [[String?]] = [
            ["01f0c0de-0000", "FINISHED", "2026-01-02 03:04:05", "12", "select something long from somewhere"]
        ]
        func names(_ width: Int) throws -> (names: [String], hidden: Int) {
            let drawn = try renderWithOmissions(.table, columns, rows, FormatOptions(width: width))
            let lines = drawn.text.split(separator: "\n")
            #expect(lines.allSatisfy { $0.count <= width })
            #expect(lines[3].contains("| 01f0c0de-0000 |"))
            return (
                lines[1].split(separator: "|").map { $0.filter { $0 != " " } }.filter { !$0.isEmpty },
                drawn.omissions.hiddenColumns
            )
        }
        #expect(try names(200) == (["id", "state", "started", "rows", "query"], 0))
        #expect(try names(75) == (["id", "state", "started", "rows", "query"], 0))
        #expect(try names(60) == (["id", "state", "rows", "query"], 1))
        #expect(try names(44) == (["id", "state", "query"], 2))
        #expect(try names(35) == (["id", "query"], 3))
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
            // Not even the first column fits: no number is cut for that.
            if text.hasPrefix("─── row 1 ───") {
                #expect(width < 30 && columns.count < 60)
                continue
            }
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

    @Test("types go before cells are cut, without a word")
    func typesFirst() throws {
        let columns = [Column(name: "a", typeText: "DECIMAL(10,2)"), Column(name: "b", typeText: "STRING")]
        let (text, omissions) = try renderWithOmissions(
            .box, columns, [["1.00", "twenty characters .."]], FormatOptions(width: 36))
        #expect(
            text == """
                ┌──────┬──────────────────────┐
                │    a │ b                    │
                ├──────┼──────────────────────┤
                │ 1.00 │ twenty characters .. │
                └──────┴──────────────────────┘

                """)
        #expect(omissions.isEmpty)
    }

    @Test("a number that a narrow terminal has no room for is written whole")
    func narrow() throws {
        let (text, omissions) = try renderWithOmissions(
            .table, numbers, [["1234567890"]], FormatOptions(width: 10))
        #expect(text == "─── row 1 ───\nn\n1234567890\n")
        #expect(omissions.isEmpty)
    }

    /// What a taxi trip looks like (samples.nyctaxi.trips).
    private static let trips = [
        Column(name: "tpep_pickup_datetime", typeText: "TIMESTAMP"),
        Column(name: "tpep_dropoff_datetime", typeText: "TIMESTAMP"),
        Column(name: "trip_distance", typeText: "DOUBLE"), Column(name: "fare_amount", typeText: "DOUBLE"),
        Column(name: "pickup_zip", typeText: "INT"), Column(name: "dropoff_zip", typeText: "INT"),
    ]
    private static let trip: [String?] = [
        "2016-01-01T00:16:02.000Z", "2016-01-01T00:27:02.000Z", "14.04", "10.5", "10012", nil,
    ]

    @Test("numbers and timestamps are whole, and names give way")
    func allOrNothing() throws {
        let (text, omissions) = try renderWithOmissions(.box, Self.trips, [Self.trip], FormatOptions(width: 80))
        #expect(
            text == """
                ┌──────────────────────┬─────────────────────┬────────┬────────┬───────┬───────┐
                │ tpep_pickup_datetime │ tpep_dropoff_datet… │ trip_… │ fare_… │ pick… │ drop… │
                │ TIMESTAMP UTC        │ TIMESTAMP UTC       │ DOUBLE │ DOUBLE │   INT │   INT │
                ├──────────────────────┼─────────────────────┼────────┼────────┼───────┼───────┤
                │ 2016-01-01 00:16:02  │ 2016-01-01 00:27:02 │  14.04 │   10.5 │ 10012 │  NULL │
                └──────────────────────┴─────────────────────┴────────┴────────┴───────┴───────┘

                """)
        #expect(omissions.shortenedNames && !omissions.shortenedCells && omissions.hiddenColumns == 0)
        // Narrower: first the types go, then columns. The zone stays.
        let (narrower, _) = try renderWithOmissions(.box, Self.trips, [Self.trip], FormatOptions(width: 77))
        #expect(
            narrower.hasPrefix(
                """
                ┌─────────────────────┬─────────────────────┬───────┬───────┬───────┬───────┐
                │ tpep_pickup_… (UTC) │ tpep_dropoff… (UTC) │ trip… │ fare… │ pick… │ drop… │
                ├─────────────────────┼
                """))
        let (fewer, omitted) = try renderWithOmissions(.box, Self.trips, [Self.trip], FormatOptions(width: 70))
        #expect(omitted.hiddenColumns == 3 && fewer.contains("│ 2016-01-01 00:27:02   │ … │        NULL │"), "\(fewer)")
        for width in 1...120 {
            let text = try render(.table, Self.trips, [Self.trip], FormatOptions(width: width))
            // Either the whole of a value is there or nothing of it.
            let starts = ["2016", "14.0", "1001"].map { start in text.ranges(of: start).count }
            let whole = [
                "2016-01-01 00:16:02", "2016-01-01 00:27:02", "14.04", "10012", "2016-01-01T00:16:02.000Z",
                "2016-01-01T00:27:02.000Z",
            ]
            .map { text.ranges(of: $0).count }
            #expect(starts.reduce(0, +) == whole.reduce(0, +), "\(text)")
        }
    }

    @Test("names of one beginning are cut so that they differ")
    func differentNames() throws {
        let columns = (1...300).map { number in
            let digits = String(repeating: "0", count: 3 - "\(number)".count) + "\(number)"
            return Column(name: "metric_\(digits)", typeText: "DOUBLE")
        }
        let (text, omissions) = try renderWithOmissions(
            .box, columns, [(1...300).map { "\($0).5" }], FormatOptions(width: 80))
        let names = text.split(separator: "\n")[1]
        #expect(["_001 ", "metr…_298", "metr…_299", "metr…_300"].allSatisfy(names.contains), "\(text)")
        #expect(text.split(separator: "\n")[2].contains("DOUBLE"))
        #expect(omissions.hiddenColumns == 294)
        let middle = ["customer_billing_address_city", "customer_shipping_address_city"]
        #expect(ShortNames.fitted(middle, [12, 12]) == ["customer_bi…", "customer_sh…"])
        #expect(ShortNames.fitted(middle, [8, 8]) == ["…billing", "…shippin"])
        #expect(ShortNames.fitted(["東京都庁舎一号", "東京都庁舎二号", "short"], [9, 9, 9]) == ["東京…一号", "東京…二号", "short"])
        // The same name twice stays what it is.
        #expect(ShortNames.fitted(["abcdefgh", "abcdefgh"], [5, 5]) == ["abcd…", "abcd…"])
    }

    @Test("what is the same in all timestamps of a column is said once")
    func timestamps() throws {
        let at = Column(name: "at", typeText: "TIMESTAMP")
        func lines(_ cells: [String?], _ format: Format = .table) throws -> [String] {
            try render(format, [at], cells.map { [$0] }).split(separator: "\n").map(String.init)
        }
        #expect(
            try lines(["2026-01-01T00:00:00.000+01:00", nil, "2026-01-02T00:00:00.120+01:00"]) == [
                "+------------------------+", "| at (+01:00)            |", "+------------------------+",
                "| 2026-01-01 00:00:00.00 |", "| NULL                   |", "| 2026-01-02 00:00:00.12 |",
                "+------------------------+",
            ])
        // Summer time begins, and a year of five digits.
        let mixed = try lines([
            "2026-03-29T01:59:59.000+01:00", "2026-03-29T03:00:00.000+02:00", "+12026-03-29T03:00:00Z",
        ])
        #expect(mixed[1].hasPrefix("| at  "))
        #expect(
            mixed[3...5] == [
                "| 2026-03-29 01:59:59+01:00 |", "| 2026-03-29 03:00:00+02:00 |", "| +12026-03-29T03:00:00Z    |",
            ])
        #expect(
            try lines(["2026-03-29T01:59:59.123456"], .markdown) == [
                "| at                         |", "| -------------------------- |", "| 2026-03-29 01:59:59.123456 |",
            ])
        #expect(try lines(["2026-03-29T01:59:59.000Z"], .markdown)[0] == "| at (UTC)            |")
        // Programs get what the service sent.
        for format in [Format.csv, .tsv, .json, .jsonl, .insert, .html, .vertical] {
            #expect(try render(format, [at], [["2026-03-29T01:59:59.000Z"]]).contains("2026-03-29T01:59:59.000Z"))
        }
        // A column of timestamps may hold anything; nothing of it steers the terminal.
        #expect(try !lines(["2026-03-29T01:59:5\u{1B}[2J"])[3].contains("\u{1B}"))
    }

    @Test("as many rows as fit the window, the gap counted", arguments: [Format.box, .table, .vertical])
    func lineLimit(_ format: Format) throws {
        for count in 1...40 {
            for limit in 9...30 {
                var options = FormatOptions()
                options.lineLimit = limit
                let (text, omissions) = try renderWithOmissions(
                    format, numbers, (1...count).map { ["\($0)"] }, options, batches: 3)
                let lines = text.split(separator: "\n").count
                #expect(lines <= limit, "\(text)")
                #expect(omissions.hiddenRows != 1 || format == .vertical)
                let all = format == .vertical ? 2 * count : count + (format == .box ? 5 : 4)
                if all <= limit - (format == .vertical ? 1 : 0) { #expect(omissions.isEmpty && lines == all) }
                #expect(text.contains(" 1\n") || text.contains(" 1 "))
            }
        }
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
