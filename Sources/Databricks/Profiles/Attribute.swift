/// A setting of a connection: its key in a profile, its variables, and the way of signing in that it belongs to.
///
/// The table is the official SDKs' (API/README.md), so that a machine that is set up for them is set up for dbsh.
struct Attribute: Sendable {
    /// Key in a profile.
    let name: String
    /// Environment variables, the first that is set counts.
    let variables: [String]
    /// Settings of more than one family in use at once are a conflict.
    let family: Family?

    /// Ways of signing in that share settings, by the official SDKs' names.
    enum Family: String, Sendable {
        case azure, basic, google, oauth, pat
        case metadataService = "metadata-service"
        case environmentOIDC = "env-oidc"
        case fileOIDC = "file-oidc"
    }

    init(_ name: String, _ variables: String..., family: Family? = nil) {
        self.name = name
        self.variables = variables
        self.family = family
    }

    /// Every attribute, in the official order.
    static let all: [Attribute] = [
        Attribute("host", "DATABRICKS_HOST"),
        Attribute("account_id", "DATABRICKS_ACCOUNT_ID"),
        Attribute("workspace_id", "DATABRICKS_WORKSPACE_ID"),
        Attribute("token", "DATABRICKS_TOKEN", family: .pat),
        Attribute("audience", "DATABRICKS_TOKEN_AUDIENCE"),
        Attribute("token_audience"),
        Attribute("oidc_token_env", "DATABRICKS_OIDC_TOKEN_ENV", family: .environmentOIDC),
        Attribute(
            "oidc_token_filepath", "DATABRICKS_OIDC_TOKEN_FILEPATH", "DATABRICKS_OIDC_TOKEN_FILE", family: .fileOIDC),
        // The Go SDK's name for it.
        Attribute("databricks_id_token_filepath", family: .fileOIDC),
        Attribute("username", "DATABRICKS_USERNAME", family: .basic),
        Attribute("password", "DATABRICKS_PASSWORD", family: .basic),
        Attribute("client_id", "DATABRICKS_CLIENT_ID", family: .oauth),
        Attribute("client_secret", "DATABRICKS_CLIENT_SECRET", family: .oauth),
        Attribute("metadata_service_url", "DATABRICKS_METADATA_SERVICE_URL", family: .metadataService),
        Attribute("google_service_account", "DATABRICKS_GOOGLE_SERVICE_ACCOUNT", family: .google),
        Attribute("google_credentials", "GOOGLE_CREDENTIALS", family: .google),
        Attribute("azure_workspace_resource_id", "DATABRICKS_AZURE_RESOURCE_ID", family: .azure),
        Attribute("azure_use_msi", "ARM_USE_MSI", family: .azure),
        Attribute("azure_client_secret", "ARM_CLIENT_SECRET", family: .azure),
        Attribute("azure_client_id", "ARM_CLIENT_ID", family: .azure),
        Attribute("azure_tenant_id", "ARM_TENANT_ID", family: .azure),
        Attribute("azure_environment", "ARM_ENVIRONMENT"),
        Attribute("auth_type", "DATABRICKS_AUTH_TYPE"),
        Attribute("cluster_id", "DATABRICKS_CLUSTER_ID"),
        Attribute("warehouse_id", "DATABRICKS_WAREHOUSE_ID"),
        Attribute("serverless_compute_id", "DATABRICKS_SERVERLESS_COMPUTE_ID"),
        Attribute("databricks_cli_path", "DATABRICKS_CLI_PATH"),
        Attribute("discovery_url", "DATABRICKS_DISCOVERY_URL"),
        Attribute("oauth_callback_port", "DATABRICKS_OAUTH_CALLBACK_PORT"),
        // Without a variable, as in the SDKs.
        Attribute("scopes"),
        // dbsh's own: where a service principal signs in, when nobody says it.
        Attribute("dbsh_token_url", "DBSH_TOKEN_URL"),
        // dbsh's own: refuse what writes.
        Attribute("dbsh_read_only", "DBSH_READ_ONLY"),
        Attribute("dbsh_staging_volume", "DBSH_STAGING_VOLUME"),
        // dbsh's own: the colour of the prompt.
        Attribute("dbsh_prompt_color", "DBSH_PROMPT_COLOR"),
        // dbsh's own: tags that statements are sent with.
        Attribute("dbsh_query_tags", "DBSH_QUERY_TAGS"),
    ]

    /// Whether its value is a secret, and not only something about one, as a token's URL is.
    var isSecret: Bool {
        [
            "token", "password", "client_secret", "google_credentials", "azure_client_secret", "metadata_service_url",
        ].contains(name)
    }

    /// Those that say where to work. They are no credentials: the environment's win over a profile that was asked for.
    static let workplace: Set<String> = ["cluster_id", "warehouse_id", "serverless_compute_id"]
}

/// The settings found so far. Each source fills only what is still empty.
struct Settings {
    private var found: [String: (value: String, source: String)] = [:]

    subscript(_ name: String) -> String? { found[name]?.value }

    func source(of name: String) -> String? { found[name]?.source }

    mutating func fill(_ name: String, _ value: String?, from source: String) {
        guard let value, !value.isEmpty, found[name] == nil else { return }
        found[name] = (value, source)
    }

    mutating func fill(from environment: [String: String], only names: Set<String>? = nil) {
        for attribute in Attribute.all where names?.contains(attribute.name) ?? true {
            for variable in attribute.variables {
                fill(attribute.name, environment[variable], from: variable)
            }
        }
    }

    mutating func fill(from profile: ConfigurationFile.Profile) {
        for attribute in Attribute.all {
            fill(attribute.name, profile[attribute.name], from: "profile \(profile.name)")
        }
    }

    /// The families that have at least one setting, sorted by name.
    var families: [Attribute.Family] {
        Set(Attribute.all.filter { found[$0.name] != nil }.compactMap(\.family)).sorted { $0.rawValue < $1.rawValue }
    }

    /// Name and source of each setting, in the table's order; only those with a family when `signingIn`.
    func origins(signingIn: Bool = false) -> [(attribute: String, source: String)] {
        Attribute.all.compactMap { attribute in
            guard let source = source(of: attribute.name), !signingIn || attribute.family != nil else { return nil }
            return (attribute.name, source)
        }
    }
}
