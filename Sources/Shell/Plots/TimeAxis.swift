/// A horizontal axis of dates or times: what gnuplot must know to read and to write them.
struct TimeAxis {
    /// Whether the values have a time of day.
    let hasTime: Bool
    private var first = Int.max
    private var last = Int.min

    init(hasTime: Bool) { self.hasTime = hasTime }

    /// Takes in a value, `2026-01-31` or `2026-01-31 12:00:00`.
    mutating func add(_ text: String) {
        let parts = text.prefix(10).split(separator: "-").compactMap { Int($0) }
        guard parts.count == 3 else { return }
        let day = Self.day(parts[0], parts[1], parts[2])
        first = min(first, day)
        last = max(last, day)
    }

    /// Number of a day, counted from some day long ago (Gregorian; years begin in March, so that leap days are at their end).
    private static func day(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let year = month < 3 ? year - 1 : year
        return 365 * year + year / 4 - year / 100 + year / 400 + (153 * ((month + 9) % 12) + 2) / 5 + day
    }

    /// Ticks on whole days, no more than there is room for; a day or less of times is left to gnuplot.
    func commands(room: Int) -> [String] {
        let days = first <= last ? last - first : 0
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
}
