/// Which way of signing in is configured, and the credential for it.
extension ConnectionSearch {
    /// The one auth type that is asked for, or that the settings amount to, in the official SDKs' order.
    /// - Throws: `CredentialError`.
    func authType() throws -> AuthType {
        if let name = settings["auth_type"]?.lowercased() {
            if let type = AuthType(rawValue: name) { return type }
            guard let instead = AuthType.refused[name] else { throw CredentialError.unknownAuthType(name) }
            throw CredentialError.refused(authType: name, instead: instead)
        }
        let families = try families()
        switch families.first {
        case .pat: return .pat
        case .basic: return .basic
        case .metadataService: return .metadataService
        case .environmentOIDC: return .environmentOIDC
        case .fileOIDC: return .fileOIDC
        case .oauth:
            guard settings["client_secret"] == nil else { return .oauthM2M }
            // An id alone is a service principal for which somebody else vouches; without anybody the secret is missing.
            return vouchedFor ?? .oauthM2M
        case .azure: return azureType
        case .google: return settings["google_credentials"] != nil ? .googleCredentials : .googleID
        case nil: return environment[tokenVariable] != nil ? .environmentOIDC : try loginKeptByProgram()
        }
    }

    /// The ways of signing in that have settings. The id of a service principal is none by itself beside who vouches for it.
    /// - Throws: `CredentialError.conflict` when there is more than one.
    private func families() throws -> [Attribute.Family] {
        var families = settings.families
        if settings["client_secret"] == nil, families.contains(where: { [.environmentOIDC, .fileOIDC].contains($0) }) {
            families.removeAll { $0 == .oauth }
        }
        guard families.count > 1 else { return families }
        throw CredentialError.conflict(
            families: families.map(\.rawValue),
            origins: settings.origins(signingIn: true).map { "\($0.attribute) (\($0.source))" })
    }

    /// What vouches for a service principal here.
    private var vouchedFor: AuthType? {
        if environment[tokenVariable] != nil { return .environmentOIDC }
        if Voucher.github(environment) != nil { return .githubOIDC }
        return Voucher.azureDevOps(environment) != nil ? .azureDevOpsOIDC : nil
    }

    private var azureType: AuthType {
        if let useMSI = settings["azure_use_msi"]?.lowercased(), ["true", "1", "yes"].contains(useMSI) {
            return .azureMSI
        }
        if settings["azure_client_secret"] != nil { return .azureClientSecret }
        if settings["azure_client_id"] != nil, Voucher.github(environment) != nil { return .githubOIDCAzure }
        return .azureCLI
    }

    /// The variable that holds an identity token.
    var tokenVariable: String { settings["oidc_token_env"] ?? "DATABRICKS_OIDC_TOKEN" }

    /// With a host and nothing else: the login that a program on this machine keeps.
    private func loginKeptByProgram() throws -> AuthType {
        guard let host = settings["host"] else {
            throw CredentialError.nothingConfigured(
                explanation: aboutFile
                    + ". Set DATABRICKS_HOST and DATABRICKS_TOKEN, or write both into a profile "
                    + "and name it with --profile")
        }
        let url = try HostURL(host)
        if isKept(own, url) { return .externalBrowser }
        if settings["databricks_cli_path"] != nil || programs.databricks != nil || isKept(ofCLI, url) {
            return .databricksCLI
        }
        if host.contains(".azuredatabricks.net"), programs.find("az") != nil { return .azureCLI }
        throw CredentialError.notSignedIn(host: url.text, authType: nil, explanation: aboutFile)
    }

    /// The credential for an auth type.
    /// - Throws: `CredentialError.incomplete`.
    func credential(_ type: AuthType, host: HostURL) throws -> any Credential {
        switch type {
        case .pat:
            return PersonalAccessToken(Secret(try needed(["token"], type)[0]))
        case .basic:
            let pair = try needed(["username", "password"], type)
            return UserPassword(user: pair[0], password: Secret(pair[1]))
        case .oauthM2M:
            return TokenCredential(try servicePrincipal(host))
        case .azureClientSecret:
            let pair = try needed(["azure_client_id", "azure_client_secret"], type)
            return TokenCredential(
                AzureServicePrincipal(
                    clientID: pair[0], clientSecret: Secret(pair[1]), tenantID: settings["azure_tenant_id"],
                    cloud: try cloud(type), resourceID: settings["azure_workspace_resource_id"]))
        case .azureCLI:
            guard let program = programs.find("az") else { throw missingProgram(type, "az, the Azure CLI,") }
            return TokenCredential(
                AzureCLILogin(
                    program: program, environment: programs.withoutSecrets, tenantID: settings["azure_tenant_id"],
                    cloud: try cloud(type), resourceID: settings["azure_workspace_resource_id"]))
        case .azureMSI:
            return TokenCredential(
                AzureManagedIdentity(
                    clientID: settings["azure_client_id"], cloud: try cloud(type),
                    resourceID: settings["azure_workspace_resource_id"]))
        case .githubOIDCAzure:
            return TokenCredential(
                AzureFederatedPrincipal(
                    voucher: try github(type), clientID: try needed(["azure_client_id"], type)[0],
                    tenantID: settings["azure_tenant_id"], cloud: try cloud(type)))
        case .metadataService:
            return TokenCredential(MetadataService(url: try needed(["metadata_service_url"], type)[0]))
        case .environmentOIDC, .fileOIDC, .githubOIDC, .azureDevOpsOIDC:
            return TokenCredential(try workloadIdentity(type, host))
        case .googleCredentials:
            return TokenCredential(
                GoogleServiceAccount(key: try googleKey(try needed(["google_credentials"], type)[0], type)))
        case .googleID:
            return TokenCredential(
                GoogleImpersonation(
                    account: try needed(["google_service_account"], type)[0], actor: try googleActor(type)))
        case .externalBrowser:
            guard isKept(own, host) else { throw notSignedIn(type, host) }
            return TokenCredential(login(type, own, host))
        case .databricksCLI:
            return TokenCredential(try databricksCLI(type, host))
        }
    }

