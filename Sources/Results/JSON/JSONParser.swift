import Text

/// A strict recursive-descent reader of JSON (RFC 8259), bounded in depth.
///
/// It reads from a buffer pointer that the caller keeps alive; every access is checked against the count.
struct JSONParser {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var index = 0
    private var depth = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    mutating func document() throws(JSONValue.ParseError) -> JSONValue {
        skipBlanks()
        let value = try self.value()
        try expectEnd()
        return value
    }

    mutating func skipDocument() throws(JSONValue.ParseError) {
        skipBlanks()
        try skipValue()
        try expectEnd()
    }

    // MARK: Values

    private mutating func value() throws(JSONValue.ParseError) -> JSONValue {
        switch peek {
        case 0x7B:
            var members: [JSONValue.Member] = []
            try eachMember { (parser, key) throws(JSONValue.ParseError) in
                members.append(JSONValue.Member(try parser.text(of: key), try parser.value()))
            }
            return .object(members)
        case 0x5B:
            var elements: [JSONValue] = []
            try eachElement { (parser) throws(JSONValue.ParseError) in elements.append(try parser.value()) }
            return .array(elements)
        case 0x22:
            let body = try string()
            return .string(try text(of: body))
        case 0x74: return try literal("true", .bool(true))
        case 0x66: return try literal("false", .bool(false))
        case 0x6E: return try literal("null", .null)
        default:
            let digits = try number()
            return .number(String(decoding: bytes[digits], as: UTF8.self))
        }
    }

    private mutating func skipValue() throws(JSONValue.ParseError) {
        switch peek {
        case 0x7B: try eachMember { (parser, _) throws(JSONValue.ParseError) in try parser.skipValue() }
        case 0x5B: try eachElement { (parser) throws(JSONValue.ParseError) in try parser.skipValue() }
        case 0x22: _ = try string()
        case 0x74: _ = try literal("true", .null)
        case 0x66: _ = try literal("false", .null)
        case 0x6E: _ = try literal("null", .null)
        default: _ = try number()
        }
    }

    private mutating func eachElement(
        _ body: (inout JSONParser) throws(JSONValue.ParseError) -> Void
    ) throws(JSONValue.ParseError) {
        try enter()
        if peek == 0x5D { return leave() }
        while true {
            try body(&self)
            skipBlanks()
            if peek == 0x5D { return leave() }
            guard peek == 0x2C else { throw failure("expected ',' or ']'") }
            index += 1
            skipBlanks()
        }
    }

    private mutating func eachMember(
        _ body: (inout JSONParser, Range<Int>) throws(JSONValue.ParseError) -> Void
    ) throws(JSONValue.ParseError) {
        try enter()
        if peek == 0x7D { return leave() }
        while true {
            guard peek == 0x22 else { throw failure("expected a key") }
            let key = try string()
            skipBlanks()
            guard peek == 0x3A else { throw failure("expected ':'") }
            index += 1
            skipBlanks()
            try body(&self, key)
            skipBlanks()
            if peek == 0x7D { return leave() }
            guard peek == 0x2C else { throw failure("expected ',' or '}'") }
            index += 1
            skipBlanks()
        }
    }

    private mutating func enter() throws(JSONValue.ParseError) {
        guard depth < JSONValue.depthLimit else { throw failure("nested too deeply") }
        depth += 1
        index += 1
        skipBlanks()
    }

    private mutating func leave() {
        depth -= 1
        index += 1
    }

    // MARK: Tokens

    private mutating func literal(
        _ word: StaticString, _ value: JSONValue
    ) throws(JSONValue.ParseError) -> JSONValue {
        for position in 0..<word.utf8CodeUnitCount {
            guard index + position < bytes.count, bytes[index + position] == word.utf8Start[position] else {
                throw failure("expected a value")
            }
        }
        index += word.utf8CodeUnitCount
        return value
    }

