import Results
import System

/// Who a program is, without a secret: something that runs it vouches for it with a signed token, which the workspace exchanges for one of its
/// own (RFC 8693). The kinds differ in who vouches.
struct WorkloadIdentity: TokenSource {
    let authType: AuthType
    let voucher: Voucher
    /// The service principal; nil where the account trusts the voucher as a whole.
    let clientID: String?
    let scopes: [String]
    /// For whom the voucher's token is to be, where that is said.
    let audience: String?
    let place: AuthorizationServer.Place
    /// A workspace is named: the account's id is then no audience.
    let workspaceID: String?

    func fetch(_ network: CredentialNetwork, isForced: Bool, now: WallTime) async throws -> AccessToken {
        let server = try await AuthorizationServer.find(place, network, authType)
        let subject = try await voucher.token(
            for: try await audience(server, network), network, authType)
        var form: [(name: String, value: Secret)] = [
            ("grant_type", Secret(unlisted: "urn:ietf:params:oauth:grant-type:token-exchange")),
            ("subject_token_type", Secret(unlisted: "urn:ietf:params:oauth:token-type:jwt")),
            ("subject_token", subject), ("scope", Secret(unlisted: scopes.joined(separator: " "))),
        ]
        if let clientID { form.append(("client_id", Secret(unlisted: clientID))) }
        do {
            return try AccessToken(
                reply: try await network.token(server.tokenEndpoint, form: form), authType: authType, now: now)
        } catch let error as APIError {
            throw CredentialError.byServer(
                error, authType: authType, at: server.tokenEndpoint,
                advice: "check client_id, and the federation policy of the service principal or the account")
        }
    }

    /// The order of the official Go SDK.
    private func audience(_ server: AuthorizationServer, _ network: CredentialNetwork) async throws -> String {
        if let audience { return audience }
        let metadata = try await network.metadata()
        if let first = metadata?.federationAudience { return first }
        if workspaceID == nil, metadata?.workspaceID == nil, let account = place.accountID { return account }
        return server.tokenEndpoint
    }
}

/// What vouches for a program.
enum Voucher: Sendable {
    /// GitHub Actions: the address that gives out tokens, and what opens it.
    case github(url: String, token: Secret)
    /// Azure DevOps pipelines: the same.
    case azureDevOps(url: String, token: Secret)
    /// An environment variable that holds the token.
    case variable(String, Secret?)
    /// A file that holds it; read again each time, since what writes it (Kubernetes, for example) replaces it.
    case file(String)

    /// Asks for a token for `audience`, as far as the voucher lets that be chosen.
    /// - Throws: `CredentialError`, `TransportError`, `CancellationError`.
    func token(for audience: String, _ network: CredentialNetwork, _ authType: AuthType) async throws -> Secret {
        switch self {
        case .github(let url, let token):
            let query = (url.contains("?") ? "&" : "?") + "audience=" + PercentEncoding.component(audience)
            return try await ask("GET", url + query, token, "value", network, authType)
        case .azureDevOps(let url, let token):
            return try await ask("POST", url, token, "oidcToken", network, authType)
        case .variable(let name, let token):
            guard let token else { throw Self.missing("\(name) is not set", authType) }
            return token
        case .file(let path):
            guard let bytes = try? Files.read(path) else { throw Self.missing("\(path) cannot be read", authType) }
            let text = String(decoding: bytes, as: UTF8.self).trimmingSpaces()
            guard !text.isEmpty else { throw Self.missing("\(path) is empty", authType) }
            return Secret(text)
        }
    }

    private func ask(
        _ method: String, _ url: String, _ token: Secret, _ field: String, _ network: CredentialNetwork,
        _ authType: AuthType
    ) async throws -> Secret {
        var request = HTTPRequest(method, url)
        request.headers = [("Accept", "application/json"), ("User-Agent", network.userAgent)]
        request.secretHeaders = [.authorization("Bearer", token)]
        request.repetition = .freely
        request.totalTimeout = .seconds(30)
        do {
            guard let identity = try await network.identity(request).string(field) else {
                throw Self.missing("\(Redaction.url(url)) gives out no token", authType)
            }
            return Secret(identity)
        } catch let error as APIError {
            throw CredentialError.byServer(
                error, authType: authType, at: url, advice: "check that this job may ask for identity tokens")
        }
    }

    private static func missing(_ message: String, _ authType: AuthType) -> CredentialError {
        .signInFailed(authType: authType, message: message, advice: nil)
    }
}

extension Voucher {
    /// Variables that hold what opens a voucher's door.
    static let secretVariables = ["ACTIONS_ID_TOKEN_REQUEST_TOKEN", "SYSTEM_ACCESSTOKEN", "DATABRICKS_OIDC_TOKEN"]

    /// The one of GitHub Actions; nil elsewhere.
    static func github(_ environment: [String: String]) -> Voucher? {
        guard let url = environment["ACTIONS_ID_TOKEN_REQUEST_URL"],
            let token = environment["ACTIONS_ID_TOKEN_REQUEST_TOKEN"]
        else { return nil }
        return .github(url: url, token: Secret(token))
    }

    /// What Azure DevOps says of a job.
    private static let azureDevOpsVariables = [
        "SYSTEM_ACCESSTOKEN", "SYSTEM_TEAMFOUNDATIONCOLLECTIONURI", "SYSTEM_TEAMPROJECTID", "SYSTEM_HOSTTYPE",
        "SYSTEM_PLANID", "SYSTEM_JOBID",
    ]

    /// Those that are missing in an Azure DevOps job.
    static func missingForAzureDevOps(_ environment: [String: String]) -> [String] {
        azureDevOpsVariables.filter { environment[$0] == nil }
    }

    /// The one of Azure DevOps; nil elsewhere.
    static func azureDevOps(_ environment: [String: String]) -> Voucher? {
        let values = azureDevOpsVariables.compactMap { environment[$0] }
        guard values.count == azureDevOpsVariables.count else { return nil }
        let base = values[1].hasSuffix("/") ? values[1] : values[1] + "/"
        let url =
            "\(base)\(values[2])/_apis/distributedtask/hubs/\(values[3])/plans/\(values[4])/jobs/\(values[5])/oidctoken"
            + "?api-version=7.2-preview.1"
        return .azureDevOps(url: url, token: Secret(values[0]))
    }
}
