import FoundationEssentials
import Glibc
import Results
import System
import Terminal

/// `.plot` — draw the last result.
struct PlotCommand: MetaCommand {
    let kind = Argument<Plot.Kind?>("line|bar|scatter|hist")
    let rest = Argument<[String]>(
        "X|Y|FILE", "the columns: X, then one or more Y; last, optionally, a .png or .svg file to write",
        from: .either(.columns, .files))

    var spec: CommandSpec {
        CommandSpec(
            "plot", in: .results, "draw the last result as a chart", takes: [kind, rest],
            details: """
                Without columns, X is the first column and Y are all other numeric ones; a single column is drawn against the
                row number. Without a kind, text as X makes bars, anything else lines. In a terminal that can show pictures
                gnuplot draws, also into files; in others the chart is text.
                """,
            examples: [
                .init("select id, id * id as square from range(20);", "a result to plot"),
                .init(".plot", "plot square against id"),
                .init(".plot bar id square chart.svg", "a bar chart, written to a file", runs: false),
                .init(".plot hist square", "the distribution of square"),
            ], traits: .isUnpaged)
    }

    func run(_ call: Call, in session: Session) async throws {
        guard let content = session.last.content else {
            throw UsageError("there is no result yet", hint: "run a statement first")
        }
        var names = call[rest]
        var file: String?
        if let last = names.last?.lowercased(), last.hasSuffix(".png") || last.hasSuffix(".svg") {
            file = names.removeLast()
        }
        var plot = try Plot(call[kind], names, of: content.columns)
        try await session.console.waiting(for: "reading the result") {
            for try await store in content.batches() { plot.add(store) }
        }
        guard plot.rowCount > 0 else { throw UsageError("the last result has no rows to plot") }
        do {
            if let file { try await save(plot, to: file, session) } else { try await show(plot, session) }
        } catch Gnuplot.Failure.missing {
            // Somebody else's gnuplot can draw it.
            let script = Array(plot.script(for: .svg).utf8)
            let path = try Pictures(session: session).save(script, extension: "gp")
            throw UsageError(
                ".plot needs gnuplot to write files, and it is not installed",
                hint: "install it (Debian: gnuplot-nox); what it would draw is saved: gnuplot \(path) > chart.svg")
        } catch Gnuplot.Failure.failed(let status) {
            throw UsageError("gnuplot could not draw this (status \(status))")
        }
    }

    private func save(_ plot: Plot, to file: String, _ session: Session) async throws {
        let device = file.lowercased().hasSuffix(".svg") ? Plot.Device.svg : .png(width: 1200, height: 800)
        let drawing = try await Gnuplot.draw(plot.script(for: device))
        let path = session.paths.resolve(file)
        do { try Data(drawing).write(to: URL(filePath: path), options: .atomic) } catch {
            throw FileError(path: file, code: errno, action: "write")
        }
        session.console.say("plot saved: \(file)")
    }

    private func show(_ plot: Plot, _ session: Session) async throws {
        let console = session.console
        let environment = session.environment
        let window = TerminalSize.of(environment.standardOutput, environment: environment.variables)
        if console.resultsReachTerminal, Picture.hasPixels(environment.variables) {
            do {
                let png = try await Gnuplot.draw(plot.script(for: .png(width: 800, height: 500)))
                return try Pictures(session: session).show(png, extension: "png")
            } catch Gnuplot.Failure.missing {}  // then it is text
        }
        let text = TextPlot(
            plot, width: (window?.columns ?? 80) - 1, height: min(30, (window?.rows ?? 24) - 3),
            color: console.resultsReachTerminal && console.colorsResults)
        try console.draw(text.lines().joined(separator: "\n"))
    }
}

extension Plot.Kind: Operation {
    var note: String {
        switch self {
        case .line: "points joined in row order"
        case .bar: "a bar for each row, named by X"
        case .scatter: "points only"
        case .hist: "a histogram of one column"
        }
    }
}
