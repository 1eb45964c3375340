import Results

/// How a credential reaches the servers that give out tokens: by its connection's own transport and retry policy, never
/// signed.
package struct CredentialNetwork: Sendable {
    /// The connection's host, `https://host[:port]`.
    let host: String
    let transport: any Transport
    let retrier: Retrier
    let userAgent: String
    /// What the host says of itself, asked once; nil when it says nothing.
    let metadata: @Sendable () async throws -> WorkspaceMetadata?

    /// A JSON document at an address anybody may read.
    /// - Throws: `APIError`, `TransportError`, `CancellationError`.
    func document(_ url: String) async throws -> JSONValue {
        var request = HTTPRequest("GET", url)
        request.headers = [("Accept", "application/json"), ("User-Agent", userAgent)]
        request.maximumRedirects = 3
        request.isConfidential = true
        return try await json(request)
    }

    /// Asks a token endpoint (RFC 6749 §4.4). `signature` is how the client authenticates, if by a header.
    ///
    /// Asking twice gives two tokens, which does no harm: unlike other POSTs it is repeated after any failure, unless what is
    /// sent is good for one time only.
    /// - Throws: as `document`.
    func token(
        _ url: String, form: [(name: String, value: Secret)], signature: SecretHeader? = nil,
        repetition: HTTPRequest.Repetition = .freely
    ) async throws -> JSONValue {
        var request = HTTPRequest("POST", url)
        request.headers = [
            ("Accept", "application/json"), ("Content-Type", "application/x-www-form-urlencoded"),
            ("User-Agent", userAgent),
        ]
        request.secretHeaders = signature.map { [$0] } ?? []
        request.body = .bytes(Array(FormEncoding.encode(form.map { ($0.name, $0.value.reveal()) }).utf8))
        request.repetition = repetition
        request.isConfidential = true
        request.totalTimeout = .seconds(30)
        return try await json(request)
    }

    /// Asks whoever vouches for a program or a machine: the reply holds a secret.
    /// - Throws: as `document`.
    func identity(_ request: HTTPRequest) async throws -> JSONValue {
        var request = request
        request.isSecretReply = true
        return try await json(request)
    }

    private func json(_ request: HTTPRequest) async throws -> JSONValue {
        let transport = transport
        return try await retrier.run(request) {
            let response = try await transport.send(request)
            guard response.head.isSuccess, let json = try? JSONValue.parse(response.body) else {
                throw ErrorBody.error(response, request: request)
            }
            return json
        }
    }
}
