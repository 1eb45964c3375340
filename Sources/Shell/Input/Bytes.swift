/// Names for the bytes that the lexers look for.
nonisolated extension UInt8 {
    static let newline = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
    static let space = UInt8(ascii: " ")
    static let tab = UInt8(ascii: "\t")
    static let verticalTab: UInt8 = 0x0B
    static let formFeed: UInt8 = 0x0C
    static let quote = UInt8(ascii: "'")
    static let doubleQuote = UInt8(ascii: "\"")
    static let backtick = UInt8(ascii: "`")
    static let backslash = UInt8(ascii: "\\")
    static let dollar = UInt8(ascii: "$")
    static let minus = UInt8(ascii: "-")
    static let slash = UInt8(ascii: "/")
    static let star = UInt8(ascii: "*")
    static let plus = UInt8(ascii: "+")
    static let semicolon = UInt8(ascii: ";")
    static let colon = UInt8(ascii: ":")
    static let comma = UInt8(ascii: ",")
    static let dot = UInt8(ascii: ".")
    static let hash = UInt8(ascii: "#")
    static let percent = UInt8(ascii: "%")
    static let leftParenthesis = UInt8(ascii: "(")
    static let leftBrace = UInt8(ascii: "{")
    static let rightBrace = UInt8(ascii: "}")
    static let rightParenthesis = UInt8(ascii: ")")

    var isBlank: Bool { self == .space || self == .tab || self == .carriageReturn }
    var isLetter: Bool { (self | 0x20) &- UInt8(ascii: "a") < 26 }
    var isDigit: Bool { self &- UInt8(ascii: "0") < 10 }
    /// Bytes of non-ASCII scalars count as letters: identifiers may hold them.
    var isWordStart: Bool { isLetter || self == UInt8(ascii: "_") || self >= 0x80 }
    var isWordPart: Bool { isWordStart || isDigit }
}
