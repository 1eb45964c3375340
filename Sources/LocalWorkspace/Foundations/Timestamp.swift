import Glibc

/// A moment, as milliseconds since 1970-01-01 UTC: the API's own form.
struct Timestamp: Sendable, Comparable {
    var milliseconds: Int

    /// The present, by the machine's clock.
    static var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: time.tv_sec * 1000 + time.tv_nsec / 1_000_000)
    }

    static func < (one: Timestamp, other: Timestamp) -> Bool { one.milliseconds < other.milliseconds }

    static func + (moment: Timestamp, duration: Duration) -> Timestamp {
        let (seconds, attoseconds) = duration.components
        return Timestamp(
            milliseconds: moment.milliseconds + Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000))
    }

    /// As `2026-01-31T10:15:00.000Z` (RFC 3339).
    var text: String {
        var seconds = time_t(milliseconds / 1000)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        func padded(_ value: Int, _ width: Int) -> String {
            let digits = String(value)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        let day = [(Int(parts.tm_year) + 1900, 4), (Int(parts.tm_mon) + 1, 2), (Int(parts.tm_mday), 2)]
        let clock = [(Int(parts.tm_hour), 2), (Int(parts.tm_min), 2), (Int(parts.tm_sec), 2)]
        return day.map(padded).joined(separator: "-") + "T" + clock.map(padded).joined(separator: ":") + "."
            + padded(milliseconds % 1000, 3) + "Z"
    }
}
