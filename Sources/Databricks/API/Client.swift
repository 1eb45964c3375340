import Results
import System

/// A workspace's REST API: adds host, credential and the official headers to each call, retries it by the one policy,
/// and turns every answer that is not a success into `APIError`.
///
/// Values like `clusters` group the calls, one file per resource. Replies are parsed away from the caller's actor.
package final class Client: Sendable {
    package let connection: Connection
    /// Stops what a read-only session does not do. Every call passes it.
    package let gate: RequestGate
    let transport: any Transport
    let retrier: Retrier
    package let userAgent: String
    /// What the host said of itself: nil before it was asked, and an inner nil when it says nothing.
    private let knownMetadata = Locked<WorkspaceMetadata??>(nil)

    /// - Parameters:
    ///   - version: dbsh's own version, for the User-Agent (the service uses it for attribution only).
    ///   - callers: parts of the User-Agent that say who asks (`UserAgent.callers`).
    ///   - clock: measures and waits between attempts.
    ///   - jitter: random numbers in 0..<1 for those waits.
    ///   - onRetry: told before each wait, on any thread.
    package init(
        connection: Connection, transport: any Transport, version: String, callers: [String] = [],
        gate: RequestGate = RequestGate(), clock: any Clock<Duration> = ContinuousClock(),
        jitter: @escaping @Sendable () -> Double = { .random(in: 0..<1) },
        onRetry: @escaping @Sendable (RetryNotice) -> Void = { _ in }
    ) {
        self.connection = connection
        self.gate = gate
        self.transport = transport
        retrier = Retrier(clock: clock, jitter: jitter, notify: onRetry)
        userAgent = (["dbsh/\(version)", "os/linux", "auth/\(connection.authType)"] + callers).joined(separator: " ")
    }

    /// The workspace's id, from the configuration or the metadata probe.
    package var workspaceID: String? {
        connection.workspaceID ?? knownMetadata.withLock { $0 }??.workspaceID
    }

    /// What the host says of itself: asked once, for 5 s at most and without credential, because a host that does not
    /// answer can be used all the same. Its workspace id goes with the requests after it.
    /// - Returns: nil when it says nothing, as older hosts do.
    /// - Throws: `CancellationError`.
    package func hostMetadata() async throws -> WorkspaceMetadata? {
        if let known = knownMetadata.withLock({ $0 }) { return known }
        var call = APICall.get("/.well-known/databricks-config")
        call.isSigned = false
        call.retry = .none
        call.totalTimeout = .seconds(5)
        let found: WorkspaceMetadata?
        do { found = WorkspaceMetadata(try await json(call)) } catch {
            if Task.isCancelled { throw CancellationError() }
            // A network that is away may come back.
            guard error is APIError else { return nil }
            found = nil
        }
        knownMetadata.withLock { $0 = .some(found) }
        return found
    }

    /// How a credential reaches the servers that give out tokens.
    package var network: CredentialNetwork {
        CredentialNetwork(
            host: connection.host, transport: transport, retrier: retrier, userAgent: userAgent,
            metadata: { try await self.hostMetadata() })
    }

    /// Opens a connection to the workspace, unless one is open, so that the next call need not wait for it.
    package func connect() {
        transport.connect(to: connection.host + "/")
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
        return try await exchange(request, call) { request in
            let response = try await self.transport.send(request)
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
        return try await exchange(request, call) { request in
            let stream = try await self.transport.stream(request)
            try await ErrorBody.checkSuccess(stream, request)
            return try await read(stream, request)
        }
    }

    /// The headers of what is at a path.
    /// - Throws: as `json`.
    @concurrent
    func head(_ path: String) async throws -> HTTPHead {
        let call = APICall("HEAD", path, .reads)
        let request = request(for: call)
        return try await exchange(request, call) { request in
            let response = try await self.transport.send(request)
            guard response.head.isSuccess else { throw ErrorBody.error(response, request: request) }
            return response.head
        }
    }

    /// Fetches what is missing of an object of the workspace, over as many connections as it takes, as long as it gets on.
    /// - Throws: as `json`, and what the object's reader throws.
    @concurrent
    func download(_ call: APICall, into object: LinkedObject) async throws {
        var request = request(for: call)
        request.headers[0].value = "*/*"
        request.prefersHTTP1 = true
        let final = request
        var reached = -1
        while true {
            do {
                return try await exchange(final, call) { try await object.receive($0, over: self.transport) }
            } catch let error as TransportError where [.dropped, .timeout].contains(error.kind) {
                guard object.furthest > reached else { throw error }
                reached = object.furthest
            }
        }
    }

    private func request(for call: APICall) -> HTTPRequest {
        var request = HTTPRequest(call.method, call.url(host: connection.host))
        request.headers = [("Accept", "application/json"), ("User-Agent", userAgent)]
        if let body = call.body {
            request.headers.append(("Content-Type", "application/json"))
            request.body = .bytes(Array(body.serialized().utf8))
        }
        if let content = call.content {
            request.headers.append(("Content-Type", "application/octet-stream"))
            request.body = content
            request.sent = call.sent
        }
        request.retry = call.retry
        request.totalTimeout = call.totalTimeout
        request.repetition = call.repetition
        request.isConfidential = true
        return request
    }

    /// Signs and makes one attempt after the other, as the retry policy says. Three failures have a remedy of their own, which is
    /// tried once: a token that has ended early (401) is replaced, a host that serves many workspaces (a login page) is
    /// asked which one this is, and what may be sent once more goes out on a fresh connection when the kept one has died.
    func exchange<T: Sendable>(
        _ request: HTTPRequest, _ call: APICall, attempt: @Sendable (HTTPRequest) async throws -> T
    ) async throws -> T {
        try await admit(call.effect)
        return try await retrier.run(request) {
            let signed = try await self.signed(request, call)
            do { return try await attempt(signed) } catch let error as APIError where call.isSigned {
                guard try await self.canMend(error, signed) else { throw error }
                return try await attempt(self.signed(request, call))
            } catch let error as TransportError where request.repetition == .once && error.kind == .dropped {
                var again = signed
                again.needsFreshConnection = true
                return try await attempt(again)
            }
        }
    }

    private func canMend(_ error: APIError, _ request: HTTPRequest) async throws -> Bool {
        if error.status == 401 { return await connection.credential.refused(request.secretHeaders) }
        guard [APIError.loginPage, APIError.foreignPage].contains(error.code), workspaceID == nil else { return false }
        return try await hostMetadata()?.workspaceID != nil
    }

    /// The request with the credential's headers as they are now: a token may have been refreshed since the last
    /// attempt.
    private func signed(_ request: HTTPRequest, _ call: APICall) async throws -> HTTPRequest {
        guard call.isSigned else { return request }
        var request = request
        request.secretHeaders = try await connection.credential.headers(network)
        // The accounts host has no workspaces to choose from.
        if let workspaceID, (try? HostURL(request.url).text) == connection.host {
            request.headers.append(("X-Databricks-Workspace-Id", workspaceID))
        }
        return request
    }
}
