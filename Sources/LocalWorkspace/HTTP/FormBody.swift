/// A body of type `application/x-www-form-urlencoded` (WHATWG URL standard, section 5).
struct FormBody: Sendable {
    private let fields: [String: String]

    /// - Throws: `APIError` in OAuth form when a percent escape or the encoding is wrong, or a name repeats (RFC 6749
    ///   section 3.2 forbids that).
    init(_ body: [UInt8]) throws {
        var fields: [String: String] = [:]
        for pair in body.split(separator: UInt8(ascii: "&")) {
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = percentDecoded(parts[0]), let value = percentDecoded(parts.count > 1 ? parts[1] : []),
                fields.updateValue(value, forKey: name) == nil
            else {
                throw APIError.oauth(400, "invalid_request", "The request body is not a valid form.")
            }
        }
        self.fields = fields
    }

    subscript(name: String) -> String? { fields[name] }
}

/// Undoes percent-encoding and `+` for a space; nil when the text is not valid.
func percentDecoded(_ text: some Collection<UInt8>) -> String? {
    var bytes: [UInt8] = []
    var rest = text[...]
    while let byte = rest.popFirst() {
        switch byte {
        case UInt8(ascii: "+"): bytes.append(0x20)
        case UInt8(ascii: "%"):
            let digits = rest.prefix(2)
            guard digits.count == 2, let code = UInt8(String(decoding: digits, as: UTF8.self), radix: 16) else {
                return nil
            }
            bytes.append(code)
            rest = rest.dropFirst(2)
        default: bytes.append(byte)
        }
    }
    return String(validating: bytes, as: UTF8.self)
}

/// Percent-encodes everything but the unreserved characters (RFC 3986 section 2.3).
func percentEncoded(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var bytes: [UInt8] = []
    for byte in text.utf8 {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            bytes.append(byte)
        default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
    }
    return String(decoding: bytes, as: UTF8.self)
}
