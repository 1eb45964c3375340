import Glibc
import Results
import Support
import System
import Testing

@testable import Databricks

/// When tokens are fetched, and how often: before they end, once for all who wait, and again after a refusal.
@Suite(.timeLimit(.minutes(10)))
struct TokenRefreshTests {
    /// Gives out t1, t2, … when it is let; keeps count.
    private final class Source: TokenSource {
        let authType = AuthType.pat
        let fetches = Journal<Bool>()
        let life: Double
        private let answers: Guarded<[Result<Void, CredentialError>]>
        /// Waited for before each answer.
        private let gate: @Sendable () async throws -> Void

        init(
            life: Double = 3600, answers: [Result<Void, CredentialError>] = [],
            gate: @escaping @Sendable () async throws -> Void = {}
        ) {
            self.life = life
            self.answers = Guarded(answers)
            self.gate = gate
        }

        func fetch(_ network: CredentialNetwork, isForced: Bool, now: WallTime) async throws -> AccessToken {
            fetches.append(isForced)
            let number = fetches.entries.count
            try await gate()
            let answer = answers.withLock { $0.isEmpty ? .success(()) : $0.removeFirst() }
            try answer.get()
            return AccessToken(value: Secret("t\(number)"), expiry: now + life)
        }
    }

    private let clock = ManualClock()

    private func client(
        _ source: Source, answer: @escaping ScriptedTransport.Answer = { _ in .json("{}") }
    ) throws -> (Client, ScriptedTransport) {
        let transport = ScriptedTransport(clock: clock, answer)
        let clock = clock
        let credential = TokenCredential(source) { WallTime(seconds: 1e9 + clock.elapsed / .seconds(1)) }
        let connection = try Connection(host: "h.example", credential: credential)
        return (Client(connection: connection, transport: transport, version: "1", clock: clock), transport)
    }

    private func tokens(_ transport: ScriptedTransport) -> [String] {
        transport.sent.entries.map { String($0.header("Authorization")?.dropFirst("Bearer ".count) ?? "none") }
    }

