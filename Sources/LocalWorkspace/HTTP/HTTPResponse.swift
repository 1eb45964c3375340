/// What a handler answers.
struct HTTPResponse: Sendable {
    /// The bytes to send.
    enum Body: Sendable {
        case bytes([UInt8])
        /// A file, sent without passing through this process.
        case file(String)
    }

    var status = 200
    var headers: [(name: String, value: String)]
    var body: Body

    /// A JSON document.
    static func json(_ document: JSON, status: Int = 200) -> HTTPResponse {
        HTTPResponse(status: status, headers: [("Content-Type", "application/json")], body: .bytes(document.bytes))
    }
}