    /// A login of dbsh's own was asked for by somebody; else the Databricks CLI is asked, or without it, its file.
    private func databricksCLI(_ type: AuthType, _ host: HostURL) throws -> any TokenSource {
        if isKept(own, host) { return login(type, own, host) }
        if let program = settings["databricks_cli_path"] ?? programs.databricks {
            return DatabricksCLILogin(
                program: program, environment: programs.withoutSecrets, profile: profile, host: host.text,
                accountID: HostURL.isAccounts(host.text) ? accountID(host) : nil)
        }
        guard isKept(ofCLI, host) else { throw notSignedIn(type, host) }
        return login(type, ofCLI, host)
    }

    private var own: TokenCache { .own(environment, home: home) }
    private var ofCLI: TokenCache { .ofCLI(environment, home: home) }
    func accountID(_ host: HostURL) -> String? { settings["account_id"] ?? host.accountID }

    /// The names under which a login may be kept: the CLI has those of profiles too.
    private func names(in cache: TokenCache, _ host: HostURL) -> [String] {
        let key = TokenCache.key(host: host.text, accountID: accountID(host))
        return cache.path == own.path ? [key] : [profile, key].compactMap(\.self)
    }

    private func isKept(_ cache: TokenCache, _ host: HostURL) -> Bool {
        ((try? cache.login(names(in: cache, host))) ?? nil) != nil
    }

    private func login(_ type: AuthType, _ cache: TokenCache, _ host: HostURL) -> StoredLogin {
        StoredLogin(
            type, cache, keys: names(in: cache, host), clientID: loginClientID,
            place: .init(accountID: accountID(host), discoveryURL: settings["discovery_url"]))
    }

    /// The application that people sign in to.
    private var loginClientID: String { settings["client_id"] ?? BrowserLogin.publicClient }

    private func notSignedIn(_ type: AuthType, _ host: HostURL) -> CredentialError {
        .notSignedIn(host: host.text, authType: type, explanation: "")
    }

    /// In the SDKs' order, so that their token caches and dbsh ask for the same thing.
    var scopes: [String]? {
        let scopes = Set((settings["scopes"] ?? "").split { $0 == " " || $0 == "," }.map(String.init)).sorted()
        return scopes.isEmpty ? nil : scopes
    }

    private func servicePrincipal(_ host: HostURL) throws -> ServicePrincipal {
        let pair = try needed(["client_id", "client_secret"], .oauthM2M)
        var principal = ServicePrincipal(clientID: pair[0], clientSecret: Secret(pair[1]))
        if let scopes { principal.scopes = scopes }
        principal.tokenURL = settings["dbsh_token_url"]
        principal.discoveryURL = settings["discovery_url"]
        principal.accountID = accountID(host)
        if let url = principal.tokenURL, !url.hasPrefix("https://"), !url.hasPrefix("http://") {
            throw InvalidHost(text: Redaction.url(url))
        }
        return principal
    }

    private var programs: ProgramSearch { ProgramSearch(environment: environment) }

    private func cloud(_ type: AuthType) throws -> Azure.Cloud {
        guard let cloud = Azure.Cloud.named(settings["azure_environment"]) else {
            throw CredentialError.incomplete(
                authType: type, missing: ["azure_environment (ARM_ENVIRONMENT)"],
                explanation: "It is PUBLIC, USGOVERNMENT or CHINA")
        }
        return cloud
    }

    /// The values of settings that the auth type cannot do without.
    func needed(_ names: [String], _ type: AuthType) throws -> [String] {
        let missing = names.filter { settings[$0] == nil }
        guard missing.isEmpty else {
            throw CredentialError.incomplete(
                authType: type,
                missing: missing.map { name in
                    let variable = Attribute.all.first { $0.name == name }?.variables.first
                    return variable.map { "\(name) (\($0))" } ?? name
                }, explanation: aboutFile)
        }
        return names.compactMap { settings[$0] }
    }

    private func missingProgram(_ type: AuthType, _ what: String) -> CredentialError {
        .signInFailed(authType: type, message: "\(what) is not on PATH", advice: "install it, or sign in another way")
    }
}
