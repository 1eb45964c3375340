/// A JSON document as it was sent: numbers keep every digit, objects their order and their duplicate keys (RFC 8259).
///
/// Databricks sends 64-bit integers and decimals that do not survive a trip through Double.
package enum JSONValue: Sendable, Equatable {
    case null
    case bool(Bool)
    /// The number's own text, valid by RFC 8259 §6.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([Member])

    /// One key and its value.
    package struct Member: Sendable, Equatable {
        package let key: String
        package let value: JSONValue

        /// A member of an object.
        package init(_ key: String, _ value: JSONValue) {
            self.key = key
            self.value = value
        }
    }

    /// Why text is not JSON; `offset` counts bytes from the start.
    package struct ParseError: Error, Equatable, CustomStringConvertible {
        package let offset: Int
        package let reason: String

        package var description: String { "not valid JSON: \(reason) at byte \(offset)" }
    }

    /// Arrays and objects within each other, at most: deeper ones are refused, not a crash.
    package static let depthLimit = 512

    /// Reads one JSON document, strictly by RFC 8259.
    ///
    /// An escaped half of a surrogate pair becomes U+FFFD (§8.2 leaves it open).
    /// - Throws: `ParseError`.
    package static func parse(_ bytes: some Sequence<UInt8>) throws(ParseError) -> JSONValue {
        let read = { (bytes: UnsafeBufferPointer<UInt8>) -> Result<JSONValue, ParseError> in
            var parser = JSONParser(bytes)
            return Result { () throws(ParseError) in try parser.document() }
        }
        return try (bytes.withContiguousStorageIfAvailable(read) ?? Array(bytes).withUnsafeBufferPointer(read)).get()
    }

    /// Reads one JSON document from text.
    /// - Throws: `ParseError`.
    package static func parse(_ text: String) throws(ParseError) -> JSONValue { try parse(text.utf8) }

    /// Whether the bytes are one JSON document, without building it.
    static func isValid(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var parser = JSONParser(bytes)
        return (try? parser.skipDocument()) != nil
    }

    // MARK: Reading

    /// The value of a key, the last one if it stands there twice; nil when this is no object or has no such key.
    package subscript(key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.last { $0.key == key }?.value
    }

    /// An element; nil when this is no array or has no such element.
    package subscript(index: Int) -> JSONValue? {
        guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
        return elements[index]
    }

    /// The text of a string; nil for anything else.
    package var text: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// A number that is an integer (also when sent in a string, as some services do for 64 bits).
    package var int: Int? {
        switch self {
        case .number(let digits), .string(let digits): Int(digits)
        default: nil
        }
    }

    /// A number, as near as Double comes.
    package var double: Double? {
        if case .number(let digits) = self { Double(digits) } else { nil }
    }

    /// True or false; nil for anything else.
    package var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// The elements of an array; nil for anything else.
    package var elements: [JSONValue]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    /// The members of an object in order; nil for anything else.
    package var members: [Member]? {
        if case .object(let members) = self { members } else { nil }
    }

    /// Null is the same as absent, almost everywhere.
    package var isNull: Bool { self == .null }
}
