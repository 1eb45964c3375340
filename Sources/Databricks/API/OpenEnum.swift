/// A word of the service's vocabulary that it may add to at any time, such as a state: compared without regard to case,
/// and never refused.
package protocol OpenEnum: RawRepresentable, Hashable, Sendable, CustomStringConvertible where RawValue == String {
    init(rawValue: String)
}

extension OpenEnum {
    /// The word as the service spells it, in capitals.
    init(reading text: String) {
        self.init(rawValue: text.uppercased())
    }

    /// The word without a prefix that only some documents and services spell, such as `COMMAND_`.
    static func word(_ text: String, without prefix: String) -> String {
        text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : text
    }

    package var description: String { rawValue }
}
