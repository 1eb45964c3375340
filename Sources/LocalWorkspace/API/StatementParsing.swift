/// `wait_timeout` and `on_wait_timeout` of a submitted statement.
struct StatementWaiting: Sendable, Equatable {
    /// How long the answer may wait for the statement's end.
    let limit: Duration
    /// Cancel the statement when it is not over by then.
    let cancels: Bool

    /// - Throws: `APIError` INVALID_PARAMETER_VALUE.
    init(_ body: RequestBody) throws {
        let text = try body.string("wait_timeout") ?? "10s"
        guard text.hasSuffix("s"), let seconds = Int(text.dropLast()), seconds == 0 || (5...50).contains(seconds) else {
            throw APIError.invalidParameter("wait_timeout must be 0s, or between 5s and 50s, not '\(text)'.")
        }
        limit = .seconds(seconds)
        switch try body.string("on_wait_timeout") ?? "CONTINUE" {
        case "CONTINUE": cancels = false
        // Without waiting there is no timeout.
        case "CANCEL": cancels = seconds > 0
        case let other:
            throw APIError.invalidParameter("on_wait_timeout must be CONTINUE or CANCEL, not '\(other)'.")
        }
    }
}

extension StatementRequest {
    /// The longest statement, in bytes (API README).
    static let statementLimit = 16 << 20

    /// - Throws: `APIError` for what is missing, wrong, or not available here.
    init(_ body: RequestBody) throws {
        sql = try body.requiredString("statement")
        guard sql.utf8.count <= Self.statementLimit else {
            throw APIError.invalidParameter("The statement is longer than \(Self.statementLimit) bytes.")
        }
        sessionID = try body.string("session_id")
        catalog = try body.string("catalog")
        schema = try body.string("schema")
        tags = body.value("query_tags")
        rowLimit = try Self.limit("row_limit", body)
        byteLimit = try Self.limit("byte_limit", body)
        parameters = try body.array("parameters")?.map(Parameter.init) ?? []
        let names = parameters.compactMap(\.name)
        guard Set(names).count == names.count else {
            throw APIError.invalidParameter("Two parameters have the same name.")
        }
        guard names.isEmpty || names.count == parameters.count else {
            throw APIError.invalidParameter("Named and positional parameters cannot be mixed.")
        }
        disposition = try Self.disposition(body)
        format = try Self.format(body, disposition)
    }

    private static func limit(_ name: String, _ body: RequestBody) throws -> Int? {
        guard let value = try body.integer(name) else { return nil }
        guard value > 0 else { throw APIError.invalidParameter("\(name) must be positive, not \(value).") }
        return value
    }

    private static func disposition(_ body: RequestBody) throws -> Disposition {
        let name = try body.string("disposition") ?? Disposition.inline.rawValue
        guard let disposition = Disposition(rawValue: name) else {
            throw APIError.invalidParameter("disposition must be INLINE or EXTERNAL_LINKS, not '\(name)'.")
        }
        return disposition
    }

    private static func format(_ body: RequestBody, _ disposition: Disposition) throws -> Format {
        let name = try body.string("format") ?? Format.json.rawValue
        guard let format = Format(rawValue: name) else { throw APIError.invalidParameter("Unknown format '\(name)'.") }
        guard format == .json || disposition == .externalLinks else {
            throw APIError.invalidParameter("The format \(name) is not supported with the disposition INLINE.")
        }
        return format
    }
}

extension StatementRequest.Parameter {
    /// - Throws: `APIError` for what is not a parameter.
    init(_ json: JSON) throws {
        guard case .object = json else {
            throw APIError.malformed("Could not parse request object: a parameter must be an object.")
        }
        func text(_ name: String) throws -> String? {
            switch json[name] {
            case nil, .null: return nil
            case .string(let text): return text
            default:
                throw APIError.malformed("Could not parse request object: a parameter's \(name) must be a string.")
            }
        }
        self.init(name: try text("name"), type: try text("type"), value: try text("value"))
        if name == "" { throw APIError.invalidParameter("A parameter has an empty name.") }
    }
}
