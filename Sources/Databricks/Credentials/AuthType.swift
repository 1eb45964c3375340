/// A way of signing in that dbsh has, by the name that the official SDKs give it in `auth_type` (API/README.md has the table).
package enum AuthType: String, Sendable, CaseIterable {
    case pat
    case basic
    case metadataService = "metadata-service"
    case oauthM2M = "oauth-m2m"
    case environmentOIDC = "env-oidc"
    case fileOIDC = "file-oidc"
    case githubOIDC = "github-oidc"
    case azureMSI = "azure-msi"
    case azureClientSecret = "azure-client-secret"
    case githubOIDCAzure = "github-oidc-azure"
    case azureCLI = "azure-cli"
    case azureDevOpsOIDC = "azure-devops-oidc"
    case externalBrowser = "external-browser"
    case databricksCLI = "databricks-cli"
    case googleCredentials = "google-credentials"
    case googleID = "google-id"

    /// The official SDKs' other ways, and what to use instead.
    static let refused: [String: String] = [
        "runtime": "it exists only inside a Databricks notebook or job; use a token (pat) or dbsh login there",
        "runtime-oauth": "it exists only inside a Databricks notebook or job; use oauth-m2m there",
        "model-serving": "it exists only inside a model that Databricks serves; use oauth-m2m there",
    ]
}

extension AuthType: CustomStringConvertible {
    package var description: String { rawValue }
}
