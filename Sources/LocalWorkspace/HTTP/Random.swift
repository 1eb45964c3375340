import FoundationEssentials

/// Unguessable names.
enum Random {
    /// `count` random bytes from the kernel (`SystemRandomNumberGenerator` is getrandom(2) on Linux), as hexadecimal
    /// digits.
    static func hexadecimal(bytes count: Int) -> String {
        var generator = SystemRandomNumberGenerator()
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for _ in 0..<count {
            let byte = UInt8.random(in: .min ... .max, using: &generator)
            text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// A decimal id of 19 digits, as execution contexts have.
    static func decimalID() -> String {
        var generator = SystemRandomNumberGenerator()
        return String(UInt64.random(in: 1_000_000_000_000_000_000...9_000_000_000_000_000_000, using: &generator))
    }

    /// An id in the form of a UUID (version 4, RFC 9562).
    static func uuid() -> String { UUID().uuidString.lowercased() }

    /// Whether two secrets are equal, in a time that does not tell where they differ.
    static func equal(_ one: String, _ other: String) -> Bool {
        let (one, other) = (Array(one.utf8), Array(other.utf8))
        guard one.count == other.count else { return false }
        return zip(one, other).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
