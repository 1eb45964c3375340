import LocalWorkspace
import Support
import Testing

/// Signing in, and who one is.
@Suite(.timeLimit(.minutes(10)))
struct SigningInTests: ConnectorSuite {
    @Test(arguments: ["", "account"])
    func aServicePrincipalSignsInAndStaysSignedIn(_ level: String) async throws {
        // Tokens that have ended when they are given out: each request needs another.
        for lifetime in [Duration.seconds(3600), .seconds(1)] {
            try await withReplayWorkspace(configure: { $0.accessTokenLifetime = lifetime }) { workspace, _ in
                var environment = [
                    "DATABRICKS_TOKEN": "", "DATABRICKS_CLIENT_ID": workspace.clientID,
                    "DATABRICKS_CLIENT_SECRET": workspace.clientSecret,
                ]
                if level == "account" {
                    environment["DBSH_TOKEN_URL"] = "\(workspace.url)/oidc/accounts/\(workspace.accountID)/v1/token"
                }
                let run = try await dbsh(
                    "-m json -c .whoami -c .clusters -c .status --debug", workspace.url, in: try ScratchDirectory(),
                    environment: environment)
                #expect(run.status == 0, "\(run.errors)")
                #expect(run.output.contains(#""authentication":"oauth-m2m""#))
                #expect(run.output.contains(#""token_expires":"20"#))
                #expect(run.errors.contains("/v1/token"))
                // The tokens it got are no more to be seen than the secret.
                #expect(!run.errors.contains("local-"))
            }
        }
    }

    @Test func aWrongSecretIsSaidWithoutShowingIt() async throws {
        try await withReplayWorkspace { workspace, _ in
            let run = try await dbsh(
                "-c .whoami", workspace.url, in: try ScratchDirectory(),
                environment: [
                    "DATABRICKS_TOKEN": "", "DATABRICKS_CLIENT_ID": workspace.clientID,
                    "DATABRICKS_CLIENT_SECRET": "wr0ng-secret",
                ])
            #expect(run.status == 3)
            #expect(run.errors.contains("cannot sign in (oauth-m2m)") && run.errors.contains("invalid_client"))
        }
    }

    /// `.connect` asks for the secret without echo, and it is nowhere to be seen afterwards.
    @Test func connectAsksForTheSecret() async throws {
        try await withReplayWorkspace { workspace, _ in
            let scratch = try ScratchDirectory()
            let session = try PtySession(
                program: ServedWorkspace.binary, arguments: ["-X"],
                environment: ["HOME": scratch.path, "XDG_STATE_HOME": scratch.path + "/state"], columns: 120)
            try await session.wait(for: "the prompt") { $0.text.contains("sql>") }
            session.send(".connect \(workspace.url) --client-id \(workspace.clientID)\r")
            try await session.wait(for: "the question") { $0.text.contains("Secret of \(workspace.clientID):") }
            session.send(workspace.clientSecret + "\r")
            try await session.wait(for: "the connection") { $0.text.contains("as me@local") }
            session.send(".whoami\r")
            try await session.wait(for: "how") { $0.text.contains("oauth-m2m") }
            #expect(!session.screen.text.contains(workspace.clientSecret))
            session.send(".quit\r")
            _ = try await session.exitStatus()
            let history = scratch.contents("state/dbsh/history") ?? ""
            #expect(history.contains(".whoami") && !history.contains(workspace.clientSecret))
        }
    }

    @Test func profilesSayWhichIsUsedAndWhy() async throws {
        let scratch = try ScratchDirectory()
        try scratch.write(
            """
            [DEFAULT]
            host = https://one.example
            token = \(Self.secret)
            [two]
            host = https://two.example
            client_id = id
            [three]
            host = https://three.example
            client_id = id
            client_secret = \(Self.secret)
            """, to: ".databrickscfg")
        let clean = ["DATABRICKS_HOST": "", "DATABRICKS_TOKEN": ""]
        let run = try await dbsh("-c .profiles", "", in: scratch, environment: clean)
        #expect(
            run.output == """
                profile,host,auth_type,cluster_id,warehouse_id,used,problem
                DEFAULT,https://one.example,pat,,,yes,
                two,https://two.example,,,,no,auth type oauth-m2m needs client_secret (DATABRICKS_CLIENT_SECRET). Profile two of \(scratch.path)/.databrickscfg was read
                three,https://three.example,oauth-m2m,,,no,

                """)
        #expect(run.errors.contains("profile DEFAULT is used: nothing else is configured"))
        let named = try await dbsh("-p three -c .profiles", "", in: scratch, environment: clean)
        #expect(named.output.contains("three,https://three.example,oauth-m2m,,,yes,"))
        #expect(named.errors.contains("profile three is used: asked for by --profile"))
        #expect(!run.output.contains(Self.secret) && !named.errors.contains(Self.secret))
    }
}
