import Databricks

/// Every way to be configured, and what comes of it.
extension AuthenticationTests {
    private static func principal(_ host: String, _ more: [String: String] = [:]) -> [String: String] {
        ["DATABRICKS_HOST": host, "DATABRICKS_CLIENT_ID": "id", "DATABRICKS_CLIENT_SECRET": "s3cret"].merging(more) {
            $1
        }
    }

    private static func azure(_ more: [String: String] = [:]) -> [String: String] {
        [
            "DATABRICKS_HOST": "adb-1.2.azuredatabricks.net", "ARM_CLIENT_ID": "app", "ARM_CLIENT_SECRET": "s3cret",
            "ARM_TENANT_ID": "tenant",
        ].merging(more) { $1 }
    }

    private static func arguments(_ change: (inout ConnectionArguments) -> Void) -> ConnectionArguments {
        var arguments = ConnectionArguments()
        change(&arguments)
        return arguments
    }

    private static let workspaceToken = "Bearer https://h.example/oidc/v1/token|id:s3cret|all-apis"

    static let servicePrincipals: [Case] = [
        Case(
            "in the environment", principal("h.example"), .signed(workspaceToken, type: "oauth-m2m", host: "h.example")),
        Case(
            "in a profile", file: "[sp]\nhost=h.example\nclient_id=id\nclient_secret=s3cret",
            arguments: .init(profile: "sp"), .signed(workspaceToken, type: "oauth-m2m", host: "h.example")),
        Case(
            "half in a profile, half in the environment",
            ["DATABRICKS_CONFIG_PROFILE": "sp", "DATABRICKS_CLIENT_SECRET": "s3cret"],
            file: "[sp]\nhost=h.example\nclient_id=id", .signed(workspaceToken, type: "oauth-m2m", host: "h.example")),
        Case(
            "typed in",
            arguments: arguments {
                $0.host = "h.example"
                $0.clientID = "id"
                $0.clientSecret = Secret("s3cret")
                $0.authType = "oauth-m2m"
            }, .signed(workspaceToken, type: "oauth-m2m", host: "h.example")),
        Case(
            "typed in beats a token of the environment", ["DATABRICKS_TOKEN": "dapi"],
            arguments: arguments {
                $0.host = "h.example"
                $0.clientID = "id"
                $0.clientSecret = Secret("s3cret")
                $0.authType = "oauth-m2m"
            }, .signed(workspaceToken, type: "oauth-m2m", host: "h.example")),
        Case(
            "scopes of a profile",
            file: "[DEFAULT]\nhost=h.example\nclient_id=id\nclient_secret=s3cret\nscopes=sql, clusters",
            .signed(
                "Bearer https://h.example/oidc/v1/token|id:s3cret|clusters sql", type: "oauth-m2m", host: "h.example")),
        Case(
            "scopes as arguments", principal("h.example"), arguments: arguments { $0.scopes = ["sql"] },
            .signed("Bearer https://h.example/oidc/v1/token|id:s3cret|sql", type: "oauth-m2m", host: "h.example")),
        Case(
            "a given token URL", principal("h.example"),
            arguments: arguments { $0.tokenURL = "https://login.example/token" },
            .signed("Bearer https://login.example/token|id:s3cret|all-apis", type: "oauth-m2m", host: "h.example")),
        Case(
            "a token URL in a profile",
            file: "[DEFAULT]\nhost=h.example\nclient_id=id\nclient_secret=s3cret\ndbsh_token_url=https://p.example/t",
            .signed("Bearer https://p.example/t|id:s3cret|all-apis", type: "oauth-m2m", host: "h.example")),
        Case(
            "a token URL in the environment", principal("h.example", ["DBSH_TOKEN_URL": "https://e.example/t"]),
            .signed("Bearer https://e.example/t|id:s3cret|all-apis", type: "oauth-m2m", host: "h.example")),
        Case(
            "a discovery URL", principal("h.example", ["DATABRICKS_DISCOVERY_URL": "https://other.example/disco"]),
            .signed("Bearer https://other.example/issued|id:s3cret|all-apis", type: "oauth-m2m", host: "h.example")),
        Case(
            "an accounts host", principal("accounts.cloud.example", ["DATABRICKS_ACCOUNT_ID": "acc"]),
            .signed(
                "Bearer https://accounts.cloud.example/oidc/accounts/acc/v1/token|id:s3cret|all-apis",
                type: "oauth-m2m", host: "accounts.cloud.example")),
        Case(
            "an accounts host without an account", principal("accounts.cloud.example"),
            .refused(["oauth-m2m needs account_id (DATABRICKS_ACCOUNT_ID)"])),
        Case(
            "an account id out of a pasted URL", principal("https://accounts.cloud.example/?account_id=acc"),
            .signed(
                "Bearer https://accounts.cloud.example/oidc/accounts/acc/v1/token|id:s3cret|all-apis",
                type: "oauth-m2m", host: "accounts.cloud.example")),
        Case(
            "a host that serves many accounts", principal("unified.example", ["DATABRICKS_ACCOUNT_ID": "acc"]),
            .signed(
                "Bearer https://unified.example/oidc/accounts/acc/v1/token|id:s3cret|all-apis", type: "oauth-m2m",
                host: "unified.example")),
        Case(
            "a host that answers no discovery: the classic address", principal("old.example"),
            .signed(
                "Bearer https://old.example/oidc/v1/token|id:s3cret|all-apis", type: "oauth-m2m", host: "old.example")),
        Case(
            "id and secret with special characters",
            ["DATABRICKS_HOST": "old.example", "DATABRICKS_CLIENT_ID": "i:d", "DATABRICKS_CLIENT_SECRET": "s%3/+é"],
            .signed(
                "Bearer https://old.example/oidc/v1/token|i%3Ad:s%253%2F%2B%C3%A9|all-apis", type: "oauth-m2m",
                host: "old.example")),
        Case(
            "an address without encryption, said by the host", principal("plain.example"),
            .refused(["wants the secret sent to http://plain.example/token, unencrypted"])),
        Case(
            "a refusal", principal("no.example"),
            .refused(["cannot sign in (oauth-m2m)", "https://no.example/oidc/v1/token", "invalid_client"])),
        Case(
            "an answer without a token", principal("empty.example"), .refused(["no access token in it"])),
        Case(
            "a secret missing", ["DATABRICKS_HOST": "h.example", "DATABRICKS_CLIENT_ID": "id"],
            .refused(["oauth-m2m needs client_secret (DATABRICKS_CLIENT_SECRET)"])),
        Case(
            "a token URL that is none", principal("h.example", ["DBSH_TOKEN_URL": "login.example"]),
            .refused(["login.example"])),
        Case(
            "a token and a service principal", principal("h.example", ["DATABRICKS_TOKEN": "dapi"]),
            .refused(["oauth and pat", "client_secret (DATABRICKS_CLIENT_SECRET)", "token (DATABRICKS_TOKEN)"])),
        Case(
            "auth_type decides for the principal",
            principal("h.example", ["DATABRICKS_TOKEN": "dapi", "DATABRICKS_AUTH_TYPE": "OAuth-M2M"]),
            .signed(workspaceToken, type: "oauth-m2m", host: "h.example")),
        Case(
            "auth_type decides for the token",
            principal("h.example", ["DATABRICKS_TOKEN": "dapi", "DATABRICKS_AUTH_TYPE": "pat"]),
            .signed("Bearer dapi", type: "pat", host: "h.example")),
    ]

