import Results

/// A message of JSON-RPC 2.0 as the Model Context Protocol uses it: one JSON object a line.
///
/// Facts: modelcontextprotocol.io, specification 2025-11-25, "Base Protocol" and "Transports: stdio".
struct RPCMessage {
    enum Code: Int {
        case parseError = -32700
        case invalidRequest = -32600
        case methodNotFound = -32601
        case invalidParameters = -32602
    }

    /// A request that is answered with an error of the protocol.
    struct Failure: Error {
        let code: Code
        let message: String
        /// Of the request, where it is known.
        var id: JSONValue?
    }

    /// Nil for a notification, which is not answered.
    let id: JSONValue?
    let method: String
    let parameters: JSONValue

    /// The messages of a line: one, or those of a batch, as the revision of 2025-03-26 has it.
    /// - Throws: `Failure` for what is no JSON.
    static func parts(ofLine line: [UInt8]) throws(Failure) -> [JSONValue] {
        let json: JSONValue
        do { json = try JSONValue.parse(line) } catch {
            throw Failure(code: .parseError, message: "\(error)")
        }
        guard let elements = json.elements, !elements.isEmpty else { return [json] }
        return elements
    }

    /// - Returns: nil for the answer to something that was asked here, which never is.
    /// - Throws: `Failure` for what is no message.
    init?(_ json: JSONValue) throws(Failure) {
        guard json.members != nil else {
            throw Failure(code: .invalidRequest, message: "a message is a JSON object")
        }
        id = json["id"]
        switch id {
        case nil, .string, .number: break
        default: throw Failure(code: .invalidRequest, message: "an id is a text or a number")
        }
        guard let method = json["method"]?.text else {
            if json["result"] != nil || json["error"] != nil { return nil }
            throw Failure(code: .invalidRequest, message: "a message has a method", id: id)
        }
        self.method = method
        parameters = json["params"] ?? .object([])
    }

    static func answer(_ id: JSONValue, _ result: JSONValue) -> JSONValue {
        .object([.init("jsonrpc", .string("2.0")), .init("id", id), .init("result", result)])
    }

    static func answer(_ failure: Failure) -> JSONValue {
        .object([
            .init("jsonrpc", .string("2.0")), .init("id", failure.id ?? .null),
            .init(
                "error",
                .object([.init("code", .count(failure.code.rawValue)), .init("message", .string(failure.message))])),
        ])
    }
}
