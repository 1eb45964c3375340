import Glibc

/// A horizontal axis of dates or times: seconds as the values say them, whatever their zone.
struct TimeAxis {
    /// Whether the values have a time of day.
    let hasTime: Bool
    private var first = Double.infinity
    private var last = -Double.infinity

    init(hasTime: Bool) { self.hasTime = hasTime }

    /// Takes in a value, `2026-01-31` or `2026-01-31 12:00:00`, and answers its seconds; NaN for anything else.
    mutating func add(_ text: String) -> Double {
        let parts = text.prefix(10).split(separator: "-").compactMap { Int($0) }
        guard parts.count == 3 else { return .nan }
        var seconds = Double(Self.day(parts[0], parts[1], parts[2])) * 86400
        let clock = text.dropFirst(11).prefix { $0 != "Z" && $0 != "+" && $0 != "-" }.split(separator: ":")
            .map { Double($0) ?? 0 }
        for (part, size) in zip(clock, [3600.0, 60, 1]) { seconds += part * size }
        first = min(first, seconds)
        last = max(last, seconds)
        return seconds
    }

    /// Number of a day, counted from some day long ago (Gregorian; years begin in March, so that leap days are at their end).
    private static func day(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let year = month < 3 ? year - 1 : year
        return 365 * year + year / 4 - year / 100 + year / 400 + (153 * ((month + 9) % 12) + 2) / 5 + day
    }

    /// The day of a number.
    private static func date(_ number: Int) -> (year: Int, month: Int, day: Int) {
        // The year is a little too large or just right at first.
        var year = number * 400 / 146_097 + 1
        while day(year, 3, 1) > number { year -= 1 }
        let rest = number - day(year, 3, 1)
        let month = (5 * rest + 2) / 153
        let calendar = (month + 2) % 12 + 1
        return (calendar < 3 ? year + 1 : year, calendar, rest - (153 * month + 2) / 5 + 1)
    }

    private var days: Int { first <= last ? Int((last - first) / 86400) : 0 }

    /// Ticks on whole days, no more than there is room for; a day or less of times is left to gnuplot.
    func commands(room: Int) -> [String] {
        var format = hasTime ? "%Y-%m-%d\\n%H:%M" : "%Y-%m-%d"
        var commands: [String] = []
        if hasTime, days < 2 {
            format = "%H:%M\\n%m-%d"
        } else {
            let most = max(1, room / 13)
            commands.append("set xtics \(max(1, (days + most - 1) / most) * 86400)")
        }
        return commands + [
            "set xdata time", "set timefmt \"%Y-%m-%d\(hasTime ? "%*c%H:%M:%S" : "")\"", "set format x \"\(format)\"",
            "set autoscale xfix", "set rmargin 6",
        ]
    }

    // MARK: In text

    /// Round times: whole seconds, minutes, hours, days, months or years.
    func ticks(room: Int) -> AxisTicks {
        guard first <= last else { return AxisTicks(ticks: []) }
        let span = max(1, last - first)
        let fine: [Double] = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200]
        if hasTime, let step = fine.first(where: { span / $0 <= Double(max(1, room / (days > 0 ? 14 : 10))) }) {
            return regular(step) { Self.clock($0, withDate: days > 0, withSeconds: step < 60) }
        }
        let most = Double(max(1, room / 12))
        if let step = [1, 2, 7, 14].first(where: { span / 86400 / $0 <= most }) {
            return regular(step * 86400) { Self.name(Self.date(Int($0 / 86400)), 3) }
        }
        let months = [1, 2, 3, 6].first { span / 86400 / 30.4 / Double($0) <= Double(max(1, room / 9)) }
        return months.map { calendar(months: $0) }
            ?? calendar(months: 12 * Int(AxisTicks.step(from: 0, to: span / 86400 / 365, most: max(1, room / 7))))
    }

    private func regular(_ step: Double, _ label: (Double) -> String) -> AxisTicks {
        // Weeks are counted from the first day that there is.
        let origin = step > 86400 ? first : 0
        let start = origin + ((first - origin) / step).rounded(.up) * step
        return AxisTicks(
            ticks: stride(from: start, through: last, by: step).map { .init(value: $0, label: label($0)) })
    }

    private func calendar(months step: Int) -> AxisTicks {
        let step = max(1, step)
        let start = Self.date(Int(first / 86400))
        var month = (start.year * 12 + start.month - 1 + step - 1) / step * step
        var ticks: [AxisTicks.Tick] = []
        while true {
            let (year, index) = month.quotientAndRemainder(dividingBy: 12)
            let value = Double(Self.day(year, index + 1, 1)) * 86400
            if value > last { return AxisTicks(ticks: ticks) }
            if value >= first {
                ticks.append(.init(value: value, label: Self.name((year, index + 1, 1), step < 12 ? 2 : 1)))
            }
            month += step
        }
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    private static func name(_ date: (year: Int, month: Int, day: Int), _ parts: Int) -> String {
        (["\(date.year)", two(date.month), two(date.day)].prefix(parts)).joined(separator: "-")
    }

    private static func clock(_ seconds: Double, withDate: Bool, withSeconds: Bool) -> String {
        let day = Int((seconds / 86400).rounded(.down))
        let rest = Int(seconds) - day * 86400
        let time = [rest / 3600, rest / 60 % 60, rest % 60].prefix(withSeconds ? 3 : 2).map(two).joined(separator: ":")
        return withDate ? name(date(day), 3).dropFirst(5) + " " + time : time
    }

    /// The day that all times are of; nil for several, and for dates.
    var onlyDay: String? {
        guard hasTime, first <= last, days == 0 else { return nil }
        return Self.name(Self.date(Int((first / 86400).rounded(.down))), 3)
    }
}
