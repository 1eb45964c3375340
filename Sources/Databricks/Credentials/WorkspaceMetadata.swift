import Results

/// What a host says of itself, to anybody, at `/.well-known/databricks-config`.
package struct WorkspaceMetadata: Sendable, Equatable {
    package let workspaceID: String?
    package let accountID: String?
    /// `aws`, `azure` or `gcp`.
    package let cloud: String?
    /// Where to sign in by OAuth; may contain `{account_id}`.
    package let oidcEndpoint: String?
    /// For whom the tokens of identity providers are to be (`token_federation_default_oidc_audiences`), the first of them.
    package let federationAudience: String?

    /// Reads the host's answer.
    init(_ json: JSONValue) {
        workspaceID = json.string("workspace_id")
        accountID = json.string("account_id")
        cloud = json.string("cloud")
        oidcEndpoint = json.string("oidc_endpoint")
        federationAudience = json.elements("token_federation_default_oidc_audiences").first?.text
    }
}
