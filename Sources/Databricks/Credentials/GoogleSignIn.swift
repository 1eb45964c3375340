import CCrypto
import FoundationEssentials
import Results
import System

/// A service account of Google Cloud, by its key (`google-credentials`): signs its own requests for tokens (RFC 7523).
struct GoogleServiceAccount: TokenSource {
    /// The key file's JSON.
    let key: JSONValue

    var authType: AuthType { .googleCredentials }

    func fetch(_ network: CredentialNetwork, isForced: Bool, now: WallTime) async throws -> AccessToken {
        let reply = try await ask(["target_audience": .string(network.host)], network, now)
        let identity = try Google.identity(reply.string("id_token"), authType, now)
        // Only some operations on accounts need it, and not every service account may have one.
        let access = try? await accessToken(network, now)
        try Task.checkCancellation()
        return Google.with(access, identity)
    }

    /// A token for Google's own services.
    func accessToken(_ network: CredentialNetwork, _ now: WallTime) async throws -> AccessToken {
        let scope = Google.scopes.joined(separator: " ")
        return try AccessToken(
            reply: try await ask(["scope": .string(scope)], network, now), authType: authType, now: now)
    }

    private func ask(_ claims: JSONValue, _ network: CredentialNetwork, _ now: WallTime) async throws -> JSONValue {
        let url = key.string("token_uri") ?? "https://oauth2.googleapis.com/token"
        guard url.hasPrefix("https://"), let account = key.string("client_email"), let pem = key.string("private_key")
        else {
            throw CredentialError.signInFailed(
                authType: authType, message: "google_credentials is no key of a service account",
                advice: "it is the JSON of a key, or the path of its file; for another way use google-id")
        }
        let start = Int(now.seconds)
        let payload = claims.setting([
            ("iss", .string(account)), ("aud", .string(url)), ("iat", .number("\(start)")),
            ("exp", .number("\(start + 3600)")),
        ])
        let header: JSONValue = ["alg": "RS256", "typ": "JWT", "kid": .string(key.string("private_key_id") ?? "")]
        let signed = [header, payload].map { Google.base64URL(Array($0.serialized().utf8)) }.joined(separator: ".")
        let signature = Google.base64URL(try Self.signature(of: signed, pem, authType))
        let form: [(name: String, value: Secret)] = [
            ("grant_type", Secret(unlisted: "urn:ietf:params:oauth:grant-type:jwt-bearer")),
            ("assertion", Secret("\(signed).\(signature)")),
        ]
        do { return try await network.token(url, form: form) } catch let error as APIError {
            throw CredentialError.byServer(
                error, authType: authType, at: url, advice: "check that the key of \(account) is still valid")
        }
    }

    /// RSASSA-PKCS1-v1_5 with SHA-256, by OpenSSL's library.
    private static func signature(of text: String, _ pem: String, _ authType: AuthType) throws -> [UInt8] {
        var signature = [UInt8](repeating: 0, count: 1024)
        let bytes = Array(text.utf8)
        let count = crypto_sign_rs256(pem, bytes, bytes.count, &signature, signature.count)
        guard count > 0 else {
            throw CredentialError.signInFailed(
                authType: authType,
                message: count == 0
                    ? "the private_key is no RSA key" : "signing needs OpenSSL's libcrypto, which is not installed",
                advice: count == 0 ? "use the JSON as Google gave it out" : "install it (Debian: libssl3)")
        }
        return Array(signature[..<Int(count)])
    }
}

/// A service account of Google Cloud that the person or machine here may act for (`google-id`).
struct GoogleImpersonation: TokenSource {
    let account: String
    /// Whoever acts for it.
    let actor: GoogleActor

    var authType: AuthType { .googleID }

    func fetch(_ network: CredentialNetwork, isForced: Bool, now: WallTime) async throws -> AccessToken {
        let actor = try await actor.token(network, now)
        let reply = try await ask(
            "generateIdToken", ["audience": .string(network.host), "includeEmail": true], actor, network)
        let identity = try Google.identity(reply.string("token"), authType, now)
        let access = try? await accessToken(actor, network, now)
        try Task.checkCancellation()
        return Google.with(access, identity)
    }

    private func accessToken(
        _ actor: AccessToken, _ network: CredentialNetwork, _ now: WallTime
    ) async throws -> AccessToken {
        let scopes = JSONValue.array(Google.scopes.map { .string($0) })
        let reply = try await ask("generateAccessToken", ["scope": scopes], actor, network)
        guard let token = reply.string("accessToken") else { throw CancellationError() }
        return AccessToken(
            value: Secret(token), expiry: reply.string("expireTime").flatMap { WallTime($0) } ?? now + 300)
    }

