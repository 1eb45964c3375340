import Results
import Terminal
import Text

/// A drawing in text: lines and dots in braille, bars in blocks.
struct TextPlot {
    let plot: Plot
    let width: Int
    let height: Int
    let color: Bool

    static let narrowest = 40
    static let widest = 200

    /// - Parameters:
    ///   - width: columns, of which 40 to 200 are used.
    ///   - height: about how many rows.
    init(_ plot: Plot, width: Int, height: Int, color: Bool) {
        self.plot = plot
        self.width = min(Self.widest, max(Self.narrowest, width))
        self.height = max(10, height)
        self.color = color
    }

    /// The rows, none wider than `width`.
    func lines() -> [String] {
        switch plot.kind {
        case .bar: bars()
        case .hist: histogram()
        case .line, .scatter: curves()
        }
    }

    // MARK: Series

    /// How a series looks: by its colour, and without colours by its dashes, its marks or its filling.
    struct Look {
        let style: Style
        let pattern: BrailleCanvas.Pattern
        let mark: Character?
        let fill: Character
        /// A piece of its line, for the legend.
        let sample: String
    }

    private static let looks = [
        Look(style: "36", pattern: .solid, mark: nil, fill: "█", sample: "⠒⠒⠒"),
        Look(style: "33", pattern: .init(on: 2, off: 2), mark: "+", fill: "▒", sample: "⠂⠂⠂"),
        Look(style: "35", pattern: .init(on: 8, off: 4), mark: "×", fill: "░", sample: "⠒⠒⠀⠒⠒"),
        Look(style: "32", pattern: .init(on: 8, off: 3), mark: "○", fill: "▓", sample: "⠒⠒⠐⠒⠒"),
        Look(style: "31", pattern: .init(on: 1, off: 5), mark: "◆", fill: "▚", sample: "⠂⠀⠂"),
        Look(style: "34", pattern: .init(on: 12, off: 8), mark: "▲", fill: "▞", sample: "⠒⠒⠒⠀⠒"),
    ]

    static func look(_ series: Int) -> Look { looks[series % looks.count] }

    func styled(_ text: String, _ style: Style) -> String {
        color && !text.isEmpty ? "\u{1b}[\(style.parameters)m\(text)\u{1b}[0m" : text
    }

    func name(ofSeries index: Int) -> String { Self.cut(plot.columns[plot.ys[index]].name, to: 24) }

    /// `sample name`, for each series, in as many rows as that takes.
    func legend(indent: Int, _ sample: (Int) -> String) -> [String] {
        var rows: [String] = []
        var row = ""
        var used = 0
        for index in plot.ys.indices {
            let entry = sample(index) + " " + name(ofSeries: index)
            let columns = DisplayWidth.of(entry)
            if used > 0, indent + used + 3 + columns > width {
                rows.append(row)
                (row, used) = ("", 0)
            }
            if used > 0 { row += "   " }
            row += styled(sample(index), Self.look(index).style) + " " + name(ofSeries: index)
            used += columns + (used > 0 ? 3 : 0)
        }
        return (rows + [row]).map { String(repeating: " ", count: indent) + $0 }
    }

    static func cut(_ text: String, to width: Int) -> String {
        let text = Sanitizer.oneLine(text)
        guard DisplayWidth.of(text) > width else { return text }
        var used = 1
        let kept = text.prefix { character in
            used += DisplayWidth.of(String(character))
            return used <= width
        }
        return kept + "…"
    }

    // MARK: Lines and dots

    private func curves() -> [String] {
        let numbers = plot.series.joined().filter { !$0.isNaN }
        let xs = plot.xs.filter { !$0.isNaN }
        guard let low = numbers.min(), let high = numbers.max(), let left = xs.min(), let right = xs.max() else {
            return ["there are only NULLs to plot"]
        }
        let title = plot.ys.count > 1 ? legend(indent: 0, sample) : ["\(name(ofSeries: 0))"]
        let axes = TextAxes(
            vertical: AxisTicks.opened(low, high), horizontal: AxisTicks.opened(left, right), width: width,
            rows: max(5, height - title.count - (xName == nil ? 2 : 3)),
            wholeNumbers: plot.ys.allSatisfy(plot.isWhole))
        var canvas = BrailleCanvas(columns: axes.columns, rows: axes.rows)
        // The first series is drawn last: on top.
        for index in plot.series.indices.reversed() { draw(index, axes, &canvas) }
        let rows = (0..<axes.rows).map { row in shown(canvas.row(row)) }
        return title + axes.framed(rows, horizontalTicks: horizontalTicks(axes), name: xName, dim: { styled($0, .dim) })
    }

    private func sample(_ index: Int) -> String {
        guard plot.kind == .scatter else { return Self.look(index).sample }
        return Self.look(index).mark.map(String.init) ?? "⠿"
    }

    private var xName: String? {
        guard let x = plot.x else { return plot.axis == .row ? "row" : nil }
        let day = plot.axis == .time ? plot.time.onlyDay.map { " · " + $0 } : nil
        return Self.cut(plot.columns[x].name, to: 40) + (day ?? "")
    }

