/// A JSON document (RFC 8259) as this server reads and writes it.
///
/// What is written keeps its members' order and its numbers' digits. `raw` holds a finished piece of JSON text: rows of a result pass
/// through the server without being taken apart.
enum JSON: Sendable, Equatable {
    case null
    case bool(Bool)
    /// The number's text, as written.
    case number(String)
    case string(String)
    case array([JSON])
    case object([Member])
    /// Finished JSON text in UTF-8.
    case raw([UInt8])

    /// A name and its value.
    struct Member: Sendable, Equatable {
        var name: String
        var value: JSON
    }

    /// The order of members means nothing.
    static func == (one: JSON, other: JSON) -> Bool {
        switch (one, other) {
        case (.null, .null): true
        case (.bool(let one), .bool(let other)): one == other
        case (.number(let one), .number(let other)): one == other
        case (.string(let one), .string(let other)): one == other
        case (.array(let one), .array(let other)): one == other
        case (.raw(let one), .raw(let other)): one == other
        case (.object(let one), .object(let other)):
            one.sorted { $0.name < $1.name } == other.sorted { $0.name < $1.name }
        default: false
        }
    }

    /// The member called `name` (the last one, when a document repeats it), or nil.
    subscript(name: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.last { $0.name == name }?.value
    }

    /// The text of a string, or nil.
    var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The value of a number written without fraction and exponent, or nil.
    var integer: Int? {
        if case .number(let text) = self { Int(text) } else { nil }
    }

    /// The value of any number, or nil.
    var double: Double? {
        if case .number(let text) = self { Double(text) } else { nil }
    }

    /// The value of `true` or `false`, or nil.
    var boolean: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// The elements of an array, or nil.
    var elements: [JSON]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    /// This object with the named members first, in this order.
    func ordered(_ names: [String]) -> JSON {
        guard case .object(let members) = self else { return self }
        let first = names.compactMap { name in members.first { $0.name == name } }
        return .object(first + members.filter { !names.contains($0.name) })
    }

    /// An integer.
    static func integer(_ value: some BinaryInteger) -> JSON { .number(String(value)) }

    /// A string, or null for nil.
    static func optional(_ text: String?) -> JSON { text.map(JSON.string) ?? .null }

    /// This object with `members` behind its own; null values are left out, as the API leaves out what is not set.
    func adding(_ members: KeyValuePairs<String, JSON>) -> JSON {
        guard case .object(var own) = self else { return self }
        own += members.filter { $0.value != .null }.map { Member(name: $0.key, value: $0.value) }
        return .object(own)
    }
}

extension JSON: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral, ExpressibleByStringLiteral,
    ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral, ExpressibleByNilLiteral
{
    init(dictionaryLiteral elements: (String, JSON)...) {
        self = .object(elements.map { Member(name: $0.0, value: $0.1) })
    }
    init(arrayLiteral elements: JSON...) { self = .array(elements) }
    init(stringLiteral value: String) { self = .string(value) }
    init(integerLiteral value: Int) { self = .integer(value) }
    init(booleanLiteral value: Bool) { self = .bool(value) }
    init(nilLiteral: ()) { self = .null }
}
