import Results
import System

/// What tokens for Azure are asked for, and where.
enum Azure {
    /// The resource that Databricks is in Entra ID, the same in every cloud.
    static let databricks = "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d"

    /// One of Azure's clouds, by the name in `azure_environment`.
    struct Cloud: Sendable {
        let login: String
        let management: String

        /// - Returns: nil when there is no cloud of this name.
        static func named(_ name: String?) -> Cloud? {
            switch (name ?? "PUBLIC").uppercased() {
            case "PUBLIC", "AZUREPUBLICCLOUD":
                Cloud(login: "https://login.microsoftonline.com", management: "https://management.core.windows.net/")
            case "USGOVERNMENT", "AZUREUSGOVERNMENT":
                Cloud(
                    login: "https://login.microsoftonline.us", management: "https://management.core.usgovcloudapi.net/")
            case "CHINA", "AZURECHINACLOUD":
                Cloud(login: "https://login.chinacloudapi.cn", management: "https://management.core.chinacloudapi.cn/")
            default: nil
            }
        }
    }

    /// The tenant, from where the workspace sends browsers to sign in. The redirect is read, not followed.
    static func tenant(_ network: CredentialNetwork, _ authType: AuthType) async throws -> String {
        var request = HTTPRequest("GET", network.host + "/aad/auth")
        request.headers = [("User-Agent", network.userAgent)]
        request.isConfidential = true
        let final = request
        let head = try await network.retrier.run(final) { try await network.transport.send(final).head }
        // https://login.microsoftonline.com/TENANT/oauth2/authorize?…
        let target = head["location"]?.firstRange(of: "://").map { head["location"]![$0.upperBound...] } ?? ""
        let segments = target.prefix { $0 != "?" }.split(separator: "/")
        guard segments.count > 1 else {
            throw CredentialError.incomplete(
                authType: authType, missing: ["azure_tenant_id (ARM_TENANT_ID)"],
                explanation: "\(network.host) does not say which tenant it belongs to")
        }
        return String(segments[1])
    }

    /// Headers that let somebody in who is not (yet) a user of the workspace, but may administer its Azure resource.
    static func companions(resourceID: String, management: AccessToken) -> [SecretHeader] {
        [
            SecretHeader(name: "X-Databricks-Azure-SP-Management-Token", value: management.value),
            SecretHeader(name: "X-Databricks-Azure-Workspace-Resource-Id", value: Secret(unlisted: resourceID)),
        ]
    }
}

/// A service principal of Entra ID that signs in with its secret (`azure-client-secret`).
struct AzureServicePrincipal: TokenSource {
    let clientID: String
    let clientSecret: Secret
    /// nil: the workspace says which.
    let tenantID: String?
    let cloud: Azure.Cloud
    let resourceID: String?

    var authType: AuthType { .azureClientSecret }

    func fetch(_ network: CredentialNetwork, isForced: Bool, now: WallTime) async throws -> AccessToken {
        let tenant = if let tenantID { tenantID } else { try await Azure.tenant(network, authType) }
        var token = try await token(for: Azure.databricks, tenant, network, now)
        if let resourceID {
            let management = try await self.token(for: cloud.management, tenant, network, now)
            token.companions = Azure.companions(resourceID: resourceID, management: management)
        }
        return token
    }

    private func token(
        for resource: String, _ tenant: String, _ network: CredentialNetwork, _ now: WallTime
    ) async throws -> AccessToken {
        let url = "\(cloud.login)/\(PercentEncoding.component(tenant))/oauth2/token"
        let form: [(name: String, value: Secret)] = [
            ("grant_type", Secret(unlisted: "client_credentials")), ("client_id", Secret(unlisted: clientID)),
            ("client_secret", clientSecret), ("resource", Secret(unlisted: resource)),
        ]
        do {
            return try AccessToken(
                reply: try await network.token(url, form: form, signature: nil), authType: authType, now: now)
        } catch let error as APIError {
            throw CredentialError.byServer(
                error, authType: authType, at: url,
                advice: "check azure_client_id, azure_client_secret and azure_tenant_id")
        }
    }
}

/// A service principal of Entra ID for which GitHub Actions vouches (`github-oidc-azure`).
struct AzureFederatedPrincipal: TokenSource {
    let voucher: Voucher
    let clientID: String
    let tenantID: String?
    let cloud: Azure.Cloud

    var authType: AuthType { .githubOIDCAzure }

    func fetch(_ network: CredentialNetwork, isForced: Bool, now: WallTime) async throws -> AccessToken {
        let assertion = try await voucher.token(for: "api://AzureADTokenExchange", network, authType)
        let tenant = if let tenantID { tenantID } else { try await Azure.tenant(network, authType) }
        let url = "\(cloud.login)/\(PercentEncoding.component(tenant))/oauth2/token"
        let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
        let form: [(name: String, value: Secret)] = [
            ("grant_type", Secret(unlisted: "client_credentials")), ("client_id", Secret(unlisted: clientID)),
            ("client_assertion_type", Secret(unlisted: kind)), ("client_assertion", assertion),
            ("resource", Secret(unlisted: Azure.databricks)),
        ]
        do {
            return try AccessToken(reply: try await network.token(url, form: form), authType: authType, now: now)
        } catch let error as APIError {
            throw CredentialError.byServer(
                error, authType: authType, at: url,
                advice: "check azure_client_id, and the federated credential of the application for this repository")
        }
    }
}

/// A person's login that the Azure CLI keeps (`azure-cli`).
struct AzureCLILogin: TokenSource {
    let program: String
    let environment: [String: String]
    let tenantID: String?
    let cloud: Azure.Cloud
    let resourceID: String?
    var limit: Duration = .seconds(60)

    var authType: AuthType { .azureCLI }

    func fetch(_ network: CredentialNetwork, isForced: Bool, now: WallTime) async throws -> AccessToken {
        var token = try await token(for: Azure.databricks, now)
        if let resourceID {
            let management = try await self.token(for: cloud.management, now)
            token.companions = Azure.companions(resourceID: resourceID, management: management)
        }
        return token
    }

    private func token(for resource: String, _ now: WallTime) async throws -> AccessToken {
        let tenant = tenantID.map { ["--tenant", $0] } ?? []
        let run = ExternalProgram(
            path: program,
            arguments: ["account", "get-access-token", "--resource", resource, "--output", "json"] + tenant,
            environment: environment, limit: limit)
        let json = try await run.json(authType: authType, name: "az account get-access-token") { errors in
            errors.contains("az login") ? "az login" + tenant.map { " \($0)" }.joined() : nil
        }
        return try AccessToken(reply: json, authType: authType, now: now)
    }
}
