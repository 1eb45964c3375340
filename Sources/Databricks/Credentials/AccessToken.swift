import Results
import System

/// A token with an end, as OAuth servers and other programs give it out.
package struct AccessToken: Sendable, Equatable {
    let value: Secret
    /// How it is sent, almost always `Bearer`.
    let scheme: String
    let expiry: WallTime
    /// Further headers that go with it.
    var companions: [SecretHeader] = []

    init(value: Secret, scheme: String = "Bearer", expiry: WallTime) {
        self.value = value
        self.scheme = scheme
        self.expiry = expiry
    }

    /// Reads the reply of a token endpoint (RFC 6749 §5.1). `expires_in` may be a number or a string; Azure adds
    /// `expires_on`, the Databricks CLI `expiry`. A reply without any is trusted for five minutes.
    /// - Throws: `CredentialError.signInFailed` when there is no token in it.
    init(reply json: JSONValue, authType: AuthType, now: WallTime) throws {
        guard let value = json.string("access_token") ?? json.string("accessToken") else {
            throw CredentialError.signInFailed(
                authType: authType, message: "the answer has no access token in it", advice: nil)
        }
        self.value = Secret(value)
        // "bearer" in any case is what servers take as Bearer; anything else goes as it came.
        let scheme = json.string("token_type") ?? json.string("tokenType") ?? "Bearer"
        self.scheme = scheme.lowercased() == "bearer" ? "Bearer" : scheme
        if let seconds = json.string("expires_in").flatMap(Double.init) {
            expiry = now + seconds
        } else if let seconds = json.string("expires_on").flatMap(Double.init) {
            expiry = WallTime(seconds: seconds)
        } else if let time = json.string("expiry").flatMap({ WallTime($0) }) {
            expiry = time
        } else if let time = json.string("expiresOn").flatMap({ WallTime($0, withoutZone: .local) }) {
            expiry = time
        } else {
            expiry = now + 300
        }
    }

    /// What signs a request with it.
    var headers: [SecretHeader] { [.authorization(scheme, value)] + companions }
}

/// Where tokens come from.
protocol TokenSource: Sendable {
    var authType: AuthType { get }

    /// Fetches a token. `isForced`: the last one was refused although it had not expired, so a stored one will not do.
    /// - Throws: `CredentialError`, `TransportError`, `APIError`, `CancellationError`.
    func fetch(_ network: CredentialNetwork, isForced: Bool, now: WallTime) async throws -> AccessToken
}
