import Results

/// A request to any endpoint, made by hand.
package struct RawRequest: Sendable {
    package enum Body: Sendable {
        case none
        /// Sent as it is.
        case bytes([UInt8], type: String)
        /// A file's content, read while it is sent.
        case file(path: String, type: String)
        /// `application/x-www-form-urlencoded`
        case form([(name: String, value: String)])
        /// `multipart/form-data`
        case multipart([HTTPRequest.Part])
    }

    package var method: String
    /// `/2.0/clusters/list` (below `/api`), another path of the connection's host, or a whole URL.
    package var target: String
    /// In the order to send; a name may occur more than once.
    package var query: [(name: String, value: String)] = []
    /// Beat the headers that are sent by themselves.
    package var headers: [(name: String, value: String)] = []
    package var body = Body.none
    package var accept = "application/json"
    package var timeout: Duration?
    package var retry = RetryPolicy.none

    package init(_ method: String, _ target: String) {
        self.method = method
        self.target = target
    }

    /// Where the request goes, for `connection`.
    /// - Throws: `RawRequestError`.
    package func url(_ connection: Connection) throws -> String {
        guard !target.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F }) else {
            throw RawRequestError.target(target, "it holds blanks or control characters")
        }
        let base: String
        if target.hasPrefix("https://") || target.hasPrefix("http://") {
            base = target
        } else if target.hasPrefix("/") {
            base = connection.host + (isVersioned ? "/api" : "") + target
        } else {
            throw RawRequestError.target(target, "it begins with / or https://")
        }
        let pairs = query.map { "\(PercentEncoding.component($0.name))=\(PercentEncoding.component($0.value))" }
        let plain = Self.escapingNonASCII(base)
        return plain + (pairs.isEmpty ? "" : (plain.contains("?") ? "&" : "?") + pairs.joined(separator: "&"))
    }

    /// `/2.0/…`, `/1.2/…`: the path of an API as its documentation writes it.
    private var isVersioned: Bool {
        let version = target.dropFirst().prefix { $0 != "/" && $0 != "?" }.split(
            separator: ".", omittingEmptySubsequences: false)
        return version.count == 2 && version.allSatisfy { !$0.isEmpty && $0.allSatisfy(\.isNumber) }
    }

    private static func escapingNonASCII(_ text: String) -> String {
        text.utf8.allSatisfy { $0 < 0x80 }
            ? text : text.map { $0.isASCII ? String($0) : PercentEncoding.component(String($0)) }.joined()
    }

    /// Whether the credential goes along: to the connection's own host, and to the accounts host when the connection has an
    /// account. Compared by scheme, host and port; an address that is written oddly belongs to nobody.
    package func isSigned(_ connection: Connection) -> Bool {
        if target.hasPrefix("/") { return true }
        guard let host = try? HostURL(target).text else { return false }
        if host == connection.host { return true }
        return connection.accountID != nil && host == HostURL.accounts(for: connection.host)
    }
}

/// A raw request that cannot be made.
package enum RawRequestError: Error, Sendable, Equatable {
    /// The path or URL is none.
    case target(String, String)
}

extension Client {
    /// Makes a raw request and returns its reply with the whole body.
    /// - Throws: `APIError` for every status that is no success; else as `json`, and `RawRequestError`.
    @concurrent
    package func send(_ raw: RawRequest) async throws -> HTTPResponse {
        let (request, call) = try request(for: raw)
        return try await exchange(request, call) { request in
            let response = try await self.transport.send(request)
            guard response.head.isSuccess, !Self.isLoginPage(response) else {
                throw ErrorBody.error(response, request: request)
            }
            return response
        }
    }

    /// Makes a raw request and hands the body to `read` as it comes.
    /// - Throws: as `send`, and what `read` throws.
    @concurrent
    package func stream<T: Sendable>(
        _ raw: RawRequest, read: @Sendable (HTTPStream) async throws -> T
    ) async throws -> T {
        let (request, call) = try request(for: raw)
        return try await exchange(request, call) { request in
            let stream = try await self.transport.stream(request)
            guard stream.head.isSuccess else {
                let body = try await stream.body.collect(upTo: 1 << 20)
                throw ErrorBody.error(HTTPResponse(head: stream.head, body: body), request: request)
            }
            return try await read(stream)
        }
    }

    /// A success in HTML where data was asked for.
    private static func isLoginPage(_ response: HTTPResponse) -> Bool {
        response.head["content-type"]?.lowercased().hasPrefix("text/html") == true
            && String(decoding: response.body.prefix(1 << 16), as: UTF8.self).lowercased().contains("login")
    }

    private func request(for raw: RawRequest) throws -> (HTTPRequest, APICall) {
        let url = try raw.url(connection)
        var request = HTTPRequest(raw.method, url)
        var automatic = [("Accept", raw.accept), ("User-Agent", userAgent)]
        switch raw.body {
        case .none: break
        case .bytes(let bytes, let type):
            automatic.append(("Content-Type", type))
            request.body = .bytes(bytes)
        case .file(let path, let type):
            automatic.append(("Content-Type", type))
            request.body = .file(path: path)
        case .form(let fields):
            automatic.append(("Content-Type", "application/x-www-form-urlencoded"))
            request.body = .bytes(Array(FormEncoding.encode(fields).utf8))
        case .multipart(let parts):
            request.body = .multipart(parts)
        }
        let given = Set(raw.headers.map { $0.name.lowercased() })
        request.headers = automatic.filter { !given.contains($0.0.lowercased()) }.map { (name: $0.0, value: $0.1) }
        request.headers += raw.headers
        request.retry = raw.retry
        request.totalTimeout = raw.timeout
        var call = APICall(raw.method, raw.target, raw.effect(url: url, host: connection.host))
        call.isSigned = raw.isSigned(connection) && !given.contains("authorization")
        return (request, call)
    }
}
