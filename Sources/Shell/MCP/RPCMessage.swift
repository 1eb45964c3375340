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
    }

    /// Nil for a notification, which is not answered.
    let id: JSONValue?
    let method: String
    let parameters: JSONValue

    /// - Returns: nil for the answer to something that was asked here, which never is.
    /// - Throws: `Failure` for what is no message.
    init?(line: [UInt8]) throws(Failure) {
        let json: JSONValue
        do { json = try JSONValue.parse(line) } catch {
            throw Failure(code: .parseError, message: "\(error)")
        }
        guard json.members != nil else {
            throw Failure(code: .invalidRequest, message: "a message is one JSON object")
        }
        guard let method = json["method"]?.text else {
            if json["result"] != nil || json["error"] != nil { return nil }
            throw Failure(code: .invalidRequest, message: "a message has a method")
        }
        self.method = method
        id = json["id"].flatMap { $0.isNull ? nil : $0 }
        parameters = json["params"] ?? .object([])
    }

    static func answer(_ id: JSONValue, _ result: JSONValue) -> JSONValue {
        .object([.init("jsonrpc", .string("2.0")), .init("id", id), .init("result", result)])
    }

    static func answer(_ id: JSONValue?, _ failure: Failure) -> JSONValue {
        .object([
            .init("jsonrpc", .string("2.0")), .init("id", id ?? .null),
            .init(
                "error",
                .object([.init("code", .count(failure.code.rawValue)), .init("message", .string(failure.message))])),
        ])
    }
}
