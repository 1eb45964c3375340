import Glibc

extension JSON {
    /// Why a text is not JSON, and where (byte offset).
    struct ParsingError: Error, Equatable {
        let reason: String
        let offset: Int
    }

    /// Reads a whole document.
    /// - Parameters:
    ///   - bytes: UTF-8 text.
    ///   - raw: names of members of the outermost object whose values are checked for their brackets and strings
    ///     only and kept as text.
    /// - Throws: `ParsingError`.
    init(parsing bytes: some Collection<UInt8>, keepingRaw raw: Set<String> = []) throws {
        let result: JSON? = try bytes.withContiguousStorageIfAvailable { buffer in
            // The parser does not outlive the closure, nor does anything it returns point into the buffer.
            var parser = Parser(bytes: buffer, raw: raw)
            return try parser.document()
        }
        if let result {
            self = result
        } else {
            try self.init(parsing: Array(bytes), keepingRaw: raw)
        }
    }
}

/// A recursive-descent parser over borrowed bytes.
private struct Parser {
    let bytes: UnsafeBufferPointer<UInt8>
    let raw: Set<String>
    var at = 0

    /// Deeper nesting than any client sends; it bounds the recursion.
    static let depthLimit = 200

    mutating func document() throws -> JSON {
        let value = try value(depth: 0)
        skipSpace()
        guard at == bytes.count else { throw error("text after the end of the document") }
        return value
    }

    private func error(_ reason: String) -> JSON.ParsingError { JSON.ParsingError(reason: reason, offset: at) }

    private var next: UInt8? { at < bytes.count ? bytes[at] : nil }

    private mutating func skipSpace() {
        while at < bytes.count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[at]) { at += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        at += 1
        return true
    }

    private mutating func value(depth: Int) throws -> JSON {
        guard depth < Self.depthLimit else { throw error("nested too deeply") }
        skipSpace()
        switch next {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case nil: throw error("the document ends early")
        default: return try number()
        }
    }

    private mutating func word(_ text: String, _ value: JSON) throws -> JSON {
        let end = at + text.utf8.count
        guard end <= bytes.count, bytes[at..<end].elementsEqual(text.utf8) else { throw error("unknown word") }
        at = end
        return value
    }

    private mutating func object(depth: Int) throws -> JSON {
        at += 1
        var members: [JSON.Member] = []
        skipSpace()
        if take("}") { return .object(members) }
        repeat {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw error("a member's name is missing") }
            let name = try string()
            skipSpace()
            guard take(":") else { throw error("':' is missing") }
            let keep = depth == 0 && raw.contains(name)
            members.append(JSON.Member(name: name, value: keep ? try rawValue() : try value(depth: depth + 1)))
            skipSpace()
        } while take(",")
        guard take("}") else { throw error("'}' is missing") }
        return .object(members)
    }

    private mutating func array(depth: Int) throws -> JSON {
        at += 1
        var elements: [JSON] = []
        skipSpace()
        if take("]") { return .array(elements) }
        repeat {
            elements.append(try value(depth: depth + 1))
            skipSpace()
        } while take(",")
        guard take("]") else { throw error("']' is missing") }
        return .array(elements)
    }

    /// Number grammar of RFC 8259 section 6.
    private mutating func number() throws -> JSON {
        let start = at
        _ = take("-")
        let integer = digits()
        guard integer > 0, integer == 1 || bytes[at - integer] != UInt8(ascii: "0") else {
            throw error("not a JSON value")
        }
        if take("."), digits() == 0 { throw error("a digit is missing") }
        if take("e") || take("E") {
            _ = take("+") || take("-")
            guard digits() > 0 else { throw error("a digit is missing") }
        }
        return .number(String(decoding: bytes[start..<at], as: UTF8.self))
    }

    private mutating func digits() -> Int {
        let start = at
        while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { at += 1 }
        return at - start
    }

    private mutating func string() throws -> String {
        at += 1
        var text: [UInt8] = []
        while let byte = next {
            at += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let string = String(validating: text, as: UTF8.self) else { throw error("not UTF-8") }
                return string
            case UInt8(ascii: "\\"): try escape(into: &text)
            case 0..<0x20: throw error("a control character in a string")
            default: text.append(byte)
            }
        }
        throw error("a string does not end")
    }

    private mutating func escape(into text: inout [UInt8]) throws {
        guard let byte = next else { throw error("a string does not end") }
        at += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            var code = try fourHexDigits()
            if (0xD800...0xDBFF).contains(code), at + 1 < bytes.count, bytes[at] == UInt8(ascii: "\\"),
                bytes[at + 1] == UInt8(ascii: "u")
            {
                at += 2
                let low = try fourHexDigits()
                guard (0xDC00...0xDFFF).contains(low) else { throw error("half of a surrogate pair") }
                code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
            }
            // A lone surrogate has no UTF-8 form; the replacement character stands for it.
            text += String(Unicode.Scalar(code) ?? "\u{FFFD}").utf8
        default: throw error("unknown escape")
        }
    }

    private mutating func fourHexDigits() throws -> UInt32 {
        guard at + 4 <= bytes.count, bytes[at..<at + 4].allSatisfy({ Unicode.Scalar($0).properties.isASCIIHexDigit }),
            let code = UInt32(String(decoding: bytes[at..<at + 4], as: UTF8.self), radix: 16)
        else { throw error("four hexadecimal digits are missing") }
        at += 4
        return code
    }

    /// Skips a value by its brackets and strings.
    private mutating func rawValue() throws -> JSON {
        skipSpace()
        let start = at
        var depth = 0
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""): try skipString()
            case UInt8(ascii: "["), UInt8(ascii: "{"):
                depth += 1
                at += 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"):
                if depth == 0 { return try rawValue(from: start) }
                depth -= 1
                at += 1
            case UInt8(ascii: ","):
                if depth == 0 { return try rawValue(from: start) }
                at += 1
            default: at += 1
            }
        }
        throw error("the document ends early")
    }

    private func rawValue(from start: Int) throws -> JSON {
        guard at > start else { throw error("a value is missing") }
        return .raw(Array(bytes[start..<at]))
    }

    /// Skips a string by memchr(3): rows of a result are long, and looking at each byte is slow.
    private mutating func skipString() throws {
        at += 1
        var quote = position(of: "\"", from: at, to: bytes.count)
        while let end = quote {
            guard let escape = position(of: "\\", from: at, to: end) else {
                at = end + 1
                return
            }
            at = escape + 2
            if at > end { quote = position(of: "\"", from: at, to: bytes.count) }
        }
        throw error("a string does not end")
    }

    private func position(of character: Unicode.Scalar, from start: Int, to end: Int) -> Int? {
        guard let base = bytes.baseAddress, start < end else { return nil }
        // Both ends lie within the buffer.
        guard let found = memchr(base + start, Int32(UInt8(ascii: character)), end - start) else { return nil }
        return UnsafeRawPointer(found) - UnsafeRawPointer(base)
    }
}
