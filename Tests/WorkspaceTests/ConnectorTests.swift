import Glibc
import LocalWorkspace
import Support
import Testing

/// The connector's surface as a user of dbsh has it: raw requests, sign-ins, traces, and work that is not waited for. The
/// server is a script, or the local workspace without Spark.
@Suite(.timeLimit(.minutes(10)))
struct ConnectorTests {
    private static let secret = "dapi-s3cret-value"

    /// Runs dbsh against `server` as somebody with a token, in a directory of its own, and checks that no secret got out.
    private func dbsh(
        _ arguments: String, _ server: String, in scratch: ScratchDirectory, input: String = "",
        environment: [String: String] = [:]
    ) async throws -> ShellCommand.Result {
        var variables = [
            "PATH": ServedWorkspace.binary.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 }
                + ":/usr/bin:/bin",
            "DATABRICKS_HOST": server, "DATABRICKS_TOKEN": Self.secret,
        ]
        variables.merge(environment) { $1 }
        let line = input.isEmpty ? "dbsh -X \(arguments)" : "printf '%s' '\(input)' | dbsh -X \(arguments)"
        let result = try await ShellCommand(
            line, in: scratch.path, environment: variables.filter { !$0.value.isEmpty }
        ).run()
        for name in ["DATABRICKS_TOKEN", "DATABRICKS_CLIENT_SECRET"] {
            guard let secret = variables[name], !secret.isEmpty else { continue }
            #expect(!result.output.contains(secret) && !result.errors.contains(secret))
        }
        return result
    }

    // MARK: Raw requests

    @Test func jsonIsPrettyAndCanBeATable() async throws {
        let server = try FaultServer()
        let scratch = try ScratchDirectory()
        server.respond("GET", "/api/2.1/clusters/list") { request, _ in
            request.query.contains("page_token=b%3D")
                ? .json(#"{"clusters":[{"id":2,"name":"two","more":{"x":1}}],"next_page_token":""}"#)
                : .json(#"{"clusters":[{"id":1.50,"name":"one"}],"next_page_token":"b=","other":true}"#)
        }
        let pretty = try await dbsh("-c '.api GET /2.1/clusters/list -q a=1 -q a=2'", server.url, in: scratch)
        #expect(
            pretty.output == """
                {
                  "clusters": [
                    {
                      "id": 1.50,
                      "name": "one"
                    }
                  ],
                  "next_page_token": "b=",
                  "other": true
                }

                """)
        #expect(server.log.entries[0].query == "a=1&a=2")
        let table = try await dbsh(
            "-m jsonl -c '.api get /2.1/clusters/list --all --table clusters'", server.url, in: scratch)
        #expect(
            table.output == """
                {"id":1.50,"name":"one","more":null}
                {"id":2,"name":"two","more":"{\\"x\\":1}"}

                """)
        let wrong = try await dbsh(
            "-c '.api GET /2.1/clusters/list --table nosuch'", server.url, in: scratch)
        #expect(wrong.status == 2)
        #expect(wrong.errors.contains("it has clusters (an array), next_page_token, other"))
    }

    @Test func bodies() async throws {
        let server = try FaultServer()
        let scratch = try ScratchDirectory()
        try scratch.write("{\"from\":\"a file\"}", to: "body.json")
        try scratch.write("\u{1}\u{2}", to: "bytes.bin")
        for method in ["POST", "PUT"] { server.on(method, "/api/2.0/x", .json("{}")) }
        let commands = [
            #".api POST /2.0/x -d "{\"a\":1}" -H "X-Mine: yes" "#, ".api POST /2.0/x -d @body.json",
            ".api PUT /2.0/x -d @bytes.bin", #".api POST /2.0/x -H "Content-Type: text/csv" -d "a,b" "#,
            ".api POST /2.0/x --form a=1 --form \"b=x y\"",
            ".api POST /2.0/x --form a=1 --file \"content=@body.json;filename=other.json;type=text/x-mine\"",
        ]
        let arguments = commands.map { "-c '\($0)'" }.joined(separator: " ")
        let run = try await dbsh(arguments, server.url, in: scratch)
        #expect(run.status == 0, "\(run.errors)")
        let log = server.log.entries
        #expect(log.count == commands.count)
        #expect(log.map { $0["authorization"] } == .init(repeating: "Bearer " + Self.secret, count: log.count))
        #expect(log[0].text == #"{"a":1}"# && log[0]["x-mine"] == "yes" && log[0]["content-type"] == "application/json")
        #expect(log[1].text == #"{"from":"a file"}"# && log[1]["content-type"] == "application/json")
        #expect(log[2].body == [1, 2] && log[2]["content-type"] == "application/octet-stream")
        #expect(log[3].text == "a,b" && log[3]["content-type"] == "text/csv")
        #expect(log[4].text == "a=1&b=x%20y" && log[4]["content-type"] == "application/x-www-form-urlencoded")
        #expect(log[5]["content-type"]?.hasPrefix("multipart/form-data; boundary=") == true)
        for words in [
            "name=\"a\"\r\n\r\n1\r\n", "name=\"content\"; filename=\"other.json\"\r\n", "Content-Type: text/x-mine\r\n",
            #"{"from":"a file"}"#,
        ] {
            #expect(log[5].text.contains(words), "\(words)")
        }
        let piped = try await dbsh(
            "-c '.api POST /2.0/x -d @-'", server.url, in: scratch, input: #"{"piped":true}"#)
        #expect(piped.status == 0, "\(piped.errors)")
        #expect(server.log.entries.last?.text == #"{"piped":true}"#)
    }

    @Test func bytesGoToFilesAndPipes() async throws {
        let server = try FaultServer()
        let scratch = try ScratchDirectory()
        let big = String(repeating: "\u{0}0123456789", count: 200_000)
        server.on(
            "GET", "/api/2.0/fs/files/x",
            .status(200, headers: [("Content-Type", "application/octet-stream")], body: big))
        server.on("GET", "/api/2.0/none", .json(#"{"error_code":"NOT_FOUND","message":"no"}"#, status: 404))
        let file = try await dbsh("-c '.api GET /2.0/fs/files/x -o out.bin'", server.url, in: scratch)
        #expect(file.status == 0 && file.output.isEmpty, "\(file.errors)")
        #expect(scratch.contents("out.bin") == big)
        let pipe = try await dbsh("-c '.api GET /2.0/fs/files/x'", server.url, in: scratch)
        #expect(pipe.output == big)
        try scratch.write("kept", to: "kept.bin")
        let refused = try await dbsh("-c '.api GET /2.0/none -o kept.bin'", server.url, in: scratch)
        #expect(refused.status == 1 && refused.errors.contains("NOT_FOUND"))
        #expect(scratch.contents("kept.bin") == "kept")
        // A terminal would be spoilt.
        let session = try PtySession(
            program: ServedWorkspace.binary, arguments: ["-X", "-c", ".api GET /2.0/fs/files/x"],
            environment: ["DATABRICKS_HOST": server.url, "DATABRICKS_TOKEN": Self.secret, "HOME": scratch.path],
            columns: 160)
        try await session.wait(for: "the refusal") { $0.text.contains("would spoil the terminal") }
    }

    @Test func retriesAndTimeouts() async throws {
        let server = try FaultServer()
        let scratch = try ScratchDirectory()
        server.on("POST", "/api/2.0/flaky", .json("{}", status: 500), .reset, .json(#"{"fine":true}"#))
        let run = try await dbsh(
            "-c '.api POST /2.0/flaky --retries 3 --retry-delay 1 --backoff'", server.url, in: scratch)
        #expect(run.status == 0 && run.output.contains("\"fine\": true"))
        #expect(server.log.entries.count == 3)
        #expect(run.errors.contains("trying again"))
        server.on("POST", "/api/2.0/once", .json("{}", status: 503))
        let once = try await dbsh("-c '.api POST /2.0/once'", server.url, in: scratch)
        #expect(once.status == 1)
        #expect(server.log.entries.count { $0.path == "/api/2.0/once" } == 1)
        server.on("GET", "/api/2.0/slow", .silence)
        let slow = try await dbsh("-c '.api GET /2.0/slow --timeout 0.2'", server.url, in: scratch)
        #expect(slow.status == 3 && slow.errors.contains("did not answer in time"))
    }

    @Test(arguments: [
        ("GET", "--all needs a GET", ".api POST /2.0/x --all"),
        ("retry", "needs --retries", ".api GET /2.0/x --backoff"),
        ("body", "not both", ".api POST /2.0/x -d {} --form a=1"),
        ("json", "not valid JSON", ".api POST /2.0/x -d {a}"),
        ("method", "METHOD is one of", ".api FETCH /2.0/x"), ("file", "No such file", ".api POST /2.0/x -d @nosuch"),
        ("type", "--type is one of", ".api GET /2.0/x --type xml"), ("query", "-q", ".api GET /2.0/x -q a"),
        ("flag", "did you mean --retries", ".api GET /2.0/x --retrys 1"),
        ("twice", "twice", ".api GET /2.0/x -o a -o b"),
    ])
    func whatDoesNotFitIsRefusedBeforeAnythingIsSent(_ name: String, _ words: String, _ command: String) async throws {
        let server = try FaultServer()
        let run = try await dbsh("-c '\(command)'", server.url, in: try ScratchDirectory())
        #expect(run.status == 2 && run.errors.contains(words), "\(run.errors)")
        #expect(server.log.entries.isEmpty)
    }

    // MARK: Traces

    @Test func aTraceHasEverythingButSecrets() async throws {
        let server = try FaultServer()
        let scratch = try ScratchDirectory()
        server.on(
            "POST", "/api/2.0/token/create",
            .json(#"{"token_value":"dapi-new","token_info":{"comment":"c"}}"#, headers: [("x-request-id", "req-1")]))
        let command = #".api POST /2.0/token/create -d "{\"client_secret\":\"hidden\",\"lifetime\":1}" -q sig=hidden"#
        // (What the service replies is the result, and is shown; the trace is about it.)
        let run = try await dbsh("-c '\(command) --debug' -c '\(command)'", server.url, in: scratch)
        for words in [
            "→ 1 POST \(server.url)/api/2.0/token/create?sig=***", "Authorization: ***",
            #"{"client_secret":"***","lifetime":1}"#, "← 1 200", "request req-1", #""token_value":"***""#,
        ] {
            #expect(run.errors.contains(words), "\(words): \(run.errors)")
        }
        #expect(!run.errors.contains("hidden") && !run.errors.contains("dapi-new"))
        // The second command was not watched.
        #expect(!run.errors.contains("→ 2"))
        try scratch.write("", to: "trace.log")
        chmod(scratch.path("trace.log"), 0o644)
        let file = try await dbsh(
            "-c '.debug trace.log' -c '.debug' -c '\(command)' -c '.debug off'", server.url, in: scratch)
        #expect(file.output.hasPrefix("trace.log\n"))
        #expect(!file.errors.contains("→"))
        let trace = scratch.contents("trace.log") ?? ""
        #expect(trace.contains("POST") && !trace.contains("hidden") && !trace.contains(Self.secret))
        var status = stat()
        stat(scratch.path("trace.log"), &status)
        #expect(status.st_mode & 0o777 == 0o600)
        let all = try await dbsh("--debug -c '\(command)'", server.url, in: scratch)
        #expect(all.errors.contains("→ 1 POST"))
    }

    // MARK: Refusals

    struct Refusal: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let reply: FaultServer.Reply
        var exit: Int32 = 1
        /// Lines on stderr, without `error: ` and the second line's path.
        let says: [String]
    }

    static let refusals: [Refusal] = [
        Refusal(
            testDescription: "standard",
            reply: .json(
                #"{"error_code":"RESOURCE_DOES_NOT_EXIST","message":"No such thing"}"#, status: 404,
                headers: [("x-request-id", "req-1")]),
            says: ["No such thing", "status 404 · RESOURCE_DOES_NOT_EXIST · request req-1"]),
        Refusal(
            testDescription: "a code that is a number",
            reply: .json(#"{"error_code":403,"message":"Invalid access token."}"#, status: 403), exit: 3,
            says: ["refuses this: Invalid access token.", "status 403 · PERMISSION_DENIED", "ask for the permission"]),
        Refusal(
            testDescription: "API 1.2",
            reply: .json(#"{"error":"ClusterNotReadyException: Cluster c not ready"}"#, status: 500),
            says: ["ClusterNotReadyException: Cluster c not ready", "status 500", ".cluster start waits for it"]),
        Refusal(
            testDescription: "SCIM",
            reply: .json(#"{"detail":"bad filter","status":"400","scimType":"invalidFilter"}"#, status: 400),
            says: ["invalidFilter bad filter", "status 400 · SCIM_400"]),
        Refusal(
            testDescription: "plain text", reply: .status(400, body: "MALFORMED_REQUEST: a field is wrong"),
            says: ["a field is wrong", "MALFORMED_REQUEST"]),
        Refusal(
            testDescription: "a web page", reply: .html("<html><pre>Forbidden here</pre></html>", status: 403), exit: 3,
            says: ["refuses this: Forbidden here", "status 403 · PERMISSION_DENIED"]),
        Refusal(
            testDescription: "nothing", reply: .status(500),
            says: ["Internal Server Error", "status 500 · INTERNAL_ERROR"]),
        Refusal(
            testDescription: "a login page with 200", reply: .html("<html><title>Databricks - Login</title></html>"),
            exit: 3, says: ["does not accept the credentials", "workspace_id (DATABRICKS_WORKSPACE_ID)"]),
        Refusal(
            testDescription: "a login elsewhere",
            reply: .status(302, headers: [("Location", "https://h.example/login.html?next=x")]), exit: 3,
            says: ["does not accept the credentials", "wants a login in the browser"]),
        Refusal(
            testDescription: "a private link",
            reply: .status(302, headers: [("Location", "/login.html?error=private-link-validation-error:1")]),
            says: ["private network", "such as a VPN"]),
        Refusal(
            testDescription: "401",
            reply: .json(#"{"error_code":401,"message":"Credential was not sent"}"#, status: 401),
            exit: 3, says: ["does not accept the credentials: Credential was not sent", ".connect asks for others"]),
        Refusal(
            testDescription: "too many requests",
            reply: .json(#"{"error_code":"REQUEST_LIMIT_EXCEEDED"}"#, status: 429),
            says: ["Too Many Requests", "wait a little"]),
        Refusal(
            testDescription: "escape sequences",
            reply: .json(#"{"error_code":"BAD","message":"\u001b[31mred\u0007\nsecond line"}"#, status: 400),
            says: ["red", "status 400 · BAD"]),
    ]

    /// Each form of error body becomes one readable error, with code, status, request id, and what to do.
    @Test(arguments: refusals)
    func everyRefusalIsReadable(_ expected: Refusal) async throws {
        let server = try FaultServer()
        server.on("GET", "/api/2.0/x", expected.reply)
        let run = try await dbsh("-c '.api GET /2.0/x'", server.url, in: try ScratchDirectory())
        #expect(run.status == expected.exit && run.output.isEmpty)
        for words in expected.says { #expect(run.errors.contains(words), "\(run.errors)") }
        #expect(run.errors.contains("GET /api/2.0/x"))
        #expect(!run.errors.contains("\u{1B}") && !run.errors.contains("\u{7}"))
        #expect(run.errors.split(separator: "\n").count <= 4, "\(run.errors)")
    }

    // MARK: Signing in

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

    // MARK: Work that is not waited for

    @Test func statementsInTheBackground() async throws {
        let server = try FaultServer()
        let scratch = try ScratchDirectory()
        server.on("POST", "/api/2.0/sql/statements", .json(#"{"statement_id":"01ef","status":{"state":"PENDING"}}"#))
        server.on(
            "GET", "/api/2.0/sql/statements/01ef",
            .json(#"{"statement_id":"01ef","status":{"state":"RUNNING"}}"#),
            .json(
                #"{"statement_id":"01ef","status":{"state":"SUCCEEDED"},"manifest":{"total_chunk_count":1,"#
                    + #""schema":{"columns":[{"name":"x","type_text":"INT","type_name":"INT"}]}},"#
                    + #""result":{"data_array":[["42"]]}}"#))
        server.on("POST", "/api/2.0/sql/statements/01ef/cancel", .json("{}"))
        let warehouse = ["DATABRICKS_WAREHOUSE_ID": "00000000000010ca"]
        let states = try await dbsh("-m jsonl -c '.statement 01ef' -c '.statement 01ef'", server.url, in: scratch)
        #expect(
            states.output == """
                {"statement_id":"01ef","state":"RUNNING"}
                {"x":42}

                """, "\(states.errors)")
        let run = try await dbsh(
            "-P n:INT=1 -c 'select :n;&'", server.url, in: scratch, environment: warehouse)
        #expect(run.output == "01ef\n", "\(run.errors)")
        let submission = server.log.entries.first { $0.method == "POST" && $0.path == "/api/2.0/sql/statements" }
        #expect(submission?.text.contains(#""parameters":[{"name":"n","type":"INT","value":"1"}]"#) == true)
        server.on(
            "GET", "/api/2.0/sql/statements/02ef",
            .json(
                #"{"statement_id":"02ef","status":{"state":"FAILED","error":{"error_code":"BAD_REQUEST","message":"no"}}}"#
            ))
        let failed = try await dbsh("-c '.statement 02ef'", server.url, in: scratch)
        #expect(failed.status == 1 && failed.errors.contains("error: no"))
        let gone = try await dbsh("-c '.statement 03ef'", server.url, in: scratch)
        #expect(gone.status == 1)
    }

    @Test func commandsByID() async throws {
        let server = try FaultServer()
        let scratch = try ScratchDirectory()
        let results = [
            #"{"id":"7","status":"Running","results":null}"#,
            #"{"id":"7","status":"Finished","results":{"resultType":"text","data":"Out[1]: 42"}}"#,
            #"{"id":"7","status":"Finished","results":{"resultType":"error","summary":"ZeroDivisionError: x","cause":"tb"}}"#,
        ]
        server.on("GET", "/api/1.2/commands/status", .json(results[0]), .json(results[1]), .json(results[2]))
        let command = "-c '.command 7 --context 5'"
        let run = try await dbsh(
            "--csv \(command) \(command) \(command)", server.url, in: scratch,
            environment: ["DATABRICKS_CLUSTER_ID": "0101-120000-abcd123"])
        #expect(
            run.output == "command_id,state,context_id,cluster_id\n7,RUNNING,5,0101-120000-abcd123\n42\n",
            "\(run.errors)")
        #expect(run.status == 1 && run.errors.contains("ZeroDivisionError: x"))
        #expect(server.log.entries[0].query == "clusterId=0101-120000-abcd123&contextId=5&commandId=7")
        let without = try await dbsh(
            "-c '.command 7'", server.url, in: scratch, environment: ["DATABRICKS_CLUSTER_ID": "0101-120000-abcd123"])
        #expect(without.status == 2 && without.errors.contains("--context ID"))
    }
}
