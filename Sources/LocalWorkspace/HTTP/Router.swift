/// One endpoint: method, path pattern and what answers it.
struct Route: Sendable {
    typealias Handler = @Sendable (HTTPRequest) async throws -> HTTPResponse

    let method: String
    /// Segments of the path; `{name}` takes any one segment, `{*}` at the end all that are left.
    let segments: [Substring]
    /// Whether the endpoint wants a credential.
    let needsCredential: Bool
    let handler: Handler

    init(_ method: String, _ path: String, needsCredential: Bool = true, _ handler: @escaping Handler) {
        self.method = method
        segments = path.split(separator: "/")
        self.needsCredential = needsCredential
        self.handler = handler
    }

    /// An endpoint that answers JSON with status 200.
    static func json(
        _ method: String, _ path: String, needsCredential: Bool = true,
        _ handler: @escaping @Sendable (HTTPRequest) async throws -> JSON
    ) -> Route {
        Route(method, path, needsCredential: needsCredential) { .json(try await handler($0)) }
    }

    /// The path's parameters when `path` fits this route.
    func match(_ path: [Substring]) -> [String: String]? {
        var parameters: [String: String] = [:]
        var (path, segments) = (path, segments[...])
        if segments.last == "{*}" {
            segments.removeLast()
            guard path.count >= segments.count else { return nil }
            parameters["*"] = path[segments.count...].joined(separator: "/")
            path = Array(path[..<segments.count])
        }
        guard path.count == segments.count else { return nil }
        for (pattern, segment) in zip(segments, path) {
            if pattern.hasPrefix("{") {
                parameters[String(pattern.dropFirst().dropLast())] = String(segment)
            } else if pattern != segment {
                return nil
            }
        }
        return parameters
    }
}

/// Finds the endpoint of a request.
struct Router: Sendable {
    private let routes: [Route]

    init(_ routes: [Route]) { self.routes = routes }

    /// The endpoint for `request`, and the request with its path parameters. A trailing slash is ignored: the JDBC
    /// driver sends one.
    /// - Throws: `APIError` ENDPOINT_NOT_FOUND, also for a known path with another method: the service makes no
    ///   difference.
    func route(_ request: HTTPRequest) throws -> (Route, HTTPRequest) {
        let path = request.path.split(separator: "/")
        for route in routes where route.method == request.method {
            guard let parameters = route.match(path) else { continue }
            var request = request
            request.pathParameters = parameters
            return (route, request)
        }
        throw APIError(404, "ENDPOINT_NOT_FOUND", "No API found for '\(request.method) \(request.path)'")
    }
}
