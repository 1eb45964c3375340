import Glibc

/// A few round values along an axis, and how they are written.
struct AxisTicks: Equatable {
    struct Tick: Equatable {
        let value: Double
        let label: String
    }

    let ticks: [Tick]

    /// Multiples of 1, 2 or 5 times a power of ten, no more of them than that many steps.
    static func numbers(from low: Double, to high: Double, most: Int) -> AxisTicks {
        multiples(of: step(from: low, to: high, most: most), from: low, to: high)
    }

    /// As `numbers`, of whole numbers only.
    static func wholeNumbers(from low: Double, to high: Double, most: Int) -> AxisTicks {
        multiples(of: max(1, step(from: low, to: high, most: most)), from: low, to: high)
    }

    static func multiples(of step: Double, from low: Double, to high: Double) -> AxisTicks {
        let first = (low / step - 1e-9).rounded(.up)
        let last = (high / step + 1e-9).rounded(.down)
        guard step.isFinite, step > 0, last - first < 100 else { return AxisTicks(ticks: []) }
        let values = stride(from: first, through: last, by: 1).map { $0 * step }
        return AxisTicks(ticks: values.map { Tick(value: $0, label: label($0, step: step)) })
    }

    /// The range, widened to whole steps.
    static func rounded(_ low: Double, _ high: Double, to step: Double) -> ClosedRange<Double> {
        let wide = ((low / step).rounded(.down) * step, (high / step).rounded(.up) * step)
        return wide.0.isFinite && wide.1.isFinite && wide.0 < wide.1 ? wide.0...wide.1 : low...high
    }

    /// A range that is one value has some room on both sides.
    static func opened(_ low: Double, _ high: Double) -> (low: Double, high: Double) {
        if low < high { return (low, high) }
        let room = max(1, abs(low) / 10)
        return (low - room, high + room)
    }

    static func step(from low: Double, to high: Double, most: Int) -> Double {
        let raw = (high / Double(max(1, most)) - low / Double(max(1, most)))
        guard raw > 0, raw.isFinite else { return 1 }
        let power = pow(10, floor(log10(raw)))
        return [1, 2, 5].map { $0 * power }.first { $0 >= raw * 0.999_999 } ?? 10 * power
    }

    private static let units: [(size: Double, sign: String)] = [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")]

    private static func label(_ value: Double, step: Double) -> String {
        if value == 0 { return "0" }
        if step >= 1e15 || step < 1e-6 { return significant(value, 3) }
        let unit = units.first { step >= $0.size } ?? (size: 1, sign: "")
        let decimals = max(0, -Int(floor(log10(step / unit.size) + 1e-9)))
        return fixed(value / unit.size, decimals) + unit.sign
    }

    /// With that many digits behind the point.
    private static func fixed(_ value: Double, _ decimals: Int) -> String {
        let scaled = (abs(value) * pow(10, Double(decimals))).rounded()
        guard scaled < 1e18 else { return "\(value)" }
        var digits = String(Int(scaled))
        if decimals > 0 {
            digits = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
            digits.insert(".", at: digits.index(digits.endIndex, offsetBy: -decimals))
        }
        return (value < 0 && scaled > 0 ? "-" : "") + digits
    }

    private static func significant(_ value: Double, _ digits: Int) -> String {
        let power = floor(log10(abs(value)))
        let factor = pow(10, Double(digits - 1) - power)
        guard factor.isFinite, factor > 0 else { return "\(value)" }
        return "\((value * factor).rounded() / factor)"
    }

    /// A value as it stands beside a bar: whole numbers whole, others with six digits.
    static func value(_ value: Double) -> String {
        if value == value.rounded(), abs(value) < 1e15 { return String(Int(value)) }
        let short = significant(value, 6)
        return short.hasSuffix(".0") ? String(short.dropLast(2)) : short
    }
}
