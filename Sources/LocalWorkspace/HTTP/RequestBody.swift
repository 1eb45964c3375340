/// The JSON object a request carries, read member by member with the API's own complaints.
struct RequestBody: Sendable {
    private let json: JSON

    /// Reads the body of `request`; an empty one counts as `{}`.
    /// - Throws: `APIError` MALFORMED_REQUEST when it is not a JSON object.
    init(_ request: HTTPRequest) throws {
        guard !request.body.isEmpty else {
            json = [:]
            return
        }
        do {
            json = try JSON(parsing: request.body)
        } catch {
            throw APIError.malformed("Could not parse request object: it is not JSON.")
        }
        guard case .object = json else {
            throw APIError.malformed("Could not parse request object: expected a JSON object.")
        }
    }

    /// The member as it is; nil when absent or null.
    func value(_ name: String) -> JSON? {
        let value = json[name]
        return value == .null ? nil : value
    }

    /// A string; nil when absent or null.
    func string(_ name: String) throws -> String? {
        try value(name).map { value in
            guard let text = value.string else { throw wrongType(name, "a string") }
            return text
        }
    }

    /// A string that must be there and must not be empty.
    func requiredString(_ name: String) throws -> String {
        guard let text = try string(name), !text.isEmpty else {
            throw APIError.invalidParameter("Missing required field: \(name)")
        }
        return text
    }

    /// An integer; 64-bit integers may come as strings, as protobuf's JSON mapping writes them.
    func integer(_ name: String) throws -> Int? {
        try value(name).map { value in
            guard let number = value.integer ?? value.string.flatMap({ Int($0) }) else {
                throw wrongType(name, "an integer")
            }
            return number
        }
    }

    /// An array; nil when absent or null.
    func array(_ name: String) throws -> [JSON]? {
        try value(name).map { value in
            guard let elements = value.elements else { throw wrongType(name, "an array") }
            return elements
        }
    }

    private func wrongType(_ name: String, _ expected: String) -> APIError {
        .malformed("Could not parse request object: \(name) must be \(expected).")
    }
}

extension HTTPRequest {
    /// The query argument called `name`, which must be there.
    func requiredArgument(_ name: String) throws -> String {
        guard let value = argument(name), !value.isEmpty else {
            throw APIError.invalidParameter("Missing required field: \(name)")
        }
        return value
    }

    /// The query argument called `name` as an integer within `range`.
    func integerArgument(_ name: String, in range: ClosedRange<Int>) throws -> Int? {
        guard let text = argument(name), !text.isEmpty else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw APIError.invalidParameter(
                "\(name) must be an integer between \(range.lowerBound) and \(range.upperBound), not '\(text)'.")
        }
        return number
    }
}
