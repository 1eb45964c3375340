import FoundationEssentials

extension JSON: Decodable {
    /// A text that is not JSON.
    struct ParsingError: Error, Equatable {}

    /// Reads a whole document. Members come in the order of their names; a number that is no `Int` is a `Double`'s.
    /// - Parameter bytes: UTF-8 text.
    /// - Throws: `ParsingError`.
    init(parsing bytes: some Sequence<UInt8>) throws {
        do { self = try JSONDecoder().decode(JSON.self, from: Data(bytes)) } catch { throw ParsingError() }
    }

    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .null
        } else if let text = try? value.decode(String.self) {
            self = .string(text)
        } else if let members = try? decoder.container(keyedBy: Name.self) {
            self = .object(
                try members.allKeys.sorted { $0.stringValue < $1.stringValue }.map {
                    Member(name: $0.stringValue, value: try members.decode(JSON.self, forKey: $0))
                })
        } else if var elements = try? decoder.unkeyedContainer() {
            var all: [JSON] = []
            while !elements.isAtEnd { all.append(try elements.decode(JSON.self)) }
            self = .array(all)
        } else if let truth = try? value.decode(Bool.self) {
            self = .bool(truth)
        } else if let integer = try? value.decode(Int.self) {
            self = .number(String(integer))
        } else {
            self = .number("\(try value.decode(Double.self))")
        }
    }
}
