import System

/// Who may use the workspace: the holder of its token, or of an access token got with the service principal's secret.
final class Credentials: Sendable {
    let token: String
    let clientID: String
    let clientSecret: String
    let accessTokenLifetime: Duration
    /// Access tokens that were given out, and until when they are good.
    private let accessTokens = Locked<[String: WallTime]>([:])

    init(token: String, clientID: String, clientSecret: String, accessTokenLifetime: Duration) {
        self.token = token
        self.clientID = clientID
        self.clientSecret = clientSecret
        self.accessTokenLifetime = accessTokenLifetime
    }

    /// Checks the `Authorization` header.
    /// - Throws: `APIError` with the service's own words (API README): 401 without a bearer token and for one
    ///   that has expired, 403 for one that is not known.
    func check(_ request: HTTPRequest) throws {
        guard let header = request.header("authorization"),
            let space = header.firstIndex(of: " "), header[..<space].lowercased() == "bearer"
        else {
            throw APIError.credential(
                401, "Credential was not sent or was of an unsupported type for this API.")
        }
        let sent = String(header[header.index(after: space)...])
        if Random.equal(sent, token) { return }
        guard let expires = accessTokens.withLock({ $0.first { Random.equal(sent, $0.key) }?.value }) else {
            throw APIError.credential(403, "Invalid access token.")
        }
        guard expires > .now else { throw APIError.credential(401, "Access token expired.") }
    }

    /// Every token that was given out, and until when it is good: nil is for ever.
    var allTokens: [String: WallTime?] {
        var all: [String: WallTime?] = accessTokens.withLock { $0.mapValues { $0 } }
        all[token] = .some(nil)
        return all
    }

    /// Makes an access token for the service principal.
    /// - Throws: `APIError` in OAuth form when id or secret are wrong.
    func issueAccessToken(clientID: String, clientSecret: String) throws -> String {
        guard Random.equal(clientID, self.clientID), Random.equal(clientSecret, self.clientSecret) else {
            throw APIError.oauth(401, "invalid_client", "Client authentication failed")
        }
        return issueAccessToken()
    }

    /// Makes an access token for somebody who has shown who they are.
    func issueAccessToken() -> String {
        let token = "local-" + Random.hexadecimal(bytes: 32)
        let now = WallTime.now
        accessTokens.withLock { tokens in
            // Expired ones are kept for a day, so that they are told apart from invented ones.
            tokens = tokens.filter { $0.value + .seconds(86_400) > now }
            tokens[token] = now + accessTokenLifetime
        }
        return token
    }
}
