import Results
import Testing

@testable import Shell

/// What is drawn of a result: in text here, in pixels by gnuplot.
@MainActor @Suite struct PlotTests {
    static let columns = [
        Column(name: "day", typeText: "DATE"), Column(name: "it's", typeText: "INT"),
        Column(name: "b", typeText: "DOUBLE"),
        Column(name: "note", typeText: "STRING"),
    ]
    static let rows = ResultStore(
        columnCount: 4,
        rows: [
            ["2026-01-01", "1", "2.5", "a\"\n\u{1B}[31m"], ["2026-01-02", nil, "NaN", "b"],
            ["2026-01-03", "9", "4", "c"],
        ])

    private func plot(_ kind: Plot.Kind?, _ names: [String]) throws -> Plot {
        var plot = try Plot(kind, names, of: Self.columns)
        plot.add(Self.rows)
        return plot
    }

    @Test(arguments: [
        (Plot.Kind.line, [], "plot $data using 1:2 with lines linewidth 2 title 'it''s', $data using 1:3"),
        (.scatter, ["day", "b"], "plot $data using 1:2 with points"),
        (.line, ["IT'S"], "plot $data using 1:2 with lines"),
        (.bar, ["note", "it's"], "plot $data using 0:2:xtic(1) with boxes notitle"),
        (.hist, ["b"], "with boxes notitle"),
    ])
    func gnuplotDrawsTheColumns(_ kind: Plot.Kind, _ names: [String], _ expected: String) async throws {
        let script = try plot(kind, names).script(for: .svg)
        #expect(script.contains(expected))
        #expect(!script.utf8.contains(0x1B))
        let drawing = String(decoding: try await Gnuplot.draw(script), as: UTF8.self)
        #expect(drawing.contains("<svg"))
    }

    /// A scale of whole numbers has no halves, and each number has a bin of its own.
    @Test func wholeNumbersStayWhole() throws {
        let columns = [Column(name: "id", typeText: "BIGINT"), Column(name: "m", typeText: "DECIMAL(3,0)")]
        for kind in [Plot.Kind.line, .scatter, .hist] {
            var plot = try Plot(kind, kind == .hist ? ["m"] : [], of: columns)
            plot.add(ResultStore(columnCount: 2, rows: [["0", "0"], ["1", "1"], ["2", "2"], ["3", "0"]]))
            let lines = TextPlot(plot, width: 79, height: 24, color: false).lines()
            #expect(!lines.contains { $0.contains(".") }, "\(kind)")
        }
        var plot = try Plot(.line, [], of: columns)
        plot.add(ResultStore(columnCount: 2, rows: [["0", "0"], ["1", "2"]]))
        let script = plot.script(for: .svg)
        #expect(script.contains("set ytics 1\n") && script.contains("set xtics 1\n"))
    }

    /// Names that would run into each other are turned, or some are left out; few stay as they are.
    @Test(arguments: [
        (3, Plot.Device.png(width: 1200, height: 800), "0:2:xtic(1)", false),
        (60, .png(width: 1200, height: 800), "0:2:xtic(1)", true),
        (200, .svg, "0:2:xtic(int($0) % 6 == 0 ? strcol(1) : '')", true),
    ])
    func namesFindRoom(_ count: Int, _ device: Plot.Device, _ ticks: String, _ areTurned: Bool) async throws {
        let columns = [Column(name: "day", typeText: "DATE"), Column(name: "n", typeText: "INT")]
        var plot = try Plot(.bar, [], of: columns)
        plot.add(
            ResultStore(
                columnCount: 2, rows: (0..<count).map { ["2026-01-\($0 % 28 < 9 ? "0" : "")\($0 % 28 + 1)", "\($0)"] }))
        let script = plot.script(for: device)
        #expect(script.contains(ticks), "\(script)")
        #expect(script.contains("rotate by 45") == areTurned)
        #expect(try await Gnuplot.draw(script).count > 500)
    }

