/// Names for the bytes that the lexers look for. Inlined into other modules: they are asked for every byte of a script.
extension UInt8 {
    @inlinable package static var newline: UInt8 { UInt8(ascii: "\n") }
    @inlinable package static var carriageReturn: UInt8 { UInt8(ascii: "\r") }
    @inlinable package static var space: UInt8 { UInt8(ascii: " ") }
    @inlinable package static var tab: UInt8 { UInt8(ascii: "\t") }
    @inlinable package static var verticalTab: UInt8 { 0x0B }
    @inlinable package static var formFeed: UInt8 { 0x0C }
    @inlinable package static var quote: UInt8 { UInt8(ascii: "'") }
    @inlinable package static var doubleQuote: UInt8 { UInt8(ascii: "\"") }
    @inlinable package static var backtick: UInt8 { UInt8(ascii: "`") }
    @inlinable package static var backslash: UInt8 { UInt8(ascii: "\\") }
    @inlinable package static var dollar: UInt8 { UInt8(ascii: "$") }
    @inlinable package static var minus: UInt8 { UInt8(ascii: "-") }
    @inlinable package static var slash: UInt8 { UInt8(ascii: "/") }
    @inlinable package static var star: UInt8 { UInt8(ascii: "*") }
    @inlinable package static var plus: UInt8 { UInt8(ascii: "+") }
    @inlinable package static var semicolon: UInt8 { UInt8(ascii: ";") }
    @inlinable package static var colon: UInt8 { UInt8(ascii: ":") }
    @inlinable package static var comma: UInt8 { UInt8(ascii: ",") }
    @inlinable package static var dot: UInt8 { UInt8(ascii: ".") }
    @inlinable package static var hash: UInt8 { UInt8(ascii: "#") }
    @inlinable package static var percent: UInt8 { UInt8(ascii: "%") }
    @inlinable package static var leftParenthesis: UInt8 { UInt8(ascii: "(") }
    @inlinable package static var leftBrace: UInt8 { UInt8(ascii: "{") }
    @inlinable package static var rightBrace: UInt8 { UInt8(ascii: "}") }
    @inlinable package static var rightParenthesis: UInt8 { UInt8(ascii: ")") }

    @inlinable package var isBlank: Bool { self == .space || self == .tab || self == .carriageReturn }
    @inlinable package var isLetter: Bool { (self | 0x20) &- UInt8(ascii: "a") < 26 }
    @inlinable package var isDigit: Bool { self &- UInt8(ascii: "0") < 10 }
    /// Bytes of non-ASCII scalars count as letters: identifiers may hold them.
    @inlinable package var isWordStart: Bool { isLetter || self == UInt8(ascii: "_") || self >= 0x80 }
    @inlinable package var isWordPart: Bool { isWordStart || isDigit }
}