    private mutating func number() throws(JSONValue.ParseError) -> Range<Int> {
        let start = index
        guard let length = JSONNumber.length(UnsafeBufferPointer(rebasing: bytes[index...])) else {
            throw failure(index == bytes.count ? "the document ends too early" : "expected a value")
        }
        index += length
        return start..<index
    }

    /// A string's body, quotes left out, escapes checked and not yet replaced.
    private mutating func string() throws(JSONValue.ParseError) -> Range<Int> {
        let start = index + 1
        index = start
        var isASCII = true
        while index < bytes.count {
            let byte = bytes[index]
            if byte == 0x22 {
                index += 1
                let body = start..<index - 1
                guard isASCII || UnsafeBufferPointer(rebasing: bytes[body]).isValidUTF8 else {
                    throw JSONValue.ParseError(offset: start, reason: "a string that is not UTF-8")
                }
                return body
            }
            if byte < 0x20 { throw failure("a control character in a string") }
            if byte >= 0x80 { isASCII = false }
            index += byte == 0x5C ? try escapeLength() : 1
        }
        throw failure("the document ends in a string")
    }

    private func escapeLength() throws(JSONValue.ParseError) -> Int {
        guard index + 1 < bytes.count else { throw failure("the document ends in a string") }
        switch bytes[index + 1] {
        case 0x22, 0x5C, 0x2F, 0x62, 0x66, 0x6E, 0x72, 0x74: return 2
        case 0x75:
            guard index + 6 <= bytes.count, bytes[index + 2..<index + 6].allSatisfy({ hexValue($0) != nil }) else {
                throw failure("an incomplete \\u escape")
            }
            return 6
        default: throw failure("an unknown escape")
        }
    }

    private func text(of body: Range<Int>) throws(JSONValue.ParseError) -> String {
        let raw = UnsafeBufferPointer(rebasing: bytes[body])
        return raw.contains(0x5C) ? unescaped(raw) : String(decoding: raw, as: UTF8.self)
    }

    // MARK: Bytes

    private var peek: UInt8 { index < bytes.count ? bytes[index] : 0 }

    private mutating func skipBlanks() {
        while index < bytes.count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[index]) { index += 1 }
    }

    private mutating func expectEnd() throws(JSONValue.ParseError) {
        skipBlanks()
        if index < bytes.count { throw failure("data after the end") }
    }

    private func failure(_ reason: String) -> JSONValue.ParseError {
        JSONValue.ParseError(offset: index, reason: index < bytes.count ? reason : "the document ends too early")
    }
}

/// Replaces the escapes of a string whose grammar was checked.
private func unescaped(_ raw: UnsafeBufferPointer<UInt8>) -> String {
    var units: [UInt16] = []
    var output: [UInt8] = []
    output.reserveCapacity(raw.count)
    var index = 0
    while index < raw.count {
        if raw[index] == 0x5C, raw[index + 1] == 0x75 {
            units.append(raw[index + 2..<index + 6].reduce(0) { $0 << 4 | UInt16(hexValue($1) ?? 0) })
            index += 6
            continue
        }
        // Units are decoded together, so that two halves become one scalar and a single one U+FFFD.
        if !units.isEmpty {
            output.append(contentsOf: String(decoding: units, as: UTF16.self).utf8)
            units.removeAll(keepingCapacity: true)
        }
        guard raw[index] == 0x5C else {
            output.append(raw[index])
            index += 1
            continue
        }
        switch raw[index + 1] {
        case 0x62: output.append(0x08)
        case 0x66: output.append(0x0C)
        case 0x6E: output.append(0x0A)
        case 0x72: output.append(0x0D)
        case 0x74: output.append(0x09)
        case let byte: output.append(byte)
        }
        index += 2
    }
    output.append(contentsOf: String(decoding: units, as: UTF16.self).utf8)
    return String(decoding: output, as: UTF8.self)
}

private func hexValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x37
    case 0x61...0x66: byte - 0x57
    default: nil
    }
}
