import Glibc
import Text

/// The frame of a drawing in text: a scale on the left, one below.
struct TextAxes {
    typealias Range = (low: Double, high: Double)

    /// From the bottom row's lower edge to the top row's upper edge.
    let vertical: Range
    let horizontal: Range
    /// What there is to draw on.
    let columns: Int
    let rows: Int
    private let labels: [Int: String]
    private let labelWidth: Int

    /// - Parameters:
    ///   - wholeNumbers: the vertical scale has only whole numbers.
    ///   - multipleOf: what the number of columns must be a multiple of.
    init(
        vertical: Range, horizontal: Range, width: Int, rows: Int, wholeNumbers: Bool = false, multipleOf: Int = 1
    ) {
        let most = max(2, min(5, (rows - 1) / 3))
        var step = AxisTicks.step(from: vertical.low, to: vertical.high, most: most)
        if wholeNumbers { step = max(1, step) }
        let range = AxisTicks.rounded(vertical.low, vertical.high, to: step)
        let ticks = AxisTicks.multiples(of: step, from: range.lowerBound, to: range.upperBound)
        self.vertical = (range.lowerBound, range.upperBound)
        self.horizontal = horizontal
        self.rows = rows
        var labels: [Int: String] = [:]
        for tick in ticks.ticks {
            let share = Self.share(tick.value, self.vertical)
            labels[rows - 1 - Int((share * Double(rows - 1)).rounded())] = tick.label
        }
        self.labels = labels
        labelWidth = labels.values.map(\.count).max() ?? 0
        // The last label below may stand out half its length.
        let room = max(multipleOf, width - labelWidth - 2 - 3)
        columns = room / multipleOf * multipleOf
    }

    private static func share(_ value: Double, _ range: Range) -> Double {
        let size = range.high / 2 - range.low / 2
        return size > 0 ? (value / 2 - range.low / 2) / size : 0
    }

    /// Where a point is among the dots of a canvas of this size.
    func dot(_ x: Double, _ y: Double, _ canvas: BrailleCanvas) -> (x: Int, y: Int) {
        // The labels stand beside the middle of their row.
        let down = (1 - Self.share(y, vertical)) * Double(canvas.dotsDown - 4) + 1.5
        return (
            Int((Self.share(x, horizontal) * Double(canvas.dotsAcross - 1)).rounded()), Int(down.rounded())
        )
    }

    /// - Parameters:
    ///   - drawing: `rows` rows of `columns` columns.
    ///   - dim: makes text stand back.
    func framed(_ drawing: [String], horizontalTicks: AxisTicks, name: String?, dim: (String) -> String) -> [String] {
        var lines = drawing.enumerated().map { row, text in
            let label = labels[row] ?? ""
            let space = String(repeating: " ", count: labelWidth - label.count)
            return dim(space + label + " " + (labels[row] == nil ? "│" : "┤")) + Self.trimmed(text)
        }
        let (line, names) = below(horizontalTicks)
        let space = String(repeating: " ", count: labelWidth + 1)
        lines.append(dim(space + "└" + line))
        lines.append(dim(names))
        if let name {
            let indent = labelWidth + 2 + max(0, (columns - DisplayWidth.of(name)) / 2)
            lines.append(String(repeating: " ", count: indent) + name)
        }
        return lines
    }

    private static func trimmed(_ text: String) -> String {
        var text = text
        while text.last == " " { text.removeLast() }
        return text
    }

    /// The line with its ticks, and the row of labels; a label that would run into the one before is left out, with its tick.
    private func below(_ ticks: AxisTicks) -> (line: String, labels: String) {
        var line = Array(repeating: Character("─"), count: columns)
        var labels = ""
        var used = 0
        for tick in ticks.ticks {
            let column = Int((Self.share(tick.value, horizontal) * Double(columns - 1)).rounded())
            guard line.indices.contains(column) else { continue }
            let width = DisplayWidth.of(tick.label)
            let whole = labelWidth + 2 + columns + 3
            let start = max(0, min(labelWidth + 2 + column - width / 2, whole - width))
            guard start >= used + (used > 0 ? 1 : 0) else { continue }
            line[column] = "┬"
            labels += String(repeating: " ", count: start - used) + tick.label
            used = start + width
        }
        return (String(line), labels)
    }
}
