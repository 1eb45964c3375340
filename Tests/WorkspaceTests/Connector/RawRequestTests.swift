import Glibc
import Support
import Testing

/// `.api`, and what requests leave in a trace.
@Suite(.timeLimit(.minutes(10)))
struct RawRequestTests: ConnectorSuite {
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
}
