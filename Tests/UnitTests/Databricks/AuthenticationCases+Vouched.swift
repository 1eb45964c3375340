import Databricks

/// Programs for which somebody else vouches: what runs them, or the machine they run on. Nobody has a secret here.
extension AuthenticationTests {
    private static func at(_ more: [String: String]) -> [String: String] {
        ["DATABRICKS_HOST": "h.example"].merging(more) { $1 }
    }

    private static let inGitHub = [
        "ACTIONS_ID_TOKEN_REQUEST_URL": "https://github.example/token?v=1",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "s3cret-door",
    ]
    private static let inAzureDevOps = [
        "SYSTEM_ACCESSTOKEN": "s3cret-door", "SYSTEM_TEAMFOUNDATIONCOLLECTIONURI": "https://dev.azure.example/org/",
        "SYSTEM_TEAMPROJECTID": "p", "SYSTEM_HOSTTYPE": "build", "SYSTEM_PLANID": "plan", "SYSTEM_JOBID": "job",
    ]

    private static func exchanged(at host: String = "h.example", client: String = "id", _ subject: String) -> String {
        "Bearer https://\(host)/oidc/v1/token|\(client)|all-apis|jwt|\(subject)"
    }

    private static let endpoint = "https%3A%2F%2Fh.example%2Foidc%2Fv1%2Ftoken"
    private static let azureResource = "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d"

