/// A way of signing in that dbsh has, by the name that the official SDKs give it in `auth_type`.
package enum AuthType: String, Sendable, CaseIterable {
    case pat
    case oauthM2M = "oauth-m2m"
    case externalBrowser = "external-browser"
    case databricksCLI = "databricks-cli"
    case azureCLI = "azure-cli"
    case azureClientSecret = "azure-client-secret"
    case basic

    /// Names of the official SDKs' other ways.
    static let notYetSupported: Set<String> = [
        "metadata-service", "github-oidc", "azure-devops-oidc", "env-oidc", "file-oidc", "github-oidc-azure",
        "azure-msi", "google-credentials", "google-id", "runtime", "runtime-oauth",
        "model-serving",
    ]
}

extension AuthType: CustomStringConvertible {
    package var description: String { rawValue }
}
