import Databricks
import Glibc
import Support
import System
import Testing

/// Logins in files: the Databricks CLI's and dbsh's own, and how they are refreshed.
@Suite(.timeLimit(.minutes(10)))
struct StoredLoginTests {
    private let home: ScratchDirectory
    private let environment: [String: String]

    init() throws {
        home = try ScratchDirectory()
        environment = ["DATABRICKS_HOST": "h.example", "PATH": "/nonexistent"]
    }

    private static let cli = ".databricks/token-cache.json"
    private static let own = ".local/state/dbsh/logins.json"

    private func write(_ file: String, expiry: String, refresh: String? = "r1", key: String = "https://h.example")
        throws
    {
        for (index, character) in file.enumerated() where character == "/" {
            mkdir(home.path(String(file.prefix(index))), 0o700)
        }
        let more = refresh.map { #","refresh_token":"\#($0)""# } ?? ""
        try home.write(
            #"{"version":1,"extra":[1.50],"tokens":{"a":{"x":1},"\#(key)":{"access_token":"old-token","#
                + #""token_type":"Bearer","expiry":"\#(expiry)","more":"kept"\#(more)}}}"#, to: file)
        chmod(home.path(file), 0o644)
    }

    private func ask(
        _ arguments: ConnectionArguments = .init(), more: [String: String] = [:],
        _ answer: @escaping @Sendable (String) -> HTTPResponse = { form in
            .json(#"{"access_token":"new-\#(form.contains("r1") ? "1" : "2")","expires_in":3600,"refresh_token":"r2"}"#)
        }
    ) async throws -> (ScriptedTransport, AuthType) {
        let transport = ScriptedTransport { sent in
            if sent.request.method == "POST" { return answer(sent.body) }
            if sent.request.url.hasSuffix("/Me") { return .json(#"{"userName":"me"}"#) }
            return .text("", type: "text/plain", status: 404)
        }
        let connection = try ConnectionResolver.resolve(
            arguments, environment: environment.merging(more) { $1 }, home: home.path)
        let client = Client(connection: connection, transport: transport, version: "1", clock: ManualClock())
        _ = try await client.currentUser.me()
        return (transport, connection.authType)
    }

    private func signature(_ transport: ScriptedTransport) -> String? {
        transport.sent.entries.last?.header("Authorization")
    }

    @Test(arguments: [(Self.cli, "databricks-cli"), (Self.own, "external-browser")])
    func aGoodTokenIsUsedAsItIs(file: String, type: String) async throws {
        try write(file, expiry: "2999-01-01T00:00:00Z")
        let (transport, authType) = try await ask()
        #expect(signature(transport) == "Bearer old-token")
        #expect(transport.sent.entries.count == 1)
        #expect(authType.rawValue == type)
    }

    /// With what was rotated, in place: other keys, their order and their numbers stay, and only the owner may read it.
    @Test(arguments: [Self.cli, Self.own])
    func aRefreshIsKeptInPlace(file: String) async throws {
        try write(file, expiry: WallTime(seconds: WallTime.now.seconds + 290).text)
        let (transport, _) = try await ask()
        #expect(signature(transport) == "Bearer new-1")
        let post = try #require(transport.sent.entries.first { $0.request.method == "POST" })
        #expect(post.request.url == "https://h.example/oidc/v1/token")
        #expect(post.body == "grant_type=refresh_token&refresh_token=r1&client_id=databricks-cli")
        let text = try #require(home.contents(file))
        #expect(text.contains("1.50") && text.contains(#""more": "kept""#) && text.contains(#""x": 1"#))
        #expect(text.contains(#""refresh_token": "r2""#) && text.contains("new-1") && !text.contains("old-token"))
        var status = stat()
        #expect(stat(home.path(file), &status) == 0 && status.st_mode & 0o777 == 0o600)
        // The next dbsh needs no request.
        let (next, _) = try await ask()
        #expect(signature(next) == "Bearer new-1" && next.sent.entries.count == 1)
    }

    /// Refresh tokens are good for one time: of many at once one refreshes, and the others take what it got.
    @Test func manyAtOnceRefreshOnce() async throws {
        try write(Self.own, expiry: "2001-01-01T00:00:00Z")
        let refreshes = Journal<String>()
        try await withThrowingTaskGroup(of: String?.self) { group in
            for _ in 0..<6 {
                group.addTask {
                    let (transport, _) = try await ask { form in
                        refreshes.append(form)
                        return .json(#"{"access_token":"new-token","expires_in":3600,"refresh_token":"r2"}"#)
                    }
                    return signature(transport)
                }
            }
            for try await signature in group { #expect(signature == "Bearer new-token") }
        }
        #expect(refreshes.entries.count == 1)
    }

    @Test func anEndedLoginSaysWhatToType() async throws {
        try write(Self.own, expiry: "2001-01-01T00:00:00Z")
        let before = home.contents(Self.own)
        let error = await #expect(throws: CredentialError.self) {
            try await ask { _ in
                .json(#"{"error":"invalid_grant","error_description":"Refresh token is invalid"}"#, status: 400)
            }
        }
        guard case .signInFailed(let type, let message, let advice) = error else { throw try #require(error) }
        #expect(type == .externalBrowser && message.contains("Refresh token is invalid"))
        #expect(advice == "sign in again: dbsh login h.example, or at the prompt .connect h.example --login")
        #expect(home.contents(Self.own) == before)
    }

    @Test func ownLoginsComeFirstAndTheCLIsNextAndItsProfilesBeforeHosts() async throws {
        try write(Self.cli, expiry: "2999-01-01T00:00:00Z", key: "dev")
        try home.write("[dev]\nhost = h.example\n", to: ".databrickscfg")
        let (transport, type) = try await ask(.init(profile: "dev"), more: ["DATABRICKS_HOST": ""])
        #expect(signature(transport) == "Bearer old-token" && type == .databricksCLI)
        #expect(
            throws: CredentialError.notSignedIn(
                host: "https://h.example", authType: nil,
                explanation:
                    "\(home.path)/.databrickscfg was not read, because DATABRICKS_HOST is set and no profile is named"
            )
        ) { try ConnectionResolver.resolve(.init(), environment: environment, home: home.path) }
        try write(Self.own, expiry: "2999-01-01T00:00:00Z")
        #expect(try await ask().1 == .externalBrowser)
    }

    @Test func somethingElseIsSaidAndNotOverwritten() async throws {
        try write(Self.own, expiry: "2999-01-01T00:00:00Z")
        try home.write("no json", to: Self.own)
        await #expect(throws: UnreadableLogins.self) {
            try await TokenCache.own(environment, home: home.path).forget("https://h.example")
        }
        #expect(home.contents(Self.own) == "no json")
    }
}