    static let vouched: [Case] = [
        Case(
            "github-oidc: the id of a service principal, and a job that may ask for tokens",
            at(inGitHub.merging(["DATABRICKS_CLIENT_ID": "id"]) { $1 }),
            .signed(
                exchanged("github|Bearer s3cret-door|v=1&audience=\(endpoint)"), type: "github-oidc", host: "h.example")
        ),
        Case(
            "github-oidc with an audience",
            at(inGitHub.merging(["DATABRICKS_CLIENT_ID": "id", "DATABRICKS_TOKEN_AUDIENCE": "a b"]) { $1 }),
            .signed(
                exchanged("github|Bearer s3cret-door|v=1&audience=a%20b"), type: "github-oidc", host: "h.example")),
        Case(
            "github-oidc: the host says which audience",
            ["DATABRICKS_HOST": "federated.example", "DATABRICKS_CLIENT_ID": "id"].merging(inGitHub) { $1 },
            .signed(
                exchanged(at: "federated.example", "github|Bearer s3cret-door|v=1&audience=told"), type: "github-oidc",
                host: "federated.example")),
        Case(
            "github-oidc for an account: its id is the audience",
            ["DATABRICKS_HOST": "accounts.cloud.example", "DATABRICKS_ACCOUNT_ID": "acc", "DATABRICKS_CLIENT_ID": "id"]
                .merging(inGitHub) { $1 },
            .signed(
                "Bearer https://accounts.cloud.example/oidc/accounts/acc/v1/token|id|all-apis|jwt|"
                    + "github|Bearer s3cret-door|v=1&audience=acc",
                type: "github-oidc", host: "accounts.cloud.example")),
        Case(
            "github-oidc asked for, for a whole account's policy",
            at(inGitHub.merging(["DATABRICKS_AUTH_TYPE": "github-oidc"]) { $1 }),
            .signed(
                exchanged(client: "-", "github|Bearer s3cret-door|v=1&audience=\(endpoint)"), type: "github-oidc",
                host: "h.example")),
        Case(
            "github-oidc elsewhere", at(["DATABRICKS_CLIENT_ID": "id", "DATABRICKS_AUTH_TYPE": "github-oidc"]),
            .refused(["github-oidc needs ACTIONS_ID_TOKEN_REQUEST_URL", "id-token: write"])),
        Case(
            "github-oidc where the job may not ask",
            at([
                "DATABRICKS_CLIENT_ID": "id", "ACTIONS_ID_TOKEN_REQUEST_URL": "https://mute.example/",
                "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "s3cret-door",
            ]), .refused(["cannot sign in (github-oidc)", "https://mute.example/", "status 404"])),
        Case(
            "azure-devops-oidc", at(inAzureDevOps.merging(["DATABRICKS_CLIENT_ID": "id"]) { $1 }),
            .signed(
                exchanged(
                    "devops|Bearer s3cret-door|org/p/_apis/distributedtask/hubs/build/plans/plan/jobs/job/oidctoken"
                        + "?api-version=7.2-preview.1"), type: "azure-devops-oidc", host: "h.example")),
        Case(
            "azure-devops-oidc without the token that the pipeline has to map",
            at(
                inAzureDevOps.merging([
                    "SYSTEM_ACCESSTOKEN": "", "DATABRICKS_CLIENT_ID": "id", "DATABRICKS_AUTH_TYPE": "azure-devops-oidc",
                ]) { $1 }), .refused(["azure-devops-oidc needs SYSTEM_ACCESSTOKEN", "mapped into the step's env"])),
        Case(
            "env-oidc", at(["DATABRICKS_OIDC_TOKEN": "s3cret-jwt", "DATABRICKS_CLIENT_ID": "id"]),
            .signed(exchanged("s3cret-jwt"), type: "env-oidc", host: "h.example")),
        Case(
            "env-oidc with nothing else: a policy of the whole account", at(["DATABRICKS_OIDC_TOKEN": "s3cret-jwt"]),
            programs: ["databricks"],
            .signed(exchanged(client: "-", "s3cret-jwt"), type: "env-oidc", host: "h.example")),
        Case(
            "env-oidc with a variable of one's own, in a profile", ["MY_JWT": "s3cret-jwt"],
            file: "[DEFAULT]\nhost=h.example\noidc_token_env=MY_JWT\nclient_id=id",
            .signed(exchanged("s3cret-jwt"), type: "env-oidc", host: "h.example")),
        Case(
            "env-oidc without the variable", at(["DATABRICKS_OIDC_TOKEN_ENV": "MY_JWT"]),
            .refused(["cannot sign in (env-oidc): MY_JWT is not set"])),
        Case(
            "env-oidc comes before github-oidc",
            at(inGitHub.merging(["DATABRICKS_CLIENT_ID": "id", "DATABRICKS_OIDC_TOKEN": "s3cret-jwt"]) { $1 }),
            .signed(exchanged("s3cret-jwt"), type: "env-oidc", host: "h.example")),
        Case(
            "a secret comes before github-oidc",
            at(inGitHub.merging(["DATABRICKS_CLIENT_ID": "id", "DATABRICKS_CLIENT_SECRET": "s3cret"]) { $1 }),
            .signed("Bearer https://h.example/oidc/v1/token|id:s3cret|all-apis", type: "oauth-m2m", host: "h.example")),
        Case(
            "file-oidc whose file is not there",
            at(["DATABRICKS_OIDC_TOKEN_FILEPATH": "/nonexistent", "DATABRICKS_CLIENT_ID": "id"]),
            .refused(["cannot sign in (file-oidc): /nonexistent cannot be read"])),
        Case(
            "file-oidc by the Go SDK's name", ["DATABRICKS_AUTH_TYPE": "file-oidc"],
            file: "[DEFAULT]\nhost=h.example\ndatabricks_id_token_filepath=/nonexistent",
            arguments: .init(profile: "DEFAULT"),
            .refused(["cannot sign in (file-oidc): /nonexistent cannot be read"])),
        Case(
            "github-oidc-azure",
            inGitHub.merging([
                "DATABRICKS_HOST": "adb-1.2.azuredatabricks.net", "ARM_CLIENT_ID": "app", "ARM_TENANT_ID": "t",
            ]) {
                $1
            },
            .signed(
                "Bearer https://login.microsoftonline.com/t/oauth2/token|app|\(azureResource)|jwt-bearer|"
                    + "github|Bearer s3cret-door|v=1&audience=api%3A%2F%2FAzureADTokenExchange",
                type: "github-oidc-azure", host: "adb-1.2.azuredatabricks.net")),
        Case(
            "azure-msi",
            ["DATABRICKS_HOST": "adb-1.2.azuredatabricks.net", "ARM_USE_MSI": "true", "ARM_CLIENT_ID": "app"],
            .signed(
                "Bearer msi|\(azureResource)&client_id=app|true", type: "azure-msi", host: "adb-1.2.azuredatabricks.net"
            )),
        Case(
            "azure-msi with the workspace's resource",
            [
                "DATABRICKS_HOST": "adb-1.2.azuredatabricks.net", "ARM_USE_MSI": "true",
                "DATABRICKS_AZURE_RESOURCE_ID": "/sub/1",
            ],
            .signed(
                "Bearer msi|\(azureResource)|true + msi|https%3A%2F%2Fmanagement.core.windows.net%2F|true + /sub/1",
                type: "azure-msi", host: "adb-1.2.azuredatabricks.net")),
        Case(
            "a metadata service", at(["DATABRICKS_METADATA_SERVICE_URL": "http://localhost:9/tokens"]),
            .signed("Bearer local|1|https://h.example", type: "metadata-service", host: "h.example")),
        Case(
            "a metadata service elsewhere", at(["DATABRICKS_METADATA_SERVICE_URL": "http://evil.example/tokens"]),
            .refused(["cannot sign in (metadata-service)", "is not on this machine"])),
        Case(
            "google-id: a person may act for a service account",
            at(["DATABRICKS_GOOGLE_SERVICE_ACCOUNT": "sa@p.example", "GOOGLE_APPLICATION_CREDENTIALS": Self.person]),
            .signed(
                "Bearer id|sa%40p.example:generateIdToken|person + access|sa%40p.example:generateAccessToken|person",
                type: "google-id", host: "h.example")),
        Case(
            "google-id: the machine acts for it",
            at(["DATABRICKS_GOOGLE_SERVICE_ACCOUNT": "sa@p.example", "CLOUDSDK_CONFIG": "/nonexistent"]),
            .signed(
                "Bearer id|sa%40p.example:generateIdToken|machine + access|sa%40p.example:generateAccessToken|machine",
                type: "google-id", host: "h.example")),
        Case(
            "google-credentials that are none", at(["GOOGLE_CREDENTIALS": "s3cret"]),
            .refused(["cannot sign in (google-credentials)", "neither JSON nor a file of JSON"])),
        Case(
            "google-credentials of a person", at(["GOOGLE_CREDENTIALS": Self.person]),
            .refused(["cannot sign in (google-credentials)", "no key of a service account"])),
    ]

    /// What `gcloud auth application-default login` writes.
    private static let person =
        #"{"type":"authorized_user","client_id":"c","client_secret":"s3cret-c","refresh_token":"s3cret-refresh"}"#
}
