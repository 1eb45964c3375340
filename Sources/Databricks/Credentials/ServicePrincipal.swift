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
            throw CredentialError.byServer(
                error, authType: authType, at: url, advice: "check client id and client secret, and where to sign in")
        }
    }

    /// Where tokens are given out: as said, else as the host says.
    private func endpoint(_ network: CredentialNetwork) async throws -> String {
        if let tokenURL { return tokenURL }
        let place = AuthorizationServer.Place(accountID: accountID, discoveryURL: discoveryURL)
        return try await AuthorizationServer.find(place, network, authType).tokenEndpoint
    }
}
