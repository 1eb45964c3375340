import FoundationEssentials

/// A picture of pixels that a program has sent to the terminal.
package struct TerminalPicture: Sendable {
    package enum Kind: Sendable { case kitty, iTerm2, sixel }

    package let kind: Kind
    /// Where its first cell is; a row above the window is negative.
    package internal(set) var row: Int
    package let column: Int
    /// The keys before the data. Of sixels: `width` and `height`, from the raster attributes.
    package let parameters: [String: String]
    /// The data as sent: base64, or sixels.
    package private(set) var text: String
    package private(set) var isComplete = true

    /// The cells it fills. Sixels are taken to be in cells of 10 × 20 pixels.
    package var columns: Int { number(kind == .kitty ? "c" : "width") / (kind == .sixel ? 10 : 1) }
    package var rows: Int {
        kind == .sixel ? (number("height") + 19) / 20 : number(kind == .kitty ? "r" : "height")
    }
    /// The file that kitty or iTerm2 got; nil when it is no base64.
    package var file: [UInt8]? { Data(base64Encoded: text).map { [UInt8]($0) } }

    private func number(_ key: String) -> Int { parameters[key].flatMap { Int($0) } ?? 0 }

    /// - Parameter string: a control string without its ESC and its end. Nil when it is no picture.
    init?(_ string: String, row: Int, column: Int) {
        (self.row, self.column) = (row, column)
        if string.hasPrefix("_G") {
            kind = .kitty
            let parts = string.dropFirst(2).split(separator: ";", maxSplits: 1, omittingEmptySubsequences: false)
            parameters = Self.pairs(parts[0], ",")
            text = parts.count > 1 ? String(parts[1]) : ""
            isComplete = parameters["m"] != "1"
        } else if string.hasPrefix("]1337;File=") {
            kind = .iTerm2
            let parts = string.dropFirst("]1337;File=".count).split(separator: ":", maxSplits: 1)
            parameters = Self.pairs(parts[0], ";")
            text = parts.count > 1 ? String(parts[1]) : ""
        } else if string.hasPrefix("P"), let q = string.firstIndex(of: "q") {
            kind = .sixel
            text = String(string[string.index(after: q)...])
            guard text.first == "\"" else { return nil }
            let raster = text.dropFirst().prefix { $0.isNumber || $0 == ";" }.split(separator: ";")
            guard raster.count == 4 else { return nil }
            parameters = ["width": String(raster[2]), "height": String(raster[3])]
        } else {
            return nil
        }
    }

    /// Another piece of kitty's data.
    mutating func add(_ string: String) {
        let parts = string.dropFirst(2).split(separator: ";", maxSplits: 1, omittingEmptySubsequences: false)
        text += parts.count > 1 ? String(parts[1]) : ""
        isComplete = Self.pairs(parts[0], ",")["m"] != "1"
    }

    private static func pairs(_ text: Substring, _ separator: Character) -> [String: String] {
        var pairs: [String: String] = [:]
        for pair in text.split(separator: separator) {
            let parts = pair.split(separator: "=", maxSplits: 1)
            if parts.count == 2 { pairs[String(parts[0])] = String(parts[1]) }
        }
        return pairs
    }
}
