/// A request as it arrived, whole.
struct HTTPRequest: Sendable {
    /// The method, in capitals.
    var method = ""
    /// The path, percent-decoded, without query.
    var path = ""
    /// Query arguments, decoded, in order; names may repeat.
    var query: [(name: String, value: String)] = []
    /// Header fields in order.
    var headers: [(name: String, value: String)] = []
    var body: [UInt8] = []
    /// Where the body was written to, when it is a file's content; the handler may move that away.
    var bodyFile: String?
    /// The body was longer than the server takes; `body` holds nothing then.
    var bodyTooLong = false
    /// Values of the route's `{name}` segments.
    var pathParameters: [String: String] = [:]
    /// Id of this request, as in the `x-request-id` header of its response.
    var id = ""

    /// The value of a header field, by any spelling of its name.
    func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name }?.value
    }

    /// The first query argument called `name`.
    func argument(_ name: String) -> String? { query.first { $0.name == name }?.value }

    /// Every query argument called `name`.
    func arguments(_ name: String) -> [String] { query.filter { $0.name == name }.map(\.value) }
}