    private func draw(_ index: Int, _ axes: TextAxes, _ canvas: inout BrailleCanvas) {
        let look = Self.look(index)
        var before: (x: Int, y: Int)?
        var phase = 0
        for (x, y) in zip(plot.xs, plot.series[index]) {
            guard !x.isNaN, !y.isNaN else {
                before = nil
                continue
            }
            let point = axes.dot(x, y, canvas)
            if plot.kind == .scatter, let mark = look.mark {
                canvas.mark(mark, point.x, point.y, of: index)
            } else if plot.kind == .scatter {
                canvas.dot(point.x, point.y, of: index)
            } else if let before {
                canvas.line(from: before, to: point, of: index, look.pattern, &phase)
            } else {
                canvas.dot(point.x, point.y, of: index)
            }
            before = point
        }
    }

    /// Characters of one series side by side share a sequence of colour.
    private func shown(_ row: [(character: Character, series: Int?)]) -> String {
        var text = ""
        var run = ""
        var owner: Int?
        func end() -> String { owner.map { styled(run, Self.look($0).style) } ?? run }
        for (character, series) in row {
            if series != owner {
                text += end()
                run = ""
                owner = series
            }
            run.append(character)
        }
        return text + end()
    }

    private func horizontalTicks(_ axes: TextAxes) -> AxisTicks {
        // A few say as much as many.
        let mostTicks = min(10, axes.columns / 9)
        switch plot.axis {
        case .time: return plot.time.ticks(room: axes.columns)
        case .number where !(plot.x.map(plot.isWhole) ?? true):
            return .numbers(from: axes.horizontal.low, to: axes.horizontal.high, most: mostTicks)
        case .number, .row:
            return .wholeNumbers(from: axes.horizontal.low, to: axes.horizontal.high, most: mostTicks)
        case .name:
            let widest = min(20, plot.longestName)
            let step = max(1, (plot.rowCount * (widest + 2) + axes.columns - 1) / max(1, axes.columns))
            return AxisTicks(
                ticks: stride(from: 0, to: plot.rowCount, by: step).map {
                    .init(value: Double($0), label: Self.cut(plot.names[$0], to: 20))
                })
        }
    }

    // MARK: Histogram

    private static let upright: [Character] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

    /// Bins between round numbers, about the square root of the number of values.
    private func histogram() -> [String] {
        guard let smallest = plot.values.min(), let largest = plot.values.max() else {
            return ["there are only NULLs to plot"]
        }
        let isWhole = plot.isWhole(plot.ys[0])
        let (low, high) = isWhole ? (smallest, largest + 1) : AxisTicks.opened(smallest, largest)
        let wanted = min((width - 12) / 2, max(5, Int(Double(plot.values.count).squareRoot())))
        let finest = AxisTicks.step(from: low, to: high, most: wanted)
        let step = isWhole ? max(1, finest) : finest
        // A bin holds the numbers from its lower edge to before its upper one.
        let range = AxisTicks.rounded(low, high, to: step)
        let count = max(1, Int(((range.upperBound - range.lowerBound) / step).rounded()))
        var bins = [Int](repeating: 0, count: count)
        for value in plot.values { bins[min(count - 1, max(0, Int((value - range.lowerBound) / step)))] += 1 }
        let title = Self.cut(plot.columns[plot.ys[0]].name, to: 40)
        let axes = TextAxes(
            vertical: (0, Double(bins.max() ?? 1)), horizontal: (range.lowerBound, range.upperBound), width: width,
            rows: max(5, height - 4), wholeNumbers: true, multipleOf: count)
        let each = axes.columns / count
        let rows = (0..<axes.rows).map { row in
            styled(bins.map { bar(of: Double($0), axes, row, each) }.joined(), Self.look(0).style)
        }
        return ["rows"]
            + axes.framed(
                rows, horizontalTicks: binTicks(range, axes, isWhole), name: title, dim: { styled($0, .dim) })
    }

    private func binTicks(_ range: ClosedRange<Double>, _ axes: TextAxes, _ isWhole: Bool) -> AxisTicks {
        let most = axes.columns / 9
        return isWhole
            ? .wholeNumbers(from: range.lowerBound, to: range.upperBound, most: most)
            : .numbers(from: range.lowerBound, to: range.upperBound, most: most)
    }

    /// One row of an upright bar.
    private func bar(of value: Double, _ axes: TextAxes, _ row: Int, _ columns: Int) -> String {
        let full = value / axes.vertical.high * Double(axes.rows * 8)
        let here = min(8, max(0, Int(full.rounded()) - (axes.rows - 1 - row) * 8))
        // A bar that is there can be seen.
        let level = row == axes.rows - 1 && value > 0 ? max(1, here) : here
        let gap = columns > 2 ? 1 : 0
        return String(repeating: Self.upright[level], count: columns - gap) + String(repeating: " ", count: gap)
    }
}
