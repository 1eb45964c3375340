import Databricks
import Support
import Testing

/// Which workspace, as whom: arguments × environment × profile file.
struct ConnectionResolverTests {
    static let file = """
        [DEFAULT]
        host = https://default.example
        token = dapi-default

        [dev]
        host = https://dev.example/?o=77
        token = dapi-dev
        cluster_id = c-dev
        warehouse_id = w-dev

        [hostonly]
        host = https://hostonly.example

        [m2m]
        host = https://m2m.example
        client_id = id
        client_secret = s3cret

        [typed]
        host = https://typed.example
        token = dapi-typed
        client_id = id
        client_secret = s3cret
        auth_type = pat

        [twin1]
        host = https://twin.example
        token = dapi-1

        [twin2]
        host = twin.example/
        token = dapi-2

        [less]
        host = https://less.example
        token = dapi-less
        serverless_compute_id = auto
        """

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var arguments = ConnectionArguments()
        var environment: [String: String] = [:]
        var file = ConnectionResolverTests.file
        let host: String
        let token: String
        var profile: String?
        var cluster: String?
        var warehouse: String?
        var workspace: String?
        var isServerless = false
    }

    private static func choosing(_ profile: String) -> ConnectionArguments {
        var arguments = ConnectionArguments(profile: profile)
        arguments.choosesCompute = true
        return arguments
    }

    static let found: [Case] = [
        Case(
            testDescription: "nothing said: the DEFAULT profile", host: "default", token: "dapi-default",
            profile: "DEFAULT"),
        Case(
            testDescription: "environment alone",
            environment: ["DATABRICKS_HOST": "env.example", "DATABRICKS_TOKEN": "t"],
            host: "env", token: "t"),
        Case(
            testDescription: "empty variables are not set",
            environment: ["DATABRICKS_HOST": "", "DATABRICKS_TOKEN": ""], host: "default", token: "dapi-default",
            profile: "DEFAULT"),
        Case(
            testDescription: "arguments beat the environment",
            arguments: .init(host: "arg.example", token: Secret("a")),
            environment: ["DATABRICKS_HOST": "env.example", "DATABRICKS_TOKEN": "t"], host: "arg", token: "a"),
        Case(
            testDescription: "a named profile", arguments: .init(profile: "dev"), host: "dev", token: "dapi-dev",
            profile: "dev", cluster: "c-dev", warehouse: "w-dev", workspace: "77"),
        Case(
            testDescription: "a named profile beats credentials of the environment",
            arguments: .init(profile: "dev"),
            environment: ["DATABRICKS_HOST": "env.example", "DATABRICKS_TOKEN": "t", "DATABRICKS_CLIENT_ID": "x"],
            host: "dev", token: "dapi-dev", profile: "dev", cluster: "c-dev", warehouse: "w-dev", workspace: "77"),
        Case(
            testDescription: "but not its cluster and warehouse",
            arguments: .init(profile: "dev"),
            environment: ["DATABRICKS_CLUSTER_ID": "c-env", "DATABRICKS_WAREHOUSE_ID": "w-env"],
            host: "dev", token: "dapi-dev", profile: "dev", cluster: "c-env", warehouse: "w-env", workspace: "77"),
        Case(
            testDescription: "which arguments beat",
            arguments: .init(profile: "dev", clusterID: "c-arg", warehouseID: "w-arg"),
            environment: ["DATABRICKS_CLUSTER_ID": "c-env", "DATABRICKS_WAREHOUSE_ID": "w-env"],
            host: "dev", token: "dapi-dev", profile: "dev", cluster: "c-arg", warehouse: "w-arg", workspace: "77"),
        Case(
            testDescription: "the profile of the environment", environment: ["DATABRICKS_CONFIG_PROFILE": "dev"],
            host: "dev", token: "dapi-dev", profile: "dev", cluster: "c-dev", warehouse: "w-dev", workspace: "77"),
        Case(
            testDescription: "is filled up from the environment",
            environment: ["DATABRICKS_CONFIG_PROFILE": "hostonly", "DATABRICKS_TOKEN": "t"], host: "hostonly",
            token: "t",
            profile: "hostonly"),
        Case(
            testDescription: "and the environment beats it",
            environment: ["DATABRICKS_CONFIG_PROFILE": "dev", "DATABRICKS_TOKEN": "t"], host: "dev", token: "t",
            profile: "dev", cluster: "c-dev", warehouse: "w-dev", workspace: "77"),
        Case(
            testDescription: "the default profile of the settings",
            file: file + "\n[__settings__]\ndefault_profile = dev\n", host: "dev", token: "dapi-dev", profile: "dev",
            cluster: "c-dev", warehouse: "w-dev", workspace: "77"),
        Case(
            testDescription: "auth_type ends a conflict", arguments: .init(profile: "typed"), host: "typed",
            token: "dapi-typed", profile: "typed"),
        Case(
            testDescription: "a host alone finds its profile", arguments: .init(host: "https://dev.example/browse#x"),
            host: "dev", token: "dapi-dev", profile: "dev", cluster: "c-dev", warehouse: "w-dev"),
        Case(
            testDescription: "serverless compute of a profile", arguments: .init(profile: "less"), host: "less",
            token: "dapi-less", profile: "less", isServerless: true),
        Case(
            testDescription: "serverless compute of the environment",
            environment: [
                "DATABRICKS_HOST": "env.example", "DATABRICKS_TOKEN": "t", "DATABRICKS_SERVERLESS_COMPUTE_ID": "auto",
            ],
            host: "env", token: "t", isServerless: true),
        Case(
            testDescription: "what the command line chooses for code ends a conflict about it",
            arguments: choosing("less"), environment: ["DATABRICKS_CLUSTER_ID": "c-env"], host: "less",
            token: "dapi-less", profile: "less", cluster: "c-env", isServerless: true),
        Case(
            testDescription: "a workspace id of the environment",
            environment: [
                "DATABRICKS_HOST": "env.example/?o=1", "DATABRICKS_TOKEN": "t", "DATABRICKS_WORKSPACE_ID": "2",
            ],
            host: "env", token: "t", workspace: "2"),
    ]

    @Test(arguments: found)
    func finds(_ expected: Case) throws {
        let file = try TemporaryFile(expected.file)
        var environment = expected.environment
        environment["DATABRICKS_CONFIG_FILE"] = file.path
        let connection = try ConnectionResolver.resolve(
            expected.arguments, environment: environment, home: "/nonexistent")
        #expect(connection.host == "https://\(expected.host).example")
        #expect((connection.credential as? PersonalAccessToken)?.token.reveal() == expected.token)
        #expect(connection.profile == expected.profile)
        #expect(connection.clusterID == expected.cluster)
        #expect(connection.warehouseID == expected.warehouse)
        #expect(connection.workspaceID == expected.workspace)
        #expect(connection.isServerless == expected.isServerless)
        #expect(connection.authType == .pat)
    }

    struct Refusal: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var arguments = ConnectionArguments()
        var environment: [String: String] = [:]
        var file = ConnectionResolverTests.file
        /// Words the message must have; `<file>` stands for the file's path.
        let says: [String]
    }

    static let refused: [Refusal] = [
        Refusal(
            testDescription: "nothing configured", file: "", says: ["DATABRICKS_HOST", "DATABRICKS_TOKEN", "<file>"]),
        Refusal(
            testDescription: "no DEFAULT, but others", file: "[a]\nhost = x\n", says: ["no DEFAULT profile; it has a"]),
        Refusal(
            testDescription: "a token without a host hides the file", environment: ["DATABRICKS_TOKEN": "s3cret"],
            says: ["host (DATABRICKS_HOST)", "<file> was not read, because DATABRICKS_TOKEN is set"]),
        Refusal(
            testDescription: "a host without a token hides it too", environment: ["DATABRICKS_HOST": "h.example"],
            says: ["no way to sign in", "<file> was not read, because DATABRICKS_HOST is set"]),
        Refusal(
            testDescription: "a named profile gets no credentials from the environment",
            arguments: .init(profile: "hostonly"), environment: ["DATABRICKS_TOKEN": "s3cret"],
            says: ["no way to sign in", "Profile hostonly of <file> was read"]),
        Refusal(
            testDescription: "conflict",
            environment: ["DATABRICKS_CONFIG_PROFILE": "m2m", "DATABRICKS_TOKEN": "s3cret"],
            says: ["oauth and pat", "token (DATABRICKS_TOKEN)", "client_secret (profile m2m)", "DATABRICKS_AUTH_TYPE"]),
        Refusal(
            testDescription: "a profile that is not there", arguments: .init(profile: "nope"),
            says: ["no profile nope", "--profile", "DEFAULT, dev, hostonly"]),
        Refusal(
            testDescription: "the environment's profile that is not there",
            environment: ["DATABRICKS_CONFIG_PROFILE": "nope"], says: ["no profile nope", "DATABRICKS_CONFIG_PROFILE"]),
        Refusal(
            testDescription: "a default profile that is not there",
            file: "[__settings__]\ndefault_profile = nope\n", says: ["no profile nope", "default_profile"]),
        Refusal(testDescription: "the reserved section", arguments: .init(profile: "__settings__"), says: ["reserved"]),
        Refusal(
            testDescription: "an auth type of the SDKs that is not dbsh's",
            environment: ["DATABRICKS_HOST": "h.example", "DATABRICKS_AUTH_TYPE": "runtime"],
            says: ["is not for dbsh", "runtime"]),
        Refusal(
            testDescription: "an auth type that does not exist",
            environment: [
                "DATABRICKS_HOST": "h.example", "DATABRICKS_TOKEN": "s3cret", "DATABRICKS_AUTH_TYPE": "magic",
            ],
            says: ["\"magic\" does not exist"]),
        Refusal(
            testDescription: "pat without a token",
            environment: ["DATABRICKS_HOST": "h.example", "DATABRICKS_CLIENT_ID": "x", "DATABRICKS_AUTH_TYPE": "pat"],
            says: ["pat needs token (DATABRICKS_TOKEN)"]),
        Refusal(
            testDescription: "an unreadable host",
            environment: ["DATABRICKS_HOST": "ht tp://x", "DATABRICKS_TOKEN": "s3cret"],
            says: ["not a workspace host"]),
        Refusal(
            testDescription: "two profiles for one host", arguments: .init(host: "twin.example"),
            says: ["twin1, twin2", "--profile"]),
        Refusal(
            testDescription: "no profile for a host", arguments: .init(host: "other.example"),
            says: ["No profile of <file> is for https://other.example"]),
        Refusal(
            testDescription: "a cluster and serverless compute",
            arguments: .init(profile: "less"), environment: ["DATABRICKS_CLUSTER_ID": "c-env"],
            says: ["cluster_id (DATABRICKS_CLUSTER_ID) and serverless_compute_id (profile less) are both set"]),
        Refusal(
            testDescription: "serverless compute by another name",
            environment: [
                "DATABRICKS_HOST": "env.example", "DATABRICKS_TOKEN": "t", "DATABRICKS_SERVERLESS_COMPUTE_ID": "yes",
            ],
            says: ["serverless_compute_id (DATABRICKS_SERVERLESS_COMPUTE_ID) must be auto, not “yes”"]),
        Refusal(testDescription: "not INI", file: "[a]\nrubbish\n", says: ["<file>:2"]),
    ]

    @Test(arguments: refused)
    func refuses(_ expected: Refusal) throws {
        let file = try TemporaryFile(expected.file)
        var environment = expected.environment
        environment["DATABRICKS_CONFIG_FILE"] = file.path
        let error = #expect(throws: (any Error).self) {
            try ConnectionResolver.resolve(expected.arguments, environment: environment, home: "/nonexistent")
        }
        let message = "\(try #require(error))"
        for words in expected.says {
            let parts = words.split(separator: "<file>", omittingEmptySubsequences: false)
            #expect(message.contains(parts.joined(separator: file.path)))
        }
        #expect(!message.contains("s3cret"))
        #expect(error is ProfileError || error is InvalidHost || error is CredentialError)
    }

    @Test func homeDirectory() throws {
        let error = #expect(throws: CredentialError.self) {
            try ConnectionResolver.resolve(ConnectionArguments(), environment: [:], home: "/nonexistent")
        }
        #expect("\(try #require(error))".contains("There is no /nonexistent/.databrickscfg"))
    }

    @Test func withoutAFileThatIsSaid() throws {
        var arguments = ConnectionArguments(profile: "dev")
        arguments.profileSource = ".connect"
        let error = #expect(throws: ProfileError.self) {
            try ConnectionResolver.resolve(arguments, environment: [:], home: "/nonexistent")
        }
        #expect(
            "\(try #require(error))"
                == "there is no /nonexistent/.databrickscfg, and so no profile dev (asked for by .connect)")
        let unsigned = #expect(throws: CredentialError.self) {
            try ConnectionResolver.resolve(
                ConnectionArguments(host: "h.example"), environment: [:], home: "/nonexistent")
        }
        #expect("\(try #require(unsigned))".contains("There is no /nonexistent/.databrickscfg"))
    }

    @Test func saysWhereSettingsComeFrom() throws {
        let file = try TemporaryFile(Self.file)
        let connection = try ConnectionResolver.resolve(
            ConnectionArguments(profile: "dev", warehouseID: "w", configFile: file.path),
            environment: ["DATABRICKS_CLUSTER_ID": "c"], home: "/nonexistent")
        #expect(
            connection.sources.map { "\($0.attribute): \($0.source)" } == [
                "host: profile dev", "token: profile dev", "cluster_id: DATABRICKS_CLUSTER_ID",
                "warehouse_id: --warehouse",
            ])
    }
}
