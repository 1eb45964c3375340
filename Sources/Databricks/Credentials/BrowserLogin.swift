import FoundationEssentials
import Results
import System

/// Signing in with the browser: an authorization code with PKCE (RFC 6749 §4.1, RFC 7636, RFC 8252), as the public client that the
/// Databricks CLI is too.
package struct BrowserLogin: Sendable {
    private let network: CredentialNetwork
    private let accountID: String?
    private let clientID: String
    private let ports: ClosedRange<UInt16>
    /// The application that workspaces know without being told.
    package static let publicClient = "databricks-cli"
    /// How long somebody may take.
    private static let limit = Duration.seconds(15 * 60)

    /// What there is to say meanwhile.
    package enum Notice: Sendable {
        /// The browser is to go here.
        case open(url: String)
        /// Somebody came with what was not asked for: `state` is another one, or missing.
        case foreignAnswer
        /// What was pasted is not where the browser is sent at the end.
        case unusablePaste
    }

    /// - Parameters:
    ///   - network: of a client of the host to sign in at.
    ///   - port: the one to wait on; nil takes the first free one of those that the service lets the browser be sent to.
    package init(_ network: CredentialNetwork, accountID: String?, clientID: String = publicClient, port: UInt16? = nil)
    {
        self.network = network
        self.accountID = accountID
        self.clientID = clientID
        ports = port.map { $0...$0 } ?? 8020...8040
    }

    /// Signs in, and keeps the login in `cache`.
    /// - Parameters:
    ///   - input: a terminal on which the address may be pasted.
    ///   - notify: called on any thread.
    /// - Throws: `CredentialError`, `FileError`, `APIError`, `TransportError`, `CancellationError`.
    package func run(
        keeping cache: TokenCache, pastedOn input: Int32?, notify: @escaping @Sendable (Notice) -> Void
    ) async throws {
        let place = AuthorizationServer.Place(accountID: accountID)
        let server = try await AuthorizationServer.find(place, network, .externalBrowser)
        let listener: LoopbackListener
        do { listener = try LoopbackListener(ports: ports) } catch {
            throw failed(
                "cannot \(error.action) \(error.path): \(systemMessage(error.code))",
                "end the program that does, or try later")
        }
        let attempt = Attempt(redirect: "http://localhost:\(listener.port)")
        notify(.open(url: attempt.url(at: server, clientID: clientID)))
        let query = try await listener.answer(pastedOn: input, limit: Self.limit) { query in
            attempt.judge(query, notify)
        }
        guard let query else { throw failed("nobody came back from the browser in time", "try again") }
        let code = try code(in: Query(query))
        try await exchange(code, attempt, server, cache)
    }

    private func code(in answer: Query) throws -> Secret {
        if let error = answer["error"] {
            let more = answer["error_description"].map { ": \($0)" } ?? ""
            throw failed(
                error == "access_denied"
                    ? "it was denied in the browser\(more)" : "\(network.host) refuses: \(error)\(more)",
                error == "access_denied" ? nil : "try again, or ask an administrator of the workspace")
        }
        return Secret(answer["code"] ?? "")
    }

    private func exchange(
        _ code: Secret, _ attempt: Attempt, _ server: AuthorizationServer, _ cache: TokenCache
    ) async throws {
        let lock = try await FileLock.waiting(for: cache.lockPath)
        defer { withExtendedLifetime(lock) {} }
        let file = try cache.change()
        let form: [(name: String, value: Secret)] = [
            ("grant_type", Secret(unlisted: "authorization_code")), ("client_id", Secret(unlisted: clientID)),
            ("code", code), ("code_verifier", attempt.verifier),
            ("redirect_uri", Secret(unlisted: attempt.redirect)),
        ]
        let key = TokenCache.key(host: network.host, accountID: accountID)
        do {
            let reply = try await network.token(server.tokenEndpoint, form: form, repetition: .never)
            let token = try AccessToken(reply: reply, authType: .externalBrowser, now: .now)
            let login = TokenCache.Login(
                key: key, access: token.value, scheme: token.scheme,
                refresh: reply.string("refresh_token").map { Secret($0) }, expiry: token.expiry)
            try cache.keep(login, as: key, file)
        } catch let error as APIError {
            throw CredentialError.byServer(
                error, authType: .externalBrowser, at: server.tokenEndpoint, advice: "try again")
        }
    }

    private func failed(_ message: String, _ advice: String?) -> CredentialError {
        .signInFailed(authType: .externalBrowser, message: message, advice: advice)
    }

    /// One attempt, and what ties its answer to it.
    private struct Attempt: Sendable {
        let redirect: String
        let verifier = Secret(Self.random(64))
        let state = Self.random(16)

        static func random(_ count: Int) -> String {
            var generator = SystemRandomNumberGenerator()
            return text((0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
        }

        static func text(_ bytes: [UInt8]) -> String {
            String(Data(bytes).base64EncodedString().prefix { $0 != "=" }).base64URL()
        }

        func url(at server: AuthorizationServer, clientID: String) -> String {
            let challenge = Self.text(SHA256.hash(Array(verifier.reveal().utf8)))
            let query = FormEncoding.encode([
                ("response_type", "code"), ("client_id", clientID), ("redirect_uri", redirect),
                ("scope", "offline_access all-apis"), ("state", state), ("code_challenge", challenge),
                ("code_challenge_method", "S256"),
            ])
            return server.authorizationEndpoint + (server.authorizationEndpoint.contains("?") ? "&" : "?") + query
        }

        func judge(_ query: String?, _ notify: (Notice) -> Void) -> LoopbackListener.Verdict {
            guard let query else { return .notFound }
            let answer = Query(query)
            guard answer["state"] == state, answer["code"] != nil || answer["error"] != nil else {
                notify(answer["state"] == nil ? .unusablePaste : .foreignAnswer)
                return .refuse(page: SignInPage.foreign)
            }
            return .answer(page: answer["code"] != nil ? SignInPage.done : SignInPage.denied)
        }
    }
}

/// The fields of a URL's query, decoded.
struct Query {
    private var fields: [String: String] = [:]

    init(_ text: String) {
        for pair in text.prefix(while: { $0 != "#" }).split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, let value = PercentEncoding.decoded(parts[1]) else { continue }
            fields[String(parts[0])] = value
        }
    }

    /// A field that is not empty.
    subscript(_ name: String) -> String? { fields[name].flatMap { $0.isEmpty ? nil : $0 } }
}

/// What the browser shows when it has come back.
private enum SignInPage {
    static let done = page("Signed in", "dbsh is signed in. You may close this tab and go back to the terminal.")
    static let denied = page("Not signed in", "dbsh was not let in. You may close this tab.")
    static let foreign = page(
        "Not expected", "This is not the answer that dbsh waits for. Begin again in the terminal.")

    private static func page(_ title: String, _ text: String) -> String {
        """
        <!doctype html><html lang="en"><head><meta charset="utf-8"><title>\(title)</title><link rel="icon" href="data:,">\
        <style>body{font:1.1rem system-ui,sans-serif;max-width:30rem;margin:20vh auto;padding:0 1rem}</style></head>\
        <body><h1>\(title)</h1><p>\(text)</p></body></html>
        """
    }
}
