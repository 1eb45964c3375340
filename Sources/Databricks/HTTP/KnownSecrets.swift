import FoundationEssentials
import System

/// The secrets that this process holds, in the forms in which a server or a program may repeat them.
enum KnownSecrets {
    /// A sequence of bytes that must not be shown.
    struct Pattern: Sendable {
        let bytes: [UInt8]
        /// The base 64 of something with the secret in it: what stands around it belongs to it.
        let isBase64: Bool
    }

    private struct State {
        var texts: Set<String> = []
        var patterns: [Pattern] = []
    }

    private static let state = Locked(State())
    /// Shorter ones would be found in ordinary words.
    private static let shortest = 8

    static var patterns: [Pattern] { state.withLock { $0.patterns } }

    static func add(_ text: String) {
        guard text.utf8.count >= shortest else { return }
        state.withLock { state in
            guard state.texts.insert(text).inserted else { return }
            state.patterns += forms(of: text)
        }
    }

    private static func forms(of text: String) -> [Pattern] {
        let percent = PercentEncoding.component(text)
        let plain = Set([text, percent, percent.lowercasingEscapes()])
        let encoded = Set((0..<3).compactMap { base64(text, after: $0) }.flatMap { [$0, $0.base64URL()] })
        return plain.map { Pattern(bytes: Array($0.utf8), isBase64: false) }
            + encoded.map { Pattern(bytes: Array($0.utf8), isBase64: true) }
    }

    /// The part of a base 64 text that the secret alone determines, when `count` bytes (modulo 3) stand before it, as in
    /// `id:secret`; nil when that is too little to be sure.
    private static func base64(_ text: String, after count: Int) -> String? {
        let bytes = [UInt8](repeating: 0, count: count) + Array(text.utf8)
        let whole = Data(bytes).base64EncodedString().prefix(bytes.count * 8 / 6).dropFirst((count * 8 + 5) / 6)
        return whole.count >= shortest ? String(whole) : nil
    }
}

extension String {
    /// Percent-encoded with small letters.
    fileprivate func lowercasingEscapes() -> String {
        var left = 0
        return String(
            map { character in
                if character == "%" {
                    left = 2
                } else if left > 0 {
                    left -= 1
                    return Character(character.lowercased())
                }
                return character
            })
    }

    /// Base 64 in the alphabet for URLs (RFC 4648 §5).
    func base64URL() -> String {
        String(map { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 })
    }
}