    static let others: [Case] = [
        Case(
            "a personal access token",
            ["DATABRICKS_HOST": "https://h.example:443/sql?o=12", "DATABRICKS_TOKEN": "dapi"],
            .signed("Bearer dapi", type: "pat", host: "h.example")),
        Case(
            "user and password",
            ["DATABRICKS_HOST": "h.example", "DATABRICKS_USERNAME": "me", "DATABRICKS_PASSWORD": "s3cret"],
            .signed("Basic bWU6czNjcmV0", type: "basic", host: "h.example")),
        Case(
            "a user without a password", ["DATABRICKS_HOST": "h.example", "DATABRICKS_USERNAME": "me"],
            .refused(["basic needs password (DATABRICKS_PASSWORD)"])),
        Case(
            "azure-client-secret", azure(),
            .signed(
                "Bearer https://login.microsoftonline.com/tenant/oauth2/token|app:s3cret|\(azureResource)",
                type: "azure-client-secret", host: "adb-1.2.azuredatabricks.net")),
        Case(
            "azure-client-secret in another cloud", azure(["ARM_ENVIRONMENT": "usgovernment"]),
            .signed(
                "Bearer https://login.microsoftonline.us/tenant/oauth2/token|app:s3cret|\(azureResource)",
                type: "azure-client-secret", host: "adb-1.2.azuredatabricks.net")),
        Case(
            "azure-client-secret: the workspace names the tenant", azure(["ARM_TENANT_ID": ""]),
            .signed(
                "Bearer https://login.microsoftonline.com/told/oauth2/token|app:s3cret|\(azureResource)",
                type: "azure-client-secret", host: "adb-1.2.azuredatabricks.net")),
        Case(
            "azure-client-secret with the workspace's resource", azure(["DATABRICKS_AZURE_RESOURCE_ID": "/sub/1"]),
            .signed(
                "Bearer https://login.microsoftonline.com/tenant/oauth2/token|app:s3cret|\(azureResource)"
                    + " + https://login.microsoftonline.com/tenant/oauth2/token|app:s3cret|"
                    + "https://management.core.windows.net/ + /sub/1",
                type: "azure-client-secret", host: "adb-1.2.azuredatabricks.net")),
        Case("an Azure cloud that is none", azure(["ARM_ENVIRONMENT": "MARS"]), .refused(["azure_environment"])),
        Case(
            "azure-cli", ["DATABRICKS_HOST": "adb-1.2.azuredatabricks.net", "DATABRICKS_AUTH_TYPE": "azure-cli"],
            programs: ["az"],
            .signed(
                "Bearer az account get-access-token --resource \(azureResource) --output json", type: "azure-cli",
                host: "adb-1.2.azuredatabricks.net")),
        Case(
            "azure-cli with a tenant", ["DATABRICKS_HOST": "adb-1.2.azuredatabricks.net", "ARM_TENANT_ID": "tenant"],
            programs: ["az"],
            .signed(
                "Bearer az account get-access-token --resource \(azureResource) --output json --tenant tenant",
                type: "azure-cli", host: "adb-1.2.azuredatabricks.net")),
        Case(
            "a host of Azure's and nothing else", ["DATABRICKS_HOST": "adb-1.2.azuredatabricks.net"], programs: ["az"],
            .signed(
                "Bearer az account get-access-token --resource \(azureResource) --output json", type: "azure-cli",
                host: "adb-1.2.azuredatabricks.net")),
        Case(
            "azure-cli without az",
            ["DATABRICKS_HOST": "adb-1.2.azuredatabricks.net", "DATABRICKS_AUTH_TYPE": "azure-cli"],
            .refused(["az, the Azure CLI, is not on PATH"])),
        Case(
            "a host and nothing else: the Databricks CLI's login", ["DATABRICKS_HOST": "h.example"],
            programs: ["databricks"],
            .signed("Bearer databricks auth token --host https://h.example", type: "databricks-cli", host: "h.example")),
        Case(
            "a profile with a host alone", file: "[me]\nhost=h.example\n", arguments: .init(profile: "me"),
            programs: ["databricks"],
            .signed("Bearer databricks auth token --profile me", type: "databricks-cli", host: "h.example")),
        Case(
            "a profile that says databricks-cli", file: "[me]\nhost=h.example\nauth_type=databricks-cli\n",
            arguments: .init(profile: "me"), programs: ["databricks", "az"],
            .signed("Bearer databricks auth token --profile me", type: "databricks-cli", host: "h.example")),
        Case(
            "an account's login",
            ["DATABRICKS_HOST": "accounts.cloud.example", "DATABRICKS_ACCOUNT_ID": "acc"], programs: ["databricks"],
            .signed(
                "Bearer databricks auth token --host https://accounts.cloud.example --account-id acc",
                type: "databricks-cli", host: "accounts.cloud.example")),
        Case(
            "a short file called databricks is the old CLI", ["DATABRICKS_HOST": "h.example"],
            programs: ["old databricks"], .refused(["there is no way to sign in to https://h.example"])),
        Case(
            "not signed in at the Databricks CLI", ["DATABRICKS_HOST": "h.example", "STAND_IN": "not signed in"],
            programs: ["databricks"],
            .refused(["cannot sign in (databricks-cli)", "is not configured for this host", "status 1"])),
        Case(
            "the Databricks CLI prints something else", ["DATABRICKS_HOST": "h.example", "STAND_IN": "chatty"],
            programs: ["databricks"], .refused(["printed no JSON object"])),
        Case(
            "databricks-cli without the program",
            ["DATABRICKS_HOST": "h.example", "DATABRICKS_AUTH_TYPE": "databricks-cli"],
            .refused(["not signed in to https://h.example (databricks-cli)"])),
        Case(
            "external-browser before anybody has signed in",
            ["DATABRICKS_HOST": "h.example", "DATABRICKS_AUTH_TYPE": "external-browser"],
            .refused(["not signed in to https://h.example (external-browser)"])),
        Case(
            "a way that exists only inside a notebook",
            ["DATABRICKS_HOST": "h.example", "DATABRICKS_AUTH_TYPE": "runtime"],
            .refused(["auth type runtime is not for dbsh", "dbsh login"])),
        Case(
            "a way that nobody has", ["DATABRICKS_HOST": "h.example", "DATABRICKS_AUTH_TYPE": "magic"],
            .refused(["\"magic\" does not exist", "github-oidc"])),
    ]

    private static let azureResource = "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d"
}
