import Results
import Terminal
import Text

/// Lying bars, with their names and values.
extension TextPlot {
    private static let lying: [Character] = ["▏", "▎", "▍", "▌", "▋", "▊", "▉"]

    func bars() -> [String] {
        let count = plot.series.count
        let numbers = plot.series.joined().filter { !$0.isNaN }
        guard !numbers.isEmpty else { return ["there are only NULLs to plot"] }
        let title = count > 1 ? legend(indent: 0) { String(repeating: Self.look($0).fill, count: 2) } : [heading]
        let room = max(1, (height - title.count - 1) / count)
        let shown = plot.rowCount <= room ? plot.rowCount : max(1, room - 1)
        let scale = Scale(names: names(shown), values: plot.series.map { Array($0.prefix(shown)) }, width: width)
        var lines = title
        for row in 0..<shown {
            for index in 0..<count {
                let name = index == 0 ? scale.names[row] : ""
                let gap = String(repeating: " ", count: scale.nameWidth - DisplayWidth.of(name))
                let value = plot.series[index][row]
                let drawn = value.isNaN ? styled(scale.missing(), .dim) : drawn(value, index, scale)
                lines.append(gap + name + " " + drawn)
            }
        }
        if shown < plot.rowCount {
            let rest = plot.rowCount - shown
            lines.append(styled("… and \(rest) more row\(rest == 1 ? "" : "s"); .plot bar … FILE.svg draws all", .dim))
        }
        return lines
    }

    private var heading: String {
        let x = plot.x.map { plot.columns[$0].name } ?? "row"
        return "\(name(ofSeries: 0)) by \(Self.cut(x, to: 24))"
    }

    private func names(_ count: Int) -> [String] {
        let most = width / 3
        return (0..<count).map { Self.cut(plot.names.isEmpty ? "\($0 + 1)" : plot.names[$0], to: most) }
    }

    private func drawn(_ value: Double, _ index: Int, _ scale: Scale) -> String {
        let bar = scale.bar(value, fill: Self.look(index).fill)
        let lead = bar.prefix { $0 == " " }
        let text = AxisTicks.value(value)
        guard value < 0 else {
            return lead + styled(String(bar.dropFirst(lead.count)), Self.look(index).style) + " " + text
        }
        // The value of a bar that hangs to the left stands behind zero.
        return lead + styled(String(bar.dropFirst(lead.count)), Self.look(index).style) + "▏" + text
    }

    /// How long the bars are.
    private struct Scale {
        let names: [String]
        let nameWidth: Int
        /// Columns on both sides of zero.
        private let left: Int
        private let right: Int
        private let low: Double
        private let high: Double

        init(names: [String], values: [[Double]], width: Int) {
            self.names = names
            nameWidth = names.map { DisplayWidth.of($0) }.max() ?? 0
            let numbers = values.joined().filter { !$0.isNaN }
            low = min(0, numbers.min() ?? 0)
            high = max(0, numbers.max() ?? 0)
            let valueWidth = numbers.map { AxisTicks.value($0).count }.max() ?? 0
            let columns = max(8, width - nameWidth - valueWidth - 2)
            let size = high / 2 - low / 2
            left = size > 0 ? Int((-low / 2 / size * Double(columns)).rounded()) : 0
            right = columns - left
        }

        func missing() -> String { String(repeating: " ", count: left) + "NULL" }

        /// The bar with the blanks before it.
        func bar(_ value: Double, fill: Character) -> String {
            if value < 0 {
                let full = low < 0 ? Int((value / low * Double(left)).rounded()) : 0
                return String(repeating: " ", count: left - full) + String(repeating: fill, count: full)
            }
            let start = String(repeating: " ", count: left)
            let parts = high > 0 ? Int((value / high * Double(right * 8)).rounded()) : 0
            // Only a solid filling has pieces of a character.
            guard fill == "█" else { return start + String(repeating: fill, count: (parts + 4) / 8) }
            let rest = parts % 8
            let bar = String(repeating: fill, count: parts / 8) + (rest > 0 ? String(TextPlot.lying[rest - 1]) : "")
            return start + (bar.isEmpty && value > 0 ? "▏" : bar)
        }
    }
}
