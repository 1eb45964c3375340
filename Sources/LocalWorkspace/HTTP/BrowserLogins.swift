import FoundationEssentials
import Synchronization
import System

/// People who sign in with a browser: authorization codes with PKCE and refresh tokens, for one public client (RFC 6749 §4.1 and §6,
/// RFC 7636). Refresh tokens are good for one time.
final class BrowserLogins: Sendable {
    /// The application that every workspace knows.
    static let client = "databricks-cli"

    /// What a browser came with, until the person behind it has decided.
    struct Request: Sendable {
        let redirect: String
        let challenge: String
        let state: String
        let scope: String
    }

    private struct Grant {
        let request: Request
        let end: WallTime
    }

    private struct State {
        var pending: [String: Grant] = [:]
        var codes: [String: Grant] = [:]
        var refreshTokens: [String: (scope: String, end: WallTime)] = [:]
    }

    private let state = Mutex(State())
    private let refreshTokenLifetime: Duration
    private static let codeLifetime = Duration.seconds(60)

    init(refreshTokenLifetime: Duration) { self.refreshTokenLifetime = refreshTokenLifetime }

    /// Keeps a request until somebody decides.
    /// - Returns: its name, which only the page knows that is shown for it.
    func begin(_ request: Request) -> String {
        let id = Random.hexadecimal(bytes: 16)
        let now = WallTime.now
        state.withLock { state in
            state.pending = state.pending.filter { $0.value.end > now }
            state.pending[id] = Grant(request: request, end: now + .seconds(600))
        }
        return id
    }

    /// Somebody has decided.
    /// - Returns: where the browser goes; nil when there is no such request.
    func decide(_ id: String, allows: Bool, issuer: String) -> String? {
        guard let grant = state.withLock({ $0.pending.removeValue(forKey: id) }), grant.end > .now else { return nil }
        guard allows else {
            return Self.redirect(
                grant.request, [("error", "access_denied"), ("error_description", "The user has denied the request.")])
        }
        let code = Random.hexadecimal(bytes: 20)
        state.withLock { $0.codes[code] = Grant(request: grant.request, end: .now + Self.codeLifetime) }
        return Self.redirect(grant.request, [("code", code), ("iss", issuer)])
    }

    static func redirect(_ request: Request, _ fields: [(String, String)]) -> String {
        let query = (fields + [("state", request.state)]).map { "\($0)=\(percentEncoded($1))" }.joined(separator: "&")
        return request.redirect + (request.redirect.contains("?") ? "&" : "?") + query
    }

    /// Takes a code, which is then used up.
    /// - Returns: the scope it was asked for.
    /// - Throws: `APIError` in OAuth form.
    func redeem(code: String, verifier: String, redirect: String) throws -> String {
        let grant = state.withLock { $0.codes.removeValue(forKey: code) }
        guard let grant, grant.end > .now, grant.request.redirect == redirect else {
            throw APIError.oauth(400, "invalid_grant", "The authorization code is invalid, expired or used.")
        }
        let hash = Data(SHA256.hash(Array(verifier.utf8))).base64EncodedString().prefix { $0 != "=" }
        let challenge = String(hash.map { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 })
        guard verifier.utf8.count >= 43, Random.equal(challenge, grant.request.challenge) else {
            throw APIError.oauth(400, "invalid_grant", "The code verifier does not match the challenge.")
        }
        return grant.request.scope
    }

    /// Takes a refresh token, which is then used up.
    /// - Throws: as `redeem`.
    func redeem(refreshToken: String) throws -> String {
        let known = state.withLock { $0.refreshTokens.removeValue(forKey: refreshToken) }
        guard let known, known.end > .now else {
            throw APIError.oauth(400, "invalid_grant", "Refresh token is invalid")
        }
        return known.scope
    }

    /// A refresh token for a scope that asks for one (`offline_access`).
    func refreshToken(for scope: String) -> String? {
        guard scope.split(separator: " ").contains("offline_access") else { return nil }
        let token = "refresh-" + Random.hexadecimal(bytes: 32)
        let end = WallTime.now + refreshTokenLifetime
        state.withLock { $0.refreshTokens[token] = (scope, end) }
        return token
    }
}
