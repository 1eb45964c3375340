import Databricks
import Glibc
import Results
import Support
import Testing

/// How the official SDK for Python signs in, and how dbsh does, for the cases of the SDK's own tests and for those without secrets: both
/// are asked, and differ only where it says why.
@Suite(.timeLimit(.minutes(10)))
struct SDKAuthenticationTests {
    /// How a connection would be signed in; nil: not at all.
    typealias Way = String?

    struct Case {
        let name: String
        var environment: [String: String] = [:]
        var file: String?
        var arguments: [String: String] = [:]
        var programs = ""
        /// Where dbsh does something else: what, and why.
        var otherwise: (Way, why: String)?
    }

    private static let profiles = """
        [DEFAULT]
        host = https://dbc-1.cloud.databricks.com/
        token = default-token
        [nohost]
        token = nohost-token
        [pat.with.dot]
        host = https://dbc-1.cloud.databricks.com/
        token = dotted-token
        """
    private static let azureProfiles = "[justhost]\nhost = https://adb-1.4.azuredatabricks.net/\n"
    private static let azureHost = "https://adb-1.4.azuredatabricks.net"
    private static let fromTheRefusal = "dbsh takes what the SDK's own message asks for"

    /// The names are those of the SDK's tests.
    static let theirs = [
        Case(name: "no params"),
        Case(name: "host env", environment: ["DATABRICKS_HOST": "x"]),
        Case(name: "token env", environment: ["DATABRICKS_TOKEN": "x"]),
        Case(name: "host token env", environment: ["DATABRICKS_HOST": "x", "DATABRICKS_TOKEN": "x"]),
        Case(name: "host param token env", environment: ["DATABRICKS_TOKEN": "x"], arguments: ["host": "https://x"]),
        Case(name: "user password env", environment: ["DATABRICKS_USERNAME": "x", "DATABRICKS_PASSWORD": "x"]),
        Case(
            name: "basic auth",
            environment: ["DATABRICKS_HOST": "x", "DATABRICKS_USERNAME": "x", "DATABRICKS_PASSWORD": "x"]),
        Case(
            name: "attribute precedence",
            environment: ["DATABRICKS_HOST": "x", "DATABRICKS_USERNAME": "x", "DATABRICKS_PASSWORD": "x"],
            arguments: ["host": "y"]),
        Case(
            name: "conflicting envs",
            environment: [
                "DATABRICKS_HOST": "x", "DATABRICKS_TOKEN": "x", "DATABRICKS_USERNAME": "x", "DATABRICKS_PASSWORD": "x",
            ]),
        Case(
            name: "conflicting envs auth type",
            environment: [
                "DATABRICKS_HOST": "x", "DATABRICKS_TOKEN": "x", "DATABRICKS_USERNAME": "x", "DATABRICKS_PASSWORD": "x",
            ], arguments: ["auth_type": "basic"]),
        Case(name: "config file", environment: ["DATABRICKS_CONFIG_FILE": "x"]),
        Case(name: "config file skip default profile if host specified", file: profiles, arguments: ["host": "x"]),
        Case(
            name: "config file with empty default profile select default",
            file: "[DEFAULT]\n[abc]\nhost = https://foo\ntoken = xyz\n"),
        Case(
            name: "config file with empty default profile select abc",
            environment: ["DATABRICKS_CONFIG_PROFILE": "abc"],
            file: "[DEFAULT]\n[abc]\nhost  = https://foo\ntoken = xyz\n"),
        Case(name: "pat from databricks cfg", file: profiles),
        Case(
            name: "pat from databricks cfg dot profile", environment: ["DATABRICKS_CONFIG_PROFILE": "pat.with.dot"],
            file: profiles),
        Case(
            name: "pat from databricks cfg nohost profile", environment: ["DATABRICKS_CONFIG_PROFILE": "nohost"],
            file: profiles),
        Case(
            name: "config profile and token",
            environment: ["DATABRICKS_CONFIG_PROFILE": "nohost", "DATABRICKS_TOKEN": "x"], file: profiles),
        Case(
            name: "config profile and password",
            environment: ["DATABRICKS_CONFIG_PROFILE": "nohost", "DATABRICKS_USERNAME": "x"], file: profiles),
        Case(name: "azure pat", arguments: ["host": azureHost + "/", "token": "y"]),
        Case(
            name: "azure cli host", environment: ["DATABRICKS_AZURE_RESOURCE_ID": "/sub/rg/ws"],
            arguments: ["host": azureHost], programs: "az"),
        Case(
            name: "azure cli host fail", environment: ["DATABRICKS_AZURE_RESOURCE_ID": "/sub/rg/ws", "FAIL": "yes"],
            programs: "az"),
        Case(name: "azure cli host az not installed", environment: ["DATABRICKS_AZURE_RESOURCE_ID": "/sub/rg/ws"]),
        Case(
            name: "azure cli host pat conflict",
            environment: ["DATABRICKS_AZURE_RESOURCE_ID": "/sub/rg/ws", "DATABRICKS_TOKEN": "x"], file: azureProfiles,
            programs: "az"),
        Case(
            name: "azure cli host and resource id configuration precedence",
            environment: ["DATABRICKS_AZURE_RESOURCE_ID": "/sub/rg/ws", "DATABRICKS_CONFIG_PROFILE": "justhost"],
            file: azureProfiles, arguments: ["host": azureHost], programs: "az"),
        Case(
            name: "azure and password conflict",
            environment: ["DATABRICKS_AZURE_RESOURCE_ID": "/sub/rg/ws", "DATABRICKS_USERNAME": "x"],
            arguments: ["host": azureHost], programs: "az"),
        Case(
            name: "corrupt config", environment: ["DATABRICKS_CONFIG_PROFILE": "DEFAULT"],
            file: "[nohost]\ntoken = x\n[notoken]\nhost = x\n"),
        Case(
            name: "auth type from env",
            environment: [
                "DATABRICKS_AUTH_TYPE": "basic", "DATABRICKS_USERNAME": "x", "DATABRICKS_PASSWORD": "x",
                "DATABRICKS_TOKEN": "x",
            ], arguments: ["host": "x"]),
    ]

