import FoundationEssentials
import Results
import System

/// A service principal that signs in with its secret: OAuth 2.0 client credentials (RFC 6749 §4.4), `oauth-m2m`.
struct ServicePrincipal: TokenSource {
    let clientID: String
    let clientSecret: Secret
    /// What the token shall allow.
    var scopes = ["all-apis"]
    /// Where to sign in, when that is given; else it is found out.
    var tokenURL: String?
    /// Where to read where to sign in (`discovery_url`).
    var discoveryURL: String?
    /// With an accounts host: which account.
    var accountID: String?

    var authType: AuthType { .oauthM2M }

    func fetch(_ network: CredentialNetwork, isForced: Bool, now: WallTime) async throws -> AccessToken {
        let url = try await endpoint(network)
        // What was asked over TLS cannot lead out of it, not even to this machine.
        guard url.hasPrefix("https://") || !network.host.hasPrefix("https://") || tokenURL != nil else {
            throw CredentialError.signInFailed(
                authType: authType, message: "\(network.host) wants the client secret sent to \(url), unencrypted",
                advice: "name the right address with --token-url")
        }
        // RFC 6749 §2.3.1: both are form-encoded before they are joined.
        let pair = PercentEncoding.component(clientID) + ":" + PercentEncoding.component(clientSecret.reveal())
        let form = [
            (name: "grant_type", value: Secret(unlisted: "client_credentials")),
            (name: "scope", value: Secret(unlisted: scopes.joined(separator: " "))),
        ]
        do {
            let reply = try await network.token(
                url, form: form, signature: .authorization("Basic", Secret(Data(pair.utf8).base64EncodedString())))
            return try AccessToken(reply: reply, authType: authType, now: now)
        } catch let error as APIError {
            throw CredentialError.refused(
                error, authType: authType, at: url, advice: "check client id and client secret, and where to sign in")
        }
    }

    /// Where tokens are given out: as said, else as the host says, else the classic address.
    private func endpoint(_ network: CredentialNetwork) async throws -> String {
        if let tokenURL { return tokenURL }
        if let discoveryURL { return try await endpoint(from: discoveryURL, network) }
        let issuer = try await issuer(network)
        do {
            return try await endpoint(from: issuer + "/.well-known/oauth-authorization-server", network)
        } catch is APIError {
            // An older host, or one behind a gateway that does not let everybody read it.
            return issuer + "/v1/token"
        } catch is CredentialError {
            return issuer + "/v1/token"
        }
    }

    /// Reads the authorization server's metadata (RFC 8414).
    private func endpoint(from url: String, _ network: CredentialNetwork) async throws -> String {
        guard let endpoint = try await network.document(url).string("token_endpoint") else {
            throw CredentialError.signInFailed(
                authType: authType, message: "\(url) names no token endpoint", advice: "name one with --token-url")
        }
        return endpoint
    }

    private func issuer(_ network: CredentialNetwork) async throws -> String {
        if HostURL.isAccounts(network.host) {
            guard let accountID else {
                throw CredentialError.incomplete(
                    authType: authType, missing: ["account_id (DATABRICKS_ACCOUNT_ID)"],
                    explanation: "\(network.host) serves many accounts")
            }
            return "\(network.host)/oidc/accounts/\(PercentEncoding.component(accountID))"
        }
        guard let metadata = try await network.metadata(), let endpoint = metadata.oidcEndpoint else {
            return network.host + "/oidc"
        }
        let account = (accountID ?? metadata.accountID).map(PercentEncoding.component) ?? ""
        return endpoint.replacingFirst("{account_id}", with: account)
    }
}
