import Glibc

/// A moment of the calendar, in seconds since 1970 (UTC): tokens say until when they are good in it.
package struct WallTime: Sendable, Equatable, Comparable {
    package let seconds: Double

    package init(seconds: Double) {
        self.seconds = seconds
    }

    package init(milliseconds: Int) {
        seconds = Double(milliseconds) / 1000
    }

    /// Since 1970, as Databricks' APIs have times.
    package var milliseconds: Int { Int((seconds * 1000).rounded()) }

    /// The present.
    package static var now: WallTime {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return WallTime(seconds: Double(now.tv_sec) + Double(now.tv_nsec) / 1e9)
    }

    package static func < (left: WallTime, right: WallTime) -> Bool { left.seconds < right.seconds }
    package static func + (time: WallTime, seconds: Double) -> WallTime { WallTime(seconds: time.seconds + seconds) }
    package static func + (time: WallTime, duration: Duration) -> WallTime { time + duration / .seconds(1) }
    package static func - (left: WallTime, right: WallTime) -> Double { left.seconds - right.seconds }

    /// `2026-08-21T12:34:56Z`
    package var text: String {
        var time = time_t(seconds.rounded(.down))
        var parts = tm()
        gmtime_r(&time, &parts)
        func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))"
            + "T\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))Z"
    }

    /// `2026-08-21T12:34:56.789Z`
    package var textWithMilliseconds: String {
        let fraction = String(1000 + milliseconds % 1000).dropFirst()
        return WallTime(milliseconds: milliseconds - milliseconds % 1000).text.dropLast() + ".\(fraction)Z"
    }

    /// Reads RFC 3339 (`2026-08-21T12:34:56.789012345Z`, with an offset too), and `2026-08-21 12:34:56[.f]` without a zone,
    /// which is UTC, or this machine's own zone when `zone` says so (the Azure CLI writes that).
    package init?(_ text: String, withoutZone zone: Zone = .utc) {
        let bytes = Array(text.utf8)
        func number(_ range: Range<Int>) -> Int32? {
            guard range.upperBound <= bytes.count, bytes[range].allSatisfy({ (0x30...0x39).contains($0) }) else {
                return nil
            }
            return bytes[range].reduce(0) { $0 * 10 + Int32($1 - 0x30) }
        }
        guard bytes.count >= 19, bytes[4] == 0x2D, bytes[7] == 0x2D, bytes[13] == 0x3A, bytes[16] == 0x3A,
            [0x54, 0x74, 0x20].contains(bytes[10]), let year = number(0..<4), let month = number(5..<7),
            let day = number(8..<10), let hour = number(11..<13), let minute = number(14..<16),
            let second = number(17..<19), (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        var parts = tm()
        (parts.tm_year, parts.tm_mon, parts.tm_mday) = (year - 1900, month - 1, day)
        (parts.tm_hour, parts.tm_min, parts.tm_sec, parts.tm_isdst) = (hour, minute, second, -1)
        var rest = bytes[19...]
        if rest.first == 0x2E { rest = rest.dropFirst().drop { (0x30...0x39).contains($0) } }
        switch rest.first {
        case nil where zone == .local: seconds = Double(mktime(&parts))
        case nil: seconds = Double(timegm(&parts))
        case 0x5A, 0x7A: seconds = Double(timegm(&parts))
        case 0x2B, 0x2D:
            let at = rest.startIndex
            guard rest.count == 6, let hours = number(at + 1..<at + 3), let minutes = number(at + 4..<at + 6) else {
                return nil
            }
            let offset = Double(hours * 3600 + minutes * 60)
            seconds = Double(timegm(&parts)) + (rest.first == 0x2D ? offset : -offset)
        default: return nil
        }
    }

    /// What a time without a zone means.
    package enum Zone: Sendable {
        case utc, local
    }
}