    private static let github = [
        "ACTIONS_ID_TOKEN_REQUEST_URL": "https://github.example/token?v=1", "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "door",
    ]
    private static let devops = [
        "SYSTEM_ACCESSTOKEN": "door", "SYSTEM_TEAMFOUNDATIONCOLLECTIONURI": "https://dev.azure.example/org/",
        "SYSTEM_TEAMPROJECTID": "p", "SYSTEM_HOSTTYPE": "build", "SYSTEM_PLANID": "plan", "SYSTEM_JOBID": "job",
    ]

    private static func at(_ environments: [String: String]...) -> [String: String] {
        environments.reduce(["DATABRICKS_HOST": "https://x"]) { $0.merging($1) { $1 } }
    }
    private static let principal = ["DATABRICKS_CLIENT_ID": "id"]
    private static let secret = ["DATABRICKS_CLIENT_ID": "id", "DATABRICKS_CLIENT_SECRET": "s"]
    private static let metadata = ["DATABRICKS_METADATA_SERVICE_URL": "http://localhost:9/t"]

    static let ours = [
        Case(name: "m2m", environment: at(secret)),
        Case(name: "an id alone", environment: at(principal)),
        Case(name: "metadata service", environment: at(metadata)),
        Case(name: "metadata service and a token", environment: at(metadata, ["DATABRICKS_TOKEN": "x"])),
        Case(name: "github", environment: at(principal, github)),
        Case(name: "github and a secret", environment: at(secret, github)),
        Case(name: "github without an id", environment: at(github)),
        Case(
            name: "github asked for without an id", environment: at(github), arguments: ["auth_type": "github-oidc"],
            otherwise: ("github-oidc", "a policy of the whole account needs no id; the Go SDK allows it")),
        Case(name: "github and env-oidc", environment: at(principal, github, ["DATABRICKS_OIDC_TOKEN": "jwt"])),
        Case(name: "azure devops", environment: at(principal, devops)),
        Case(name: "azure devops and github", environment: at(principal, devops, github)),
        Case(name: "env-oidc", environment: at(["DATABRICKS_OIDC_TOKEN": "jwt"])),
        Case(
            name: "env-oidc by a name", environment: at(["DATABRICKS_OIDC_TOKEN_ENV": "MINE", "MINE": "jwt"])),
        Case(
            name: "env-oidc by a name, and an id",
            environment: at(principal, ["DATABRICKS_OIDC_TOKEN_ENV": "MINE", "MINE": "jwt"]),
            otherwise: ("env-oidc", "an id is no way to sign in by itself, so nothing contradicts")),
        Case(name: "file-oidc", environment: at(["DATABRICKS_OIDC_TOKEN_FILEPATH": "/proc/version"])),
        Case(name: "file-oidc by its older name", environment: at(["DATABRICKS_OIDC_TOKEN_FILE": "/proc/version"])),
        Case(
            name: "file-oidc and an id",
            environment: at(principal, ["DATABRICKS_OIDC_TOKEN_FILEPATH": "/proc/version"]),
            otherwise: ("file-oidc", "an id is no way to sign in by itself, so nothing contradicts")),
        Case(
            name: "file-oidc and a secret", environment: at(secret, ["DATABRICKS_OIDC_TOKEN_FILEPATH": "/proc/version"])
        ),
        Case(
            name: "github for azure",
            environment: at(github, ["DATABRICKS_HOST": azureHost, "ARM_CLIENT_ID": "app", "ARM_TENANT_ID": "t"])),
        Case(
            name: "a secret for azure",
            environment: at(
                github,
                ["DATABRICKS_HOST": azureHost, "ARM_CLIENT_ID": "app", "ARM_CLIENT_SECRET": "s", "ARM_TENANT_ID": "t"])),
        Case(
            name: "a managed identity", environment: at(["ARM_USE_MSI": "true"]), programs: "az",
            otherwise: ("azure-msi", "the SDK for Python has no azure-msi; the one for Go does")),
        Case(name: "google-id", environment: at(["DATABRICKS_GOOGLE_SERVICE_ACCOUNT": "sa@p"])),
        Case(
            name: "runtime outside of a notebook", environment: at([:]), arguments: ["auth_type": "runtime"]),
        Case(name: "a type that nobody has", environment: at([:]), arguments: ["auth_type": "magic"]),
        Case(name: "the databricks CLI", environment: at([:]), programs: "databricks"),
        Case(
            name: "the databricks CLI and env-oidc", environment: at(["DATABRICKS_OIDC_TOKEN": "jwt"]),
            programs: "databricks"),
    ]

