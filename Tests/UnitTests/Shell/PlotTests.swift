import Results
import Testing

@testable import Shell

/// What gnuplot is told, and what it draws.
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

    private func script(_ kind: Plot.Kind, _ names: [String]) throws -> String {
        var plot = try Plot(kind, names, of: Self.columns)
        plot.add(Self.rows)
        return plot.script(for: .text(columns: 70, rows: 20, color: false))
    }

    @Test(arguments: [
        (Plot.Kind.line, [], "plot $data using 1:2 with lines linewidth 2 title 'it''s', $data using 1:3"),
        (.scatter, ["day", "b"], "plot $data using 1:2 with points"),
        (.line, ["IT'S"], "plot $data using 1:2 with lines"),
        (.bar, ["note", "it's"], "plot $data using 0:2:xtic(1) with boxes notitle"),
        (.hist, ["b"], "with boxes notitle"),
    ])
    func drawsTheColumns(_ kind: Plot.Kind, _ names: [String], _ expected: String) async throws {
        let script = try script(kind, names)
        #expect(script.contains(expected))
        #expect(!script.utf8.contains(0x1B))
        let drawing = String(decoding: try await Gnuplot.draw(script), as: UTF8.self)
        #expect(drawing.contains("+--"))
    }

    /// Names that would run into each other are turned, or some are left out; few stay as they are.
    @Test(arguments: [
        (3, Plot.Device.png(width: 1200, height: 800), "0:2:xtic(1)", false),
        (60, .png(width: 1200, height: 800), "0:2:xtic(1)", true),
        (200, .svg, "0:2:xtic(int($0) % 6 == 0 ? strcol(1) : '')", true),
        (60, .text(columns: 80, rows: 20, color: false), "0:2:xtic(int($0) % 4 == 0 ? strcol(1) : '')", false),
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

    /// In text, bars that would touch each other are not drawn, and their number is said; in pixels there is room for all.
    @Test func textShowsTheFirstBarsOfMany() async throws {
        let columns = [
            Column(name: "name", typeText: "STRING"), Column(name: "n", typeText: "INT"),
            Column(name: "m", typeText: "INT"),
        ]
        let rows = ResultStore(columnCount: 3, rows: (0..<90).map { ["name \($0)", "\($0)", "1"] })
        let text = Plot.Device.text(columns: 72, rows: 20, color: false)
        for (names, device, shown) in [
            (["name", "n"], text, 20), (["n"], text, 20), (["name", "n", "m"], text, 10), (["name", "n"], .svg, 90),
        ] {
            var plot = try Plot(.bar, names, of: columns)
            plot.add(rows)
            let script = plot.script(for: device)
            let data = script.split(separator: "\n").filter { $0.contains("\t") && !$0.hasPrefix("set ") }
            #expect(data.count == shown)
            #expect(script.contains("… and \(90 - shown) more") == (shown < 90))
            let drawing = String(decoding: try await Gnuplot.draw(script), as: UTF8.self)
            #expect(drawing.contains("… and \(90 - shown) more") == (shown < 90))
        }
    }

    @Test func timesAreWrittenAsInTheResult() async throws {
        #expect(try script(.line, []).contains("set format x \"%Y-%m-%d\""))
        let drawing = String(decoding: try await Gnuplot.draw(try script(.line, [])), as: UTF8.self)
        #expect(drawing.contains("2026-01-02"))
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
}
