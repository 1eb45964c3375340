/// What a handler answers.
struct HTTPResponse: Sendable {
    /// The bytes to send.
    enum Body: Sendable {
        case bytes([UInt8])
        /// So many bytes of a file from an offset on, sent without passing through this process.
        case file(String, offset: Int, count: Int)

        /// Bytes to send.
        var count: Int {
            switch self {
            case .bytes(let bytes): bytes.count
            case .file(_, _, let count): count
            }
        }

        /// A part of it.
        func part(_ range: Range<Int>) -> Body {
            switch self {
            case .bytes(let bytes): .bytes(Array(bytes[range]))
            case .file(let path, let offset, _):
                .file(path, offset: offset + range.lowerBound, count: range.count)
            }
        }
    }

    var status = 200
    var headers: [(name: String, value: String)]
    var body: Body

    /// A JSON document.
    static func json(_ document: JSON, status: Int = 200) -> HTTPResponse {
        HTTPResponse(status: status, headers: [("Content-Type", "application/json")], body: .bytes(document.bytes))
    }
}
