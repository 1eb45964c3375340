import Results

/// What a host says of itself, to anybody, at `/.well-known/databricks-config`.
package struct WorkspaceMetadata: Sendable, Equatable {
    package let workspaceID: String?
    package let accountID: String?
    /// `aws`, `azure` or `gcp`.
    package let cloud: String?
    /// Where to sign in by OAuth; may contain `{account_id}`.
    package let oidcEndpoint: String?

    /// Reads the host's answer.
    init(_ json: JSONValue) {
        workspaceID = json.string("workspace_id")
        accountID = json.string("account_id")
        cloud = json.string("cloud")
        oidcEndpoint = json.string("oidc_endpoint")
    }
}
