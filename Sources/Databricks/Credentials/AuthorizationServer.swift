import Results

/// Where people and programs sign in (RFC 8414).
struct AuthorizationServer: Sendable, Equatable {
    /// Where a person's browser goes.
    let authorizationEndpoint: String
    /// Where tokens are given out.
    let tokenEndpoint: String

    /// What is known of where it is.
    struct Place: Sendable {
        /// With an accounts host: which account.
        var accountID: String?
        /// Where to read where to sign in (`discovery_url`).
        var discoveryURL: String?
    }

    /// As the host says, else the classic addresses.
    /// - Throws: `CredentialError`, `APIError`, `TransportError`, `CancellationError`.
    static func find(
        _ place: Place, _ network: CredentialNetwork, _ authType: AuthType
    ) async throws -> AuthorizationServer {
        let server = try await search(place, network, authType)
        // What was asked over TLS cannot lead out of it, not even to this machine.
        if network.host.hasPrefix("https://"),
            let plain = [server.tokenEndpoint, server.authorizationEndpoint].first(where: { !$0.hasPrefix("https://") })
        {
            throw CredentialError.signInFailed(
                authType: authType, message: "\(network.host) wants the secret sent to \(plain), unencrypted",
                advice: "name the right address with --token-url")
        }
        return server
    }

    private static func search(
        _ place: Place, _ network: CredentialNetwork, _ authType: AuthType
    ) async throws -> AuthorizationServer {
        if let url = place.discoveryURL { return try await read(url, network, authType) }
        let issuer = try await issuer(place, network, authType)
        do { return try await read(issuer + "/.well-known/oauth-authorization-server", network, authType) } catch {
            // An older host, or one behind a gateway that does not let everybody read it.
            guard error is APIError || error is CredentialError else { throw error }
            return AuthorizationServer(
                authorizationEndpoint: issuer + "/v1/authorize", tokenEndpoint: issuer + "/v1/token")
        }
    }

    private static func read(
        _ url: String, _ network: CredentialNetwork, _ authType: AuthType
    ) async throws -> AuthorizationServer {
        let document = try await network.document(url)
        guard let endpoint = document.string("token_endpoint") else {
            throw CredentialError.signInFailed(
                authType: authType, message: "\(url) names no token endpoint", advice: "name one with --token-url")
        }
        // Only people need the other one; they sit beside each other.
        let beside = endpoint.hasSuffix("/token") ? endpoint.dropLast("token".count) + "authorize" : endpoint
        return AuthorizationServer(
            authorizationEndpoint: document.string("authorization_endpoint") ?? beside, tokenEndpoint: endpoint)
    }

    private static func issuer(
        _ place: Place, _ network: CredentialNetwork, _ authType: AuthType
    ) async throws -> String {
        if HostURL.isAccounts(network.host) {
            guard let accountID = place.accountID else {
                throw CredentialError.incomplete(
                    authType: authType, missing: ["account_id (DATABRICKS_ACCOUNT_ID)"],
                    explanation: "\(network.host) serves many accounts")
            }
            return "\(network.host)/oidc/accounts/\(PercentEncoding.component(accountID))"
        }
        guard let metadata = try await network.metadata(), let endpoint = metadata.oidcEndpoint else {
            return network.host + "/oidc"
        }
        let account = (place.accountID ?? metadata.accountID).map(PercentEncoding.component) ?? ""
        return endpoint.replacingFirst("{account_id}", with: account)
    }
}
