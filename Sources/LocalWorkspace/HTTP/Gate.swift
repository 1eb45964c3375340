/// What every request goes through: the host check, the router, the credential check, error bodies, the common headers
/// and the log.
struct Gate: Sendable {
    let router: Router
    let credentials: Credentials
    let workspaceID: String
    /// Paths below it are secrets, and are not logged.
    let secretPath: String
    let log: (@Sendable (String) -> Void)?

    /// Answers a request, whatever it is.
    func answer(_ request: HTTPRequest) async -> HTTPResponse {
        let start = ContinuousClock.now
        var response: HTTPResponse
        do {
            response = try await handle(request)
        } catch let error as APIError {
            response = .json(error.body, status: error.status)
        } catch {
            response = .json(APIError(500, "INTERNAL_ERROR", "\(error)").body, status: 500)
        }
        response.headers += [("x-request-id", request.id), ("x-databricks-org-id", workspaceID)]
        if let log {
            let milliseconds = (ContinuousClock.now - start).components.attoseconds / 1_000_000_000_000_000
            let seconds = (ContinuousClock.now - start).components.seconds
            log("\(request.method) \(visible(request.path)) \(response.status) \(seconds * 1000 + milliseconds) ms")
        }
        return response
    }

    private func handle(_ request: HTTPRequest) async throws -> HTTPResponse {
        guard Self.isLoopback(host: request.header("host")) else {
            // A web page can make a browser send requests here under its own name (DNS rebinding), not under ours.
            throw APIError(403, "PERMISSION_DENIED", "The local workspace answers requests to a loopback host only.")
        }
        guard !request.bodyTooLong else {
            throw APIError(
                413, "MAX_REQUEST_SIZE_EXCEEDED", "The request body is longer than \(HTTPServer.bodyLimit) bytes.")
        }
        let (route, routed) = try router.route(request)
        if route.needsCredential { try credentials.check(routed) }
        return try await route.handler(routed)
    }

    /// An external link is a secret; a path comes from a client and may hold anything.
    private func visible(_ path: String) -> String {
        if path.hasPrefix(secretPath) { return secretPath + "/…" }
        let scalars = path.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? "?" : $0 }
        return String(String.UnicodeScalarView(scalars))
    }

    /// Whether a Host header names this machine's loopback, with or without a port. Nil (HTTP/1.0) does not.
    static func isLoopback(host: String?) -> Bool {
        guard var name = host?.lowercased()[...] else { return false }
        if let colon = name.lastIndex(of: ":"), !name.hasSuffix("]") {
            guard UInt16(name[name.index(after: colon)...]) != nil else { return false }
            name = name[..<colon]
        }
        return ["127.0.0.1", "localhost", "[::1]"].contains(name)
    }
}
