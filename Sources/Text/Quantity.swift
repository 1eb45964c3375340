/// Numbers as people read them.
package enum Quantity {
    /// `39960` → `39,960`
    package static func grouped(_ number: Int) -> String {
        var digits = String(number.magnitude)
        var groups: [Substring] = []
        while digits.count > 3 {
            groups.insert(digits.suffix(3), at: 0)
            digits = String(digits.dropLast(3))
        }
        groups.insert(digits[...], at: 0)
        return (number < 0 ? "-" : "") + groups.joined(separator: ",")
    }

    /// `512 B`, `4.2 kB`, `61 MB`, `5.2 GB` (powers of 1000)
    package static func bytes(_ count: Int) -> String {
        var value = Double(count)
        var unit = "B"
        for next in ["kB", "MB", "GB", "TB"] where value >= 999.5 {
            value /= 1000
            unit = next
        }
        guard unit != "B", value < 9.95 else { return "\(Int(value.rounded())) \(unit)" }
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10) \(unit)"
    }

    /// `0.41 s`, `12.3 s`, `2 min 05 s`
    package static func seconds(_ duration: Duration) -> String {
        let (whole, fraction) = duration.components
        let seconds = Double(whole) + Double(fraction) / 1e18
        if seconds >= 60 {
            let rest = Int(seconds) % 60
            return "\(Int(seconds) / 60) min \(rest < 10 ? "0" : "")\(rest) s"
        }
        let places = seconds < 10 ? 100.0 : 10.0
        let scaled = Int((seconds * places).rounded())
        let tail = String(scaled % Int(places))
        let padded = String(repeating: "0", count: (places == 100 ? 2 : 1) - tail.count) + tail
        return "\(scaled / Int(places)).\(padded) s"
    }
}
