import Results
import Text

/// The drawing as a program of gnuplot's.
extension Plot {
    /// A string of gnuplot's language.
    private static func string(_ text: String) -> String {
        "'" + Sanitizer.oneLine(text).replacing("'", with: "''") + "'"
    }

    /// The program that draws it.
    func script(for device: Device) -> String {
        var lines = ["set encoding utf8", device.command, "set datafile separator \"\\t\"", "set key noenhanced"]
        if kind == .hist { return (lines + histogram()).joined(separator: "\n") + "\n" }
        lines += ["$data << EOD", data + "EOD"]
        if let x { lines.append("set xlabel \(Self.string(columns[x].name)) noenhanced") }
        if ys.count == 1 { lines.append("set ylabel \(Self.string(columns[ys[0]].name)) noenhanced") }
        lines += wholeTicks
        if axis == .time { lines += time.commands(room: device.charactersAcross) }
        let names = axis == .name || kind == .bar ? Names(rowCount, longest: longestName, on: device) : nil
        if names?.areTurned == true { lines.append("set xtics rotate by 45 right") }
        lines.append(kind == .bar ? "set style fill solid 0.6" : "set grid")
        if kind == .bar {
            // The first and the last bar stand clear of the frame, and no tick marks cross them.
            lines += ["set boxwidth 0.8 relative", "set yrange [\(rangeStart):*]", "set xtics scale 0"]
            lines.append("set xrange [-0.75:\(Double(rowCount) - 0.25)]")
        }
        if kind == .bar, ys.count > 1 { lines.append("set style data histograms") }
        lines.append("plot " + ys.indices.map { curve($0, names) }.joined(separator: ", "))
        return lines.joined(separator: "\n") + "\n"
    }

    /// The rows, tab-separated, as gnuplot reads them.
    private var data: String {
        var data = ""
        for row in 0..<rowCount {
            switch axis {
            case .name, .time: data += Self.field(names[row])
            case .number: data += Self.field(xs[row])
            case .row: data += "\(row + 1)"
            }
            for values in series { data += "\t" + Self.field(values[row]) }
            data += "\n"
        }
        return data
    }

    private static func field(_ number: Double) -> String { number.isNaN ? "NaN" : "\(number)" }

    /// No quotes and tabs in it.
    private static func field(_ name: String) -> String {
        "\"" + name.replacing("\"", with: "'").replacing("\\", with: "/").replacing("\t", with: " ") + "\""
    }

    /// Bars stand on zero, unless some hang below it.
    private var rangeStart: String { series.contains { $0.contains { $0 < 0 } } ? "*" : "0" }

    /// How the names along the horizontal axis find room: side by side, else turned, and of many only some.
    private struct Names {
        let areTurned: Bool
        /// Every how manieth is shown.
        let step: Int

        init(_ count: Int, longest: Int, on device: Device) {
            let room = device.charactersAcross
            let fits = count * (longest + 2) <= room
            areTurned = !fits
            let each = areTurned ? 2 : longest + 2
            step = fits ? 1 : max(1, (count * each + room - 1) / max(1, room))
        }

        var ticks: String { step == 1 ? "xtic(1)" : "xtic(int($0) % \(step) == 0 ? strcol(1) : '')" }
    }

    private func curve(_ index: Int, _ names: Names?) -> String {
        let column = index + 2
        let title = "title \(Self.string(columns[ys[index]].name))"
        let ticks = names?.ticks ?? "xtic(1)"
        switch (kind, axis) {
        case (.bar, _) where ys.count > 1: return "$data using \(column):\(ticks) \(title)"
        case (.bar, _): return "$data using 0:\(column):\(ticks) with boxes notitle"
        case (_, .name): return "$data using 0:\(column):\(ticks) with \(style) \(ys.count > 1 ? title : "notitle")"
        default: return "$data using 1:\(column) with \(style) \(ys.count > 1 ? title : "notitle")"
        }
    }

    /// Between the whole numbers of a short range gnuplot would draw others.
    private var wholeTicks: [String] {
        func isShort(_ numbers: [Double]) -> Bool {
            let numbers = numbers.filter { !$0.isNaN }
            return (numbers.max() ?? 0) - (numbers.min() ?? 0) <= 5
        }
        let vertical = ys.allSatisfy(isWhole) && isShort(Array(series.joined()) + (kind == .bar ? [0] : []))
        let horizontal = kind != .bar && axis == .number && x.map(isWhole) == true && isShort(xs)
        return (vertical ? ["set ytics 1"] : []) + (horizontal ? ["set xtics 1"] : [])
    }

    private var style: String { kind == .scatter ? "points pointtype 7 pointsize 0.6" : "lines linewidth 2" }

    /// Bins of equal width, about the square root of the number of values, 10 to 50 of them.
    private func histogram() -> [String] {
        guard let low = values.min(), let high = values.max() else { return ["set xrange [0:1]", "plot NaN notitle"] }
        let count = low == high ? 1 : min(50, max(10, Int(Double(values.count).squareRoot())))
        let width = low == high ? 1 : (high - low) / Double(count)
        var bins = [Int](repeating: 0, count: count)
        for value in values { bins[min(count - 1, Int((value - low) / width))] += 1 }
        let rows = bins.indices.map { "\(low + (Double($0) + 0.5) * width)\t\(bins[$0])" }.joined(separator: "\n")
        return [
            "$data << EOD", rows + "\nEOD", "set xlabel \(Self.string(columns[ys[0]].name)) noenhanced",
            "set style fill solid 0.6", "set boxwidth \(width * 0.95)", "set yrange [0:*]",
            "set xrange [\(low - width * 0.1):\(low + width * (Double(count) + 0.1))]",
            "plot $data using 1:2 with boxes notitle",
        ]
    }
}
