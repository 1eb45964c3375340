import Glibc

/// The `Retry-After` header: seconds, or the date when to come back (RFC 9110 §10.2.3).
enum RetryAfter {
    /// The wait a reply asks for; nil when it asks for none or the header makes no sense.
    ///
    /// A date is measured against the reply's own `Date`, so that a wrong clock on this machine does no harm; only
    /// without one against `now`, in seconds since 1970.
    static func wait(of head: HTTPHead, now: @autoclosure () -> Int = time(nil)) -> Duration? {
        guard let value = head["retry-after"] else { return nil }
        let text = value.trimmingSpaces()
        if let seconds = Double(text), seconds >= 0, seconds < 1e9 { return .seconds(seconds) }
        guard let date = HTTPDate.epoch(of: text) else { return nil }
        let reference = head["date"].flatMap { HTTPDate.epoch(of: $0.trimmingSpaces()) } ?? now()
        return .seconds(max(0, date - reference))
    }
}