    @Test(arguments: [
        (["note"], "column note is STRING, and no number to plot"), (["dya", "b"], "the result has no column dya"),
    ])
    func refusesWhatCannotBeDrawn(_ names: [String], _ message: String) {
        #expect {
            try Plot(.line, names, of: Self.columns)
        } throws: {
            ($0 as? UsageError)?.message == message
        }
    }

    // MARK: In text

    private func text(_ plot: Plot, width: Int = 60, height: Int = 10, color: Bool = false) -> [String] {
        TextPlot(plot, width: width, height: height, color: color).lines()
    }

    /// Text as X makes bars by itself.
    @Test func barsLieBesideTheirNames() throws {
        let lines = text(try plot(nil, ["note", "it's"]), width: 40)
        #expect(
            lines == [
                "it's by note", #"a"\n\x1b[31m ██▊ 1"#, "           b NULL",
                "           c █████████████████████████ 9",
            ])
    }

    @Test func twoSeriesOfBarsDifferAndHangBelowZero() throws {
        var plot = try Plot(
            nil, [], of: [.text("k"), Column(name: "x", typeText: "INT"), Column(name: "y", typeText: "INT")])
        plot.add(ResultStore(columnCount: 3, rows: [["a", "4", "-2"], ["b", "-1", "3"]]))
        let lines = text(plot, width: 40)
        #expect(lines[0] == "██ x   ▒▒ y" && lines[1].hasPrefix("a  ") && lines[1].hasSuffix("█ 4"))
        #expect(lines[2].hasPrefix("  ▒▒▒") && lines[2].hasSuffix("▏-2"))
        #expect(lines[3].hasPrefix("b  ") && lines[3].hasSuffix("█▏-1") && lines[4].hasSuffix("▒ 3"))
        #expect(lines[1].firstIndex(of: "█") == lines[4].firstIndex(of: "▒"))
    }

    @Test func theFirstBarsOfManyAreDrawnAndTheRestIsCounted() throws {
        var plot = try Plot(.bar, [], of: [.text("name"), Column(name: "n", typeText: "INT")])
        plot.add(ResultStore(columnCount: 2, rows: (0..<90).map { ["name \($0)", "\($0)"] }))
        let lines = text(plot, height: 20)
        #expect(lines.count == 19)
        #expect(lines.last == "… and 73 more rows; .plot bar … FILE.svg draws all")
        #expect(lines[17].hasSuffix(" 16"))
    }

    @Test func linesHaveRoundTicksAndSeriesTheirOwnDashes() throws {
        var plot = try Plot(nil, [], of: ["id", "up", "down"].map { Column(name: $0, typeText: "INT") })
        plot.add(ResultStore(columnCount: 3, rows: (0..<20).map { ["\($0)", "\($0 * 100)", "\(1900 - $0 * 100)"] }))
        let lines = text(plot, height: 14)
        #expect(lines[0] == "⠒⠒⠒ up   ⠂⠂⠂ down")
        #expect(lines[1].hasPrefix("2.0k ┤") || lines[1].hasPrefix("2k ┤"))
        #expect(lines[10].hasPrefix(" 0 ┤"))
        #expect(lines[12].split(separator: " ") == ["0", "5", "10", "15"])
        #expect(lines[13].drop { $0 == " " } == "id")
        // One goes through, the other has gaps: dots of two by four in each character.
        let dots = lines[1...10].joined().unicodeScalars.filter { $0.value > 0x2800 && $0.value < 0x2900 }
        #expect(dots.count > 40 && lines.allSatisfy { $0.count <= 60 })
        let colored = text(plot, height: 14, color: true).joined()
        #expect(colored.contains("\u{1b}[36m") && colored.contains("\u{1b}[33m"))
    }

    @Test(arguments: [
        (
            "DATE", ["2026-01-01", "2026-07-19"],
            ["2026-01", "2026-02", "2026-03", "2026-04", "2026-05", "2026-06", "2026-07"]
        ),
        (
            "DATE", ["2026-01-01", "2026-01-05"],
            ["2026-01-01", "2026-01-02", "2026-01-03", "2026-01-04", "2026-01-05"]
        ),
        ("DATE", ["2001-05-01", "2026-07-19"], ["2005", "2010", "2015", "2020", "2025"]),
        (
            "TIMESTAMP", ["2026-02-28T22:00:00.000Z", "2026-02-28T23:30:00.000Z"],
            ["22:00", "22:15", "22:30", "22:45", "23:00", "23:15", "23:30"]
        ),
        (
            "TIMESTAMP", ["2024-02-28 12:00:00", "2024-03-01 12:00:00"],
            ["02-28", "12:00", "02-29", "00:00", "02-29", "12:00", "03-01", "00:00", "03-01", "12:00"]
        ),
    ])
    func timesHaveRoundTicks(_ type: String, _ values: [String], _ labels: [String]) throws {
        var plot = try Plot(.line, [], of: [Column(name: "at", typeText: type), Column(name: "n", typeText: "INT")])
        plot.add(ResultStore(columnCount: 2, rows: values.enumerated().map { [$1, "\($0)"] }))
        let lines = text(plot, width: 79)
        #expect(lines[lines.count - 2].split(separator: " ").map(String.init) == labels)
    }

    @Test func histogramCountsBetweenRoundNumbers() throws {
        var plot = try Plot(.hist, [], of: [Column(name: "v", typeText: "INT")])
        plot.add(ResultStore(columnCount: 1, rows: (0..<25).map { ["\($0 < 16 ? 1 : $0)"] }))
        let lines = text(plot, width: 50)
        #expect(lines[0] == "rows" && lines[1].hasPrefix("20 ┤") && lines.last?.drop { $0 == " " } == "v")
        #expect(lines[lines.count - 2].split(separator: " ") == ["0", "10", "20"])
        #expect(lines[lines.count - 4].contains("█"))
    }

    @Test(arguments: [40, 80, 200]) func everyDrawingFits(_ width: Int) throws {
        for kind in Plot.Kind.allCases {
            let names = kind == .hist ? ["b"] : kind == .bar ? ["note", "it's", "b"] : ["day", "it's", "b"]
            for line in text(try plot(kind, names), width: width) { #expect(line.count <= width, "\(kind): \(line)") }
        }
    }

    @Test func nothingToDrawIsSaid() throws {
        var plot = try Plot(.line, [], of: [Column(name: "n", typeText: "INT")])
        plot.add(ResultStore(columnCount: 1, rows: [[nil], [nil]]))
        #expect(text(plot) == ["there are only NULLs to plot"])
    }
}
