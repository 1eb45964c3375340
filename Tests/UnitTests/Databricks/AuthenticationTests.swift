import Databricks
import Glibc
import Support
import Testing

/// What is configured, and what a request is signed with because of it: environment × profile file × arguments.
///
/// Token servers and the programs that keep logins are stand-ins that put what they were asked into the token they give.
@Suite(.timeLimit(.minutes(10)))
struct AuthenticationTests {
    /// The signature of the first request, or what the refusal says.
    enum Outcome: Sendable {
        case signed(String, type: String, host: String)
        case refused([String])
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var environment: [String: String] = [:]
        var file = ""
        var arguments = ConnectionArguments()
        /// Programs on PATH.
        var programs: [String] = []
        let outcome: Outcome

        init(
            _ testDescription: String, _ environment: [String: String] = [:], file: String = "",
            arguments: ConnectionArguments = .init(), programs: [String] = [], _ outcome: Outcome
        ) {
            self.testDescription = testDescription
            self.environment = environment
            self.file = file
            self.arguments = arguments
            self.programs = programs
            self.outcome = outcome
        }
    }

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
            .refused(["wants the client secret sent to http://plain.example/token, unencrypted"])),
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
            programs: ["old databricks"], .refused(["no way to sign in"])),
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
            .refused(["the Databricks CLI (0.207.1 or later), is not on PATH"])),
        Case(
            "Google's credentials", ["DATABRICKS_HOST": "h.example", "GOOGLE_CREDENTIALS": "s3cret"],
            .refused(["not yet supported", "google-credentials"])),
        Case(
            "a metadata service", ["DATABRICKS_HOST": "h.example", "DATABRICKS_METADATA_SERVICE_URL": "http://x"],
            .refused(["not yet supported", "metadata-service"])),
    ]

    private static let azureResource = "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d"

    @Test(arguments: servicePrincipals + others)
    func signs(_ expected: Case) async throws {
        let file = try TemporaryFile(expected.file)
        let programs = try StandInPrograms(expected.programs)
        var environment = expected.environment
        environment["DATABRICKS_CONFIG_FILE"] = file.path
        environment["PATH"] = programs.path
        let transport = ScriptedTransport { TokenServer.answer($0.request) }
        do {
            let connection = try ConnectionResolver.resolve(
                expected.arguments, environment: environment, home: "/nonexistent")
            let client = Client(connection: connection, transport: transport, version: "1", clock: ManualClock())
            _ = try await client.currentUser.me()
            guard case .signed(let signature, let type, let host) = expected.outcome else {
                Issue.record("it signs in")
                return
            }
            let sent = try #require(transport.sent.entries.last)
            let values = sent.request.secretHeaders.map { $0.value.reveal() }
            #expect(values.joined(separator: " + ") == signature)
            #expect(connection.authType == type)
            #expect(sent.header("User-Agent") == "dbsh/1 os/linux auth/\(type)")
            #expect(connection.host == "https://\(host)")
            #expect(sent.request.url == "https://\(host)/api/2.0/preview/scim/v2/Me")
        } catch {
            guard case .refused(let words) = expected.outcome else { throw error }
            for text in words { #expect("\(error)".contains(text), "\(error)") }
            #expect(!"\(error)".contains("s3cret"))
            #expect(error is CredentialError || error is ProfileError)
        }
    }
}

/// A token server for every host: the token it gives out says where and with what it was asked for.
enum TokenServer {
    static func answer(_ request: HTTPRequest) -> HTTPResponse {
        let url = request.url
        let host = url.split(separator: "/")[1]
        switch true {
        case url.hasSuffix("/api/2.0/preview/scim/v2/Me"): return .json(#"{"userName":"me"}"#)
        case url == "https://unified.example/.well-known/databricks-config":
            return .json(#"{"oidc_endpoint":"https://unified.example/oidc/accounts/{account_id}"}"#)
        case url == "https://plain.example/oidc/.well-known/oauth-authorization-server":
            return .json(#"{"token_endpoint":"http://plain.example/token"}"#)
        case url == "https://other.example/disco":
            return .json(#"{"token_endpoint":"https://other.example/issued"}"#)
        case host != "old.example" && url.hasSuffix("/.well-known/oauth-authorization-server"):
            let issuer = url.split(separator: "/.well-known")[0]
            return .json(#"{"token_endpoint":"\#(issuer)/v1/token"}"#)
        case url.hasSuffix("/aad/auth"):
            return .text(
                "", type: "text/html", status: 302,
                ("Location", "https://login.microsoftonline.com/told/oauth2/authorize?client_id=1"))
        case request.method == "POST" && host == "no.example":
            return .json(
                #"{"error":"invalid_client","error_description":"Client authentication failed"}"#, status: 401)
        case request.method == "POST" && host == "empty.example": return .json("{}")
        case request.method == "POST": return token(request)
        default: return .text("<html>nothing here</html>", type: "text/html", status: 404)
        }
    }

    private static func token(_ request: HTTPRequest) -> HTTPResponse {
        guard case .bytes(let body) = request.body else { return .json("{}", status: 400) }
        var form: [String: String] = [:]
        for pair in String(decoding: body, as: UTF8.self).split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1)
            form[String(parts[0])] = parts.count > 1 ? decoded(parts[1]) : ""
        }
        let basic = request.secretHeaders.first.map { base64(String($0.value.reveal().dropFirst("Basic ".count))) }
        let client = basic ?? "\(form["client_id"] ?? ""):\(form["client_secret"] ?? "")"
        let scope = form["scope"] ?? form["resource"] ?? ""
        return .json(
            #"{"access_token":"\#(request.url)|\#(client)|\#(scope)","token_type":"bearer","expires_in":"3600"}"#)
    }

    private static func decoded(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            if byte == UInt8(ascii: "%"), let code = UInt8(digits, radix: 16) {
                bytes.append(code)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Decodes base 64, digit by digit.
    static func base64(_ text: String) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        var bits = 0
        var count = 0
        var bytes: [UInt8] = []
        for character in text where character != "=" {
            guard let digit = alphabet.firstIndex(of: character) else { return "not base 64" }
            bits = bits << 6 | digit
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(bits >> count & 255))
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// A directory of programs that stand in for the Databricks and the Azure CLI: the token they print is their command line.
final class StandInPrograms: Sendable {
    private let directory: ScratchDirectory
    /// For PATH.
    var path: String { directory.path + ":/usr/bin:/bin" }

    init(_ names: [String]) throws {
        directory = try ScratchDirectory()
        for name in names {
            let file = name.split(separator: " ").last.map(String.init) ?? name
            var text = """
                #!/bin/sh
                echo "$0 $*" >> "${0%/*}/log"
                env >> "${0%/*}/log"
                case "$STAND_IN" in
                'not signed in') echo "databricks OAuth is not configured for this host" >&2; exit 1 ;;
                chatty) echo "Hello!"; exit 0 ;;
                hangs) sleep 600 & sleep 600 ;;
                floods) yes ;;
                esac
                key=access_token; [ "${0##*/}" = az ] && key=accessToken
                printf '{"%s":"%s","token_type":"Bearer","expires_in":3600,"expires_on":%s}' \\
                    "$key" "${0##*/} $*" "$(($(date +%s) + 3600))"
                exit 0

                """
            // The size is what tells the modern Databricks CLI from the old one.
            if name == "databricks" { text += String(repeating: "#", count: 1 << 20) }
            try directory.write(text, to: file)
            chmod(directory.path(file), 0o755)
        }
    }

    /// Command lines and environments of what ran.
    var log: String { directory.contents("log") ?? "" }

    func path(of name: String) -> String { directory.path(name) }
}