    @Test func manyRequestsOneFetch() async throws {
        let source = Source()
        let (client, transport) = try client(source)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<20 { group.addTask { _ = try await client.json(.get("/any")) } }
            try await group.waitForAll()
        }
        #expect(source.fetches.entries == [false])
        #expect(Set(tokens(transport)) == ["t1"])
    }

    /// In the last 20 minutes the old token is still used while the next one is fetched; 40 s before the end it is not.
    @Test(arguments: [(3600.0, 2399, 3559), (600.0, 299, 559), (60.0, 29, 29)])
    func refreshesBeforeTheEnd(life: Double, lastFresh: Int, lastUsed: Int) async throws {
        let source = Source(life: life)
        let (client, transport) = try client(source)
        _ = try await client.json(.get("/any"))
        clock.advance(by: .seconds(lastFresh))
        _ = try await client.json(.get("/any"))
        #expect(source.fetches.entries.count == 1)
        clock.advance(by: .seconds(lastUsed - lastFresh))
        _ = try await client.json(.get("/any"))
        clock.advance(by: .seconds(2))
        _ = try await client.json(.get("/any"))
        #expect(tokens(transport)[..<3] == ["t1", "t1", "t1"])
        #expect(tokens(transport)[3] == "t2")
    }

    @Test func aFailedRefreshRestsForAMinute() async throws {
        let failure = CredentialError.signInFailed(authType: .pat, message: "away", advice: nil)
        let source = Source(answers: [.success(()), .failure(failure), .success(())])
        let (client, transport) = try client(source)
        _ = try await client.json(.get("/any"))
        clock.advance(by: .seconds(2500))
        _ = try await client.json(.get("/any"))
        await source.fetches.waitFor(2)
        // The failure is told to nobody: the old token is good for a while.
        while await (client.connection.credential as? TokenCredential)?.isFetching == true { await Task.yield() }
        clock.advance(by: .seconds(59))
        _ = try await client.json(.get("/any"))
        #expect(source.fetches.entries.count == 2)
        clock.advance(by: .seconds(2))
        _ = try await client.json(.get("/any"))
        await source.fetches.waitFor(3)
        #expect(Set(tokens(transport)) == ["t1"])
    }

    @Test func aFailureIsToldToAllWhoWait() async throws {
        let failure = CredentialError.signInFailed(authType: .pat, message: "away", advice: nil)
        let source = Source(answers: [.failure(failure)])
        let (client, transport) = try client(source)
        await #expect(throws: failure) { try await client.currentUser.me() }
        #expect(transport.sent.entries.isEmpty)
        // The next one asks again.
        _ = try await client.json(.get("/any"))
        #expect(tokens(transport) == ["t2"])
    }

    @Test func oneMoreAttemptAfterARefusal() async throws {
        let source = Source()
        let (client, transport) = try client(source) { sent in
            sent.header("Authorization") == "Bearer t1" ? .json(#"{"message":"ended"}"#, status: 401) : .json("{}")
        }
        _ = try await client.json(.get("/any"))
        #expect(tokens(transport) == ["t1", "t2"])
        // A stored token will not do: the second fetch is told.
        #expect(source.fetches.entries == [false, true])
    }

    @Test func notTwoAfterARefusal() async throws {
        let source = Source()
        let (client, transport) = try client(source) { _ in .json(#"{"message":"no"}"#, status: 401) }
        let error = await #expect(throws: APIError.self) { try await client.currentUser.me() }
        #expect(error?.status == 401)
        #expect(tokens(transport) == ["t1", "t2"])
    }

    @Test func aTokenThatCannotChangeIsNotTriedTwice() async throws {
        let transport = ScriptedTransport { _ in .json(#"{"message":"no"}"#, status: 401) }
        await #expect(throws: APIError.self) { try await transport.client().currentUser.me() }
        #expect(transport.sent.entries.count == 1)
    }

    @Test func cancellingStopsTheWaitAtOnce() async throws {
        let clock = clock
        let source = Source(gate: { try await clock.sleep(for: .seconds(1000)) })
        let (client, transport) = try client(source)
        let task = Task { try await client.json(.get("/any")) }
        await source.fetches.waitFor(1)
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(transport.sent.entries.isEmpty)
        // The fetch that nobody waits for has ended; a new request begins a new one.
        let again = Task { try await client.json(.get("/any")) }
        await source.fetches.waitFor(2)
        await clock.passNextSleep()
        _ = try await again.value
        #expect(tokens(transport) == ["t2"])
    }

    /// A host of many workspaces answers with its login page until it is told which one.
    @Test func findsTheWorkspaceID() async throws {
        let transport = ScriptedTransport { sent in
            if sent.line.contains(".well-known") { return .json(#"{"workspace_id":"77"}"#) }
            return sent.header("X-Databricks-Workspace-Id") == "77"
                ? .json(#"{"userName":"me"}"#) : .text("<html>Login</html>", type: "text/html", status: 200)
        }
        let client = try transport.client()
        #expect(try await client.currentUser.me().userName == "me")
        _ = try await client.json(.get("/any"))
        #expect(transport.lines.map { $0.contains(".well-known") } == [false, true, false, false])
    }

    /// The forms in which token endpoints and programs say until when a token is good.
    @Test(arguments: [
        (#"{"access_token":"t","token_type":"bearer","expires_in":3600}"#, 1_000_003_600.0),
        (#"{"access_token":"t","expires_in":"3600"}"#, 1_000_003_600.0),
        (#"{"access_token":"t","token_type":"Bearer","expires_on":"1000000007"}"#, 1_000_000_007.0),
        (#"{"access_token":"t","expiry":"2001-09-09T01:46:48.5Z"}"#, 1_000_000_008.0),
        (#"{"access_token":"t","expires_in":60,"expiry":"2001-09-09T01:46:48Z"}"#, 1_000_000_060.0),
        (#"{"accessToken":"t","tokenType":"Bearer","expires_on":1000000009}"#, 1_000_000_009.0),
        (#"{"access_token":"t"}"#, 1_000_000_300.0),
    ])
    func readsTokens(reply: String, expiry: Double) throws {
        let token = try AccessToken(reply: try JSONValue.parse(reply), authType: .pat, now: WallTime(seconds: 1e9))
        #expect(token.expiry.seconds == expiry)
        #expect(token.headers.map { $0.value.reveal() } == ["Bearer t"])
    }

    @Test(arguments: [#"{}"#, #"{"access_token":""}"#, #"{"access_token":null}"#, #"[]"#])
    func refusesRepliesWithoutToken(reply: String) throws {
        let json = try JSONValue.parse(reply)
        #expect(throws: CredentialError.self) {
            try AccessToken(reply: json, authType: .pat, now: WallTime(seconds: 1e9))
        }
    }

    @Test(arguments: [
        ("2026-08-21T12:34:56.789012345Z", 1_787_315_696.0), ("2026-08-21T14:34:56+02:00", 1_787_315_696.0),
        ("2026-08-21 12:34:56.5", 1_787_315_696.0), ("1970-01-01T00:00:00Z", 0.0),
    ])
    func readsTimes(text: String, seconds: Double) throws {
        let time = try #require(WallTime(text))
        #expect(time.seconds == seconds)
        #expect(WallTime(time.text) == time)
    }

    @Test(arguments: ["", "tomorrow", "2026-13-01T00:00:00Z", "2026-08-21T12:34:56 somewhere", "2026-08-21T12:34"])
    func refusesTimes(text: String) {
        #expect(WallTime(text) == nil)
    }
}

/// Running the programs that keep logins.
@Suite(.timeLimit(.minutes(10)))
struct ExternalProgramTests {
    private func run(_ stand: StandInPrograms, _ mode: String, limit: Duration = .seconds(30)) -> ExternalProgram {
        ExternalProgram(
            path: stand.path(of: "az"), arguments: ["x"], environment: ["STAND_IN": mode, "PATH": "/usr/bin:/bin"],
            limit: limit)
    }

    @Test func outputAndStatus() async throws {
        let stand = try StandInPrograms(["az"])
        let friendly = try await run(stand, "chatty").run()
        #expect(friendly.output == Array("Hello!\n".utf8))
        #expect(friendly.errors.isEmpty)
        #expect(friendly.status == .exited(0))
        let refused = try await run(stand, "not signed in").run()
        #expect(refused.status == .exited(1))
        #expect(refused.errors.contains("not configured"))
    }

    @Test func endsWhatTakesTooLong() async throws {
        let stand = try StandInPrograms(["az"])
        await #expect(throws: ExternalProgram.Failure.tooSlow) {
            try await run(stand, "hangs", limit: .milliseconds(200)).run()
        }
    }

    @Test func endsWhatWritesTooMuch() async throws {
        let stand = try StandInPrograms(["az"])
        await #expect(throws: ExternalProgram.Failure.tooMuch) { try await run(stand, "floods").run() }
    }

    @Test func cancelling() async throws {
        let stand = try StandInPrograms(["az"])
        let program = run(stand, "hangs")
        let task = Task { try await program.run() }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func aProgramThatIsNotThere() async throws {
        let program = ExternalProgram(path: "/nonexistent/az", arguments: [], environment: [:])
        await #expect(throws: SystemCommand.StartError(program: "/nonexistent/az", code: ENOENT)) {
            try await program.run()
        }
    }

    /// What a program may log of its command line and its environment holds no secret of ours.
    @Test func programsGetNoSecrets() async throws {
        let stand = try StandInPrograms(["databricks"])
        let secrets = [
            "DATABRICKS_TOKEN", "DATABRICKS_PASSWORD", "DATABRICKS_CLIENT_SECRET", "ARM_CLIENT_SECRET",
        ]
        var environment = Dictionary(uniqueKeysWithValues: secrets.map { ($0, "s3cret-\($0)") })
        environment["PATH"] = stand.path
        environment["HOME"] = "/home/somebody"
        environment["DATABRICKS_HOST"] = "h.example"
        environment["DATABRICKS_AUTH_TYPE"] = "databricks-cli"
        let connection = try ConnectionResolver.resolve(.init(), environment: environment, home: "/nonexistent")
        let transport = ScriptedTransport { _ in .json("{}") }
        let client = Client(connection: connection, transport: transport, version: "1")
        _ = try await client.json(.get("/any"))
        #expect(stand.log.contains("databricks auth token --host https://h.example"))
        #expect(stand.log.contains("HOME=/home/somebody"))
        #expect(!stand.log.contains("s3cret"))
    }

    /// After a refusal the CLI is asked for a token that does not come from its store.
    @Test func forcesARefresh() async throws {
        let stand = try StandInPrograms(["databricks"])
        let connection = try ConnectionResolver.resolve(
            .init(), environment: ["PATH": stand.path, "DATABRICKS_HOST": "h.example"], home: "/nonexistent")
        let transport = ScriptedTransport { sent in
            sent.header("Authorization")?.hasSuffix("--force-refresh") == true
                ? .json("{}") : .json(#"{"message":"ended"}"#, status: 401)
        }
        _ = try await Client(connection: connection, transport: transport, version: "1").json(.get("/any"))
        #expect(transport.sent.entries.count == 2)
    }
}
