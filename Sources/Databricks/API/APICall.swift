import Results

/// One call of the REST API, before host and credential are added.
package struct APICall: Sendable {
    package var method: String
    /// Path below the host, such as `/api/2.1/clusters/list`, percent-encoded: ids in it go through `PercentEncoding`.
    package var path: String
    /// In the order to send; a name may occur more than once.
    package var query: [(name: String, value: String)] = []
    /// Sent as JSON.
    package var body: JSONValue?
    package var retry: RetryPolicy = .standard
    /// Must reach the server at most once: the call starts something that should not start twice.
    package var atMostOnce = false
    /// Doing it twice does no more than doing it once, although it is no GET.
    package var repeatsSafely = false
    /// Longest time for one attempt, whole.
    package var totalTimeout: Duration?
    /// Sent with the connection's credential. The metadata probe is not.
    package var isSigned = true

    package init(_ method: String, _ path: String) {
        self.method = method
        self.path = path
    }

    /// A read; parameters without a value are left out.
    package static func get(_ path: String, _ query: [(String, String?)] = []) -> APICall {
        var call = APICall("GET", path)
        call.query = query.compactMap { name, value in value.map { (name, $0) } }
        return call
    }

    /// A write with a JSON body; fields without a value are left out, as the official SDKs do: the service never sees
    /// null.
    package static func post(_ path: String, _ fields: [(String, JSONValue?)] = []) -> APICall {
        var call = APICall("POST", path)
        call.body = .fields(fields)
        return call
    }

    /// URL of the call at `host` (`https://h[:port]`).
    func url(host: String) -> String {
        let pairs = query.map { "\(PercentEncoding.component($0.name))=\(PercentEncoding.component($0.value))" }
        return host + path + (pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&"))
    }
}

/// Percent-encoding of RFC 3986: everything but the unreserved characters is escaped.
package enum PercentEncoding {
    /// One query name or value, or one segment of a path.
    package static func component(_ text: String) -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                bytes.append(byte)
            default:
                bytes += [UInt8(ascii: "%"), hex[Int(byte >> 4)], hex[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static let hex = Array("0123456789ABCDEF".utf8)
}

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
