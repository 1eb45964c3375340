import Results

/// Reading and making the JSON that the services speak.
extension JSONValue {
    /// An object of the fields that have a value.
    static func fields(_ fields: [(String, JSONValue?)]) -> JSONValue {
        .object(fields.compactMap { name, value in value.map { Member(name, $0) } })
    }

    /// Text of a string, a number or a truth value: some services send numbers in strings and strings as numbers.
    var scalarText: String? {
        switch self {
        case .string(let text): text
        case .number(let text): text
        case .bool(let value): value ? "true" : "false"
        default: nil
        }
    }

    /// The elements of an array field; empty when there is none.
    func elements(_ key: String) -> [JSONValue] {
        self[key]?.elements ?? []
    }

    /// A whole number, written as a number or as a string.
    func integer(_ key: String) -> Int? {
        self[key]?.scalarText.flatMap { Int($0) ?? Double($0).flatMap { Int(exactly: $0.rounded()) } }
    }

    /// A string that is not empty.
    func string(_ key: String) -> String? {
        self[key]?.scalarText.flatMap { $0.isEmpty ? nil : $0 }
    }
}
