import Results

/// A workspace's REST API: adds host, credential and the official headers to each call, retries it by the one policy,
/// and turns every answer that is not a success into `APIError`.
///
/// Values like `clusters` group the calls, one file per resource. Replies are parsed away from the caller's actor.
package final class Client: Sendable {
    package let connection: Connection
    private let transport: any Transport
    private let retrier: Retrier
    private let userAgent: String
    private let discoveredWorkspaceID = Locked<String?>(nil)

    /// - Parameters:
    ///   - version: dbsh's own version, for the User-Agent (the service uses it for attribution only).
    ///   - clock: measures and waits between attempts.
    ///   - jitter: random numbers in 0..<1 for those waits.
    ///   - onRetry: told before each wait, on any thread.
    package init(
        connection: Connection, transport: any Transport, version: String,
        clock: any Clock<Duration> = ContinuousClock(),
        jitter: @escaping @Sendable () -> Double = { .random(in: 0..<1) },
        onRetry: @escaping @Sendable (RetryNotice) -> Void = { _ in }
    ) {
        self.connection = connection
        self.transport = transport
        retrier = Retrier(clock: clock, jitter: jitter, notify: onRetry)
        userAgent = "dbsh/\(version) os/linux auth/\(connection.authType)"
    }

    package var clusters: Clusters { Clusters(client: self) }
    package var warehouses: Warehouses { Warehouses(client: self) }
    package var statements: Statements { Statements(client: self) }
    package var sqlSessions: SQLSessions { SQLSessions(client: self) }
    package var contexts: Contexts { Contexts(client: self) }
    package var commands: Commands { Commands(client: self) }
    package var currentUser: CurrentUser { CurrentUser(client: self) }
    package var metadata: WorkspaceMetadata.Probe { WorkspaceMetadata.Probe(client: self) }

    /// The workspace's id, from the configuration or the metadata probe.
    package var workspaceID: String? {
        connection.workspaceID ?? discoveredWorkspaceID.withLock { $0 }
    }

    /// Keeps what the metadata probe found, for the requests after it.
    func discovered(workspaceID: String) {
        discoveredWorkspaceID.withLock { $0 = workspaceID }
    }

    /// Ends all transfers. To be awaited before the process exits (see `Transport.shutdown`).
    package func shutdown() async {
        await transport.shutdown()
    }

    /// Makes the call and parses its reply as JSON; an empty reply is an empty object.
    /// - Throws: `APIError`, `TransportError`, `CredentialError`, `CancellationError`.
    @concurrent
    package func json(_ call: APICall) async throws -> JSONValue {
        let request = request(for: call)
        return try await retrier.run(request) {
            let response = try await self.transport.send(self.signed(request, call))
            guard response.head.isSuccess else { throw ErrorBody.error(response, request: request) }
            if response.body.allSatisfy({ $0 == 0x20 || (0x09...0x0D).contains($0) }) { return .object([]) }
            do {
                return try JSONValue.parse(response.body)
            } catch {
                throw ErrorBody.error(response, request: request)
            }
        }
    }

    /// Makes the call and hands the body of a success to `read` as it comes. `read` may be called again from the start,
    /// when the connection breaks off and the policy says so.
    /// - Throws: as `json`, and what `read` throws.
    @concurrent
    func stream<T: Sendable>(
        _ call: APICall, read: @Sendable (HTTPStream, HTTPRequest) async throws -> T
    ) async throws -> T {
        let request = request(for: call)
        return try await retrier.run(request) {
            let stream = try await self.transport.stream(self.signed(request, call))
            return try await Self.success(stream, request, read: read)
        }
    }

    /// Fetches a presigned link of the service: with `headers` if it asks for some, never with the workspace's
    /// credential, which cloud storage would refuse and could keep.
    /// - Throws: `LinkRefused` for any answer that is not a success, else as `stream`.
    @concurrent
    func download<T: Sendable>(
        link: String, headers: [(name: String, value: String)],
        read: @Sendable (HTTPStream, HTTPRequest) async throws -> T
    ) async throws -> T {
        var request = HTTPRequest("GET", link)
        request.isSecretURL = true
        request.headers = headers
        request.prefersHTTP1 = true
        let final = request
        do {
            return try await retrier.run(final) {
                try await Self.success(self.transport.stream(final), final, read: read)
            }
        } catch let error as APIError {
            // Not the workspace's words: a refusal here says nothing about the credential.
            throw LinkRefused(api: error)
        }
    }

    private static func success<T>(
        _ stream: HTTPStream, _ request: HTTPRequest, read: (HTTPStream, HTTPRequest) async throws -> T
    ) async throws -> T {
        let isPage = stream.head["content-type"]?.lowercased().hasPrefix("text/html") == true
        guard stream.head.isSuccess, !isPage else {
            let body = try await stream.body.collect(upTo: 1 << 20)
            throw ErrorBody.error(HTTPResponse(head: stream.head, body: body), request: request)
        }
        return try await read(stream, request)
    }

    private func request(for call: APICall) -> HTTPRequest {
        var request = HTTPRequest(call.method, call.url(host: connection.host))
        request.headers = [("Accept", "application/json"), ("User-Agent", userAgent)]
        if let body = call.body {
            request.headers.append(("Content-Type", "application/json"))
            request.body = .bytes(Array(body.serialized().utf8))
        }
        request.retry = call.retry
        request.needsFreshConnection = call.atMostOnce
        request.totalTimeout = call.totalTimeout
        return request
    }

    /// The request with the credential's headers as they are now: a token may have been refreshed since the last
    /// attempt.
    private func signed(_ request: HTTPRequest, _ call: APICall) async throws -> HTTPRequest {
        guard call.isSigned else { return request }
        var request = request
        request.secretHeaders = try await connection.credential.headers()
        if let workspaceID { request.headers.append(("X-Databricks-Workspace-Id", workspaceID)) }
        return request
    }
}