    @Test func theSDKAndDbshSignInTheSameWay() async throws {
        let cases = Self.theirs + Self.ours
        let scratch = try ScratchDirectory()
        let environments = try cases.enumerated().map { try environment($1, scratch, number: $0) }
        let sdk = try await sdk(zip(cases, environments).map { ($0, $1) }, scratch)
        try #require(sdk.count == cases.count)
        var differences = 0
        for (index, example) in cases.enumerated() {
            let (way, host, words) = dbsh(example, environments[index])
            let theirs: (Way, String?) = (sdk[index]["type"]?.text, sdk[index]["host"]?.text)
            let refusal = sdk[index]["refusal"]?.text ?? ""
            if let otherwise = example.otherwise {
                differences += 1
                #expect(way == otherwise.0, "\(example.name): \(words)")
                // An explanation of a difference that is none any more.
                #expect(way != theirs.0, "\(example.name): \(refusal)")
            } else {
                #expect(way == theirs.0, "\(example.name): dbsh \(words), SDK \(refusal)")
                #expect(host == theirs.1 || way == nil, "\(example.name)")
            }
        }
        #expect(differences == 4)
    }

    private func environment(_ example: Case, _ scratch: ScratchDirectory, number: Int) throws -> [String: String] {
        let home = scratch.path("\(number)")
        try #require(mkdir(home, 0o700) == 0)
        if let file = example.file { try scratch.write(file, to: "\(number)/.databrickscfg") }
        var environment = example.environment
        environment["HOME"] = home
        environment["PATH"] = home + ":/usr/bin:/bin"
        if !example.programs.isEmpty { try program(example.programs, scratch, "\(number)/\(example.programs)") }
        return environment
    }

    /// Stands in for the Azure or the Databricks CLI.
    private func program(_ name: String, _ scratch: ScratchDirectory, _ file: String) throws {
        var text = """
            #!/bin/sh
            [ -n "$FAIL" ] && { echo "not signed in" >&2; exit 1; }
            case "$1" in version) printf '{"Major":0,"Minor":300,"Patch":0}'; exit 0 ;; esac
            printf '{"accessToken":"x.eyJ1cG4iOiJtZSJ9.x","access_token":"x","tokenType":"Bearer","token_type":"Bearer",'
            printf '"expiresOn":"2999-01-01 00:00:00.000000","expiry":"2999-01-01T00:00:00Z"}'
            exit 0

            """
        // The size is what tells the modern Databricks CLI from the old one.
        if name == "databricks" { text += String(repeating: "#", count: 1 << 20) }
        try scratch.write(text, to: file)
        chmod(scratch.path(file), 0o755)
    }

    private func dbsh(_ example: Case, _ environment: [String: String]) -> (Way, String?, String) {
        var arguments = ConnectionArguments(host: example.arguments["host"], authType: example.arguments["auth_type"])
        arguments.token = example.arguments["token"].map { Secret($0) }
        do {
            let connection = try ConnectionResolver.resolve(
                arguments, environment: environment, home: environment["HOME"] ?? "")
            return (connection.authType.rawValue, connection.host, "")
        } catch { return (nil, nil, "\(error)") }
    }

    private func sdk(
        _ cases: [(Case, [String: String])], _ scratch: ScratchDirectory
    ) async throws -> [JSONValue] {
        func object(_ values: [String: String]) -> JSONValue { .object(values.map { .init($0, .string($1)) }) }
        let input = JSONValue.array(
            cases.map { example, environment in
                .object([.init("environment", object(environment)), .init("arguments", object(example.arguments))])
            })
        try scratch.write(input.serialized(), to: "cases.json")
        let python = try #require(getenv("DBSH_TEST_PYTHON"), "scripts/setup tests makes it")
        let folder = #filePath.split(separator: "/").dropLast(2).reduce("") { $0 + "/" + $1 }
        let run = try await ShellCommand(
            "\(String(cString: python)) \(folder)/Resources/sdk_auth.py < cases.json", in: scratch.path
        ).run()
        try #require(run.status == 0, "\(run.errors)")
        return try JSONValue.parse(run.output).elements ?? []
    }
}