    private func ask(
        _ what: String, _ body: JSONValue, _ actor: AccessToken, _ network: CredentialNetwork
    ) async throws -> JSONValue {
        let name = PercentEncoding.component(account)
        var request = HTTPRequest(
            "POST", "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/\(name):\(what)")
        request.headers = [
            ("Accept", "application/json"), ("Content-Type", "application/json"), ("User-Agent", network.userAgent),
        ]
        request.secretHeaders = actor.headers
        request.body = .bytes(Array(body.serialized().utf8))
        request.repetition = .freely
        request.totalTimeout = .seconds(30)
        do { return try await network.identity(request) } catch let error as APIError {
            throw CredentialError.byServer(
                error, authType: authType, at: request.url,
                advice: "you need the role roles/iam.serviceAccountTokenCreator on \(account)")
        }
    }
}

/// Who works here, as Google's own tools find out: the application default credentials.
enum GoogleActor: Sendable {
    /// `gcloud auth application-default login`, or a key, in a file.
    case file(JSONValue)
    /// The machine in Google Cloud.
    case machine

    func token(_ network: CredentialNetwork, _ now: WallTime) async throws -> AccessToken {
        switch self {
        case .machine:
            var request = HTTPRequest(
                "GET", "http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/token")
            request.headers = [("Metadata-Flavor", "Google"), ("User-Agent", network.userAgent)]
            request.bypassesProxy = true
            request.totalTimeout = .seconds(10)
            do {
                return try AccessToken(reply: try await network.identity(request), authType: .googleID, now: now)
            } catch {
                guard error is TransportError || error is APIError else { throw error }
                throw CredentialError.signInFailed(
                    authType: .googleID, message: "there are no application default credentials of Google Cloud",
                    advice: "gcloud auth application-default login")
            }
        case .file(let json) where json.string("type") == "service_account":
            return try await GoogleServiceAccount(key: json).accessToken(network, now)
        case .file(let json):
            guard json.string("type") == "authorized_user", let refresh = json.string("refresh_token") else {
                throw CredentialError.signInFailed(
                    authType: .googleID,
                    message:
                        "application default credentials of the type \(json.string("type") ?? "") are not understood",
                    advice: "gcloud auth application-default login")
            }
            let form: [(name: String, value: Secret)] = [
                ("grant_type", Secret(unlisted: "refresh_token")), ("refresh_token", Secret(refresh)),
                ("client_id", Secret(unlisted: json.string("client_id") ?? "")),
                ("client_secret", Secret(json.string("client_secret") ?? "")),
            ]
            let url = "https://oauth2.googleapis.com/token"
            do {
                return try AccessToken(reply: try await network.token(url, form: form), authType: .googleID, now: now)
            } catch let error as APIError {
                throw CredentialError.byServer(
                    error, authType: .googleID, at: url, advice: "gcloud auth application-default login")
            }
        }
    }
}

enum Google {
    static let scopes = [
        "https://www.googleapis.com/auth/cloud-platform", "https://www.googleapis.com/auth/compute",
    ]

    static func base64URL(_ bytes: [UInt8]) -> String {
        String(Data(bytes).base64EncodedString().prefix { $0 != "=" }).base64URL()
    }

    /// An identity token, good for as long as it says itself (`exp` of RFC 7519).
    static func identity(_ token: String?, _ authType: AuthType, _ now: WallTime) throws -> AccessToken {
        guard let token else {
            throw CredentialError.signInFailed(
                authType: authType, message: "the answer has no identity token in it", advice: nil)
        }
        return AccessToken(value: Secret(token), expiry: end(of: token) ?? now + 3600)
    }

    private static func end(of token: String) -> WallTime? {
        let parts = token.split(separator: ".")
        guard parts.count == 3 else { return nil }
        var text = String(parts[1].map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 })
        while text.utf8.count % 4 != 0 { text.append("=") }
        guard let data = Data(base64Encoded: text), let claims = try? JSONValue.parse(Array(data)) else { return nil }
        return claims.integer("exp").map { WallTime(seconds: Double($0)) }
    }

    /// The identity, and with it the token for Google's own services where there is one.
    static func with(_ access: AccessToken?, _ identity: AccessToken) -> AccessToken {
        guard let access else { return identity }
        var identity = AccessToken(value: identity.value, expiry: min(identity.expiry, access.expiry))
        identity.companions = [SecretHeader(name: "X-Databricks-GCP-SA-Access-Token", value: access.value)]
        return identity
    }
}
