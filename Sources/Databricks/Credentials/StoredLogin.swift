import System

/// A person's login that is kept in a file, dbsh's own or the Databricks CLI's: gives out its token, and refreshes it in the file.
final class StoredLogin: TokenSource {
    let authType: AuthType
    private let cache: TokenCache
    private let keys: [String]
    private let clientID: String
    private let place: AuthorizationServer.Place
    private let given = Locked<Secret?>(nil)
    /// A token is refreshed when it is good for less than this, in seconds (API/README.md).
    private static let margin = 300.0

    init(
        _ authType: AuthType, _ cache: TokenCache, keys: [String], clientID: String, place: AuthorizationServer.Place
    ) {
        self.authType = authType
        self.cache = cache
        self.keys = keys
        self.clientID = clientID
        self.place = place
    }

    func fetch(_ network: CredentialNetwork, isForced: Bool, now: WallTime) async throws -> AccessToken {
        let refused = isForced ? given.withLock { $0 } : nil
        func isGood(_ login: TokenCache.Login) -> Bool { login.expiry - now > Self.margin && login.access != refused }
        if let login = try cache.login(keys), isGood(login) { return give(login) }
        let lock = try await FileLock.waiting(for: cache.lockPath)
        defer { withExtendedLifetime(lock) {} }
        guard let login = try cache.login(keys) else {
            throw CredentialError.notSignedIn(host: network.host, authType: authType, explanation: "")
        }
        // Another process has refreshed it while this one waited.
        if isGood(login) { return give(login) }
        return give(try await refreshed(login, network, now))
    }

    private func give(_ login: TokenCache.Login) -> AccessToken {
        given.withLock { $0 = login.access }
        return login.token
    }

    private func refreshed(
        _ login: TokenCache.Login, _ network: CredentialNetwork, _ now: WallTime
    ) async throws -> TokenCache.Login {
        guard let refresh = login.refresh else { throw ended("it cannot be refreshed", network) }
        let server = try await AuthorizationServer.find(place, network, authType)
        let file = try cache.change()
        let form: [(name: String, value: Secret)] = [
            ("grant_type", Secret(unlisted: "refresh_token")), ("refresh_token", refresh),
            ("client_id", Secret(unlisted: clientID)),
        ]
        do {
            let reply = try await network.token(server.tokenEndpoint, form: form, repetition: .never)
            let token = try AccessToken(reply: reply, authType: authType, now: now)
            let new = TokenCache.Login(
                key: login.key, access: token.value, scheme: token.scheme,
                refresh: reply.string("refresh_token").map { Secret($0) } ?? refresh, expiry: token.expiry)
            try cache.keep(new, as: login.key, file)
            return new
        } catch let error as APIError where (400..<500).contains(error.status) && error.status != 429 {
            throw ended(error.message, network)
        }
    }

    private func ended(_ why: String, _ network: CredentialNetwork) -> CredentialError {
        .signInFailed(
            authType: authType, message: "the login at \(network.host) has ended: \(why)",
            advice: "sign in again: dbsh login \(HostURL.typed(network.host)), or at the prompt "
                + ".connect \(HostURL.typed(network.host)) --login")
    }
}
