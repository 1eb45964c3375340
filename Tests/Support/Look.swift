/// How a cell of a terminal looks, as far as SGR says it (ECMA-48 §8.3.117 and xterm's colours). A colour is what stands in the
/// sequence: `"31"`, `"5;208"`, `"2;255;0;0"`; nil is the terminal's own.
package struct Look: Sendable, Hashable {
    package var foreground: String?
    package var background: String?
    package var isBold = false
    package var isFaint = false
    package var isUnderlined = false
    package var isInverse = false

    package init(background: String? = nil) { self.background = background }

    /// The colour that fills the cell when `glyph` is in it; nil when more than one does, or the terminal's own.
    package func fill(of glyph: String) -> String? {
        switch glyph {
        case " ": isInverse ? foreground : background
        case "█": isInverse ? background : foreground
        default: nil
        }
    }

    /// Follows the parameters of one SGR sequence.
    mutating func change(_ parameters: String) {
        let numbers = parameters.split(separator: ";", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
        var rest = (numbers.isEmpty ? [0] : numbers)[...]
        while let number = rest.popFirst() {
            switch number {
            case 0: self = Look()
            case 1: isBold = true
            case 2: isFaint = true
            case 4: isUnderlined = true
            case 7: isInverse = true
            case 22: (isBold, isFaint) = (false, false)
            case 24: isUnderlined = false
            case 27: isInverse = false
            case 30...37, 90...97: foreground = String(number)
            case 40...47, 100...107: background = String(number - 10)
            case 38: foreground = Self.extended(&rest)
            case 48: background = Self.extended(&rest)
            case 39: foreground = nil
            case 49: background = nil
            default: break
            }
        }
    }

    private static func extended(_ rest: inout ArraySlice<Int>) -> String? {
        guard let kind = rest.first else { return nil }
        let count = kind == 5 ? 2 : 4
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count).map(String.init).joined(separator: ";")
    }
}
