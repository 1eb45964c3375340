import System
import Testing

@testable import LocalWorkspace

/// Signing in with a browser, as the server sees it: who is sent where, and what a code is good for.
@Suite(.timeLimit(.minutes(10)))
struct AuthorizationServerTests {
    private static let verifier = String(repeating: "v", count: 43)
    /// base64url(SHA-256(verifier)), computed by another program.
    private static let challenge = "7w_YNF9DSfIdPf_pRjSq646_kPr-2-o9NAl16JGghdM"

    private func authorization(_ changes: [String: String?] = [:]) -> String {
        let fields: [String: String?] = [
            "response_type": "code", "client_id": "databricks-cli", "redirect_uri": "http://localhost:8020",
            "scope": "offline_access+all-apis", "state": "s1", "code_challenge": Self.challenge,
            "code_challenge_method": "S256",
        ].merging(changes) { $1 }
        return "/oidc/v1/authorize?"
            + fields.compactMap { name, value in value.map { "\(name)=\($0)" } }.sorted().joined(separator: "&")
    }

    private func code(_ client: TestClient, _ target: String? = nil) async throws -> String {
        let page = try await client.raw("GET", target ?? authorization())
        try #require(page.status == 200, "\(page.text)")
        let id = try #require(page.text.split(separator: #"name="request" value=""#).last?.prefix { $0 != "\"" })
        let answer = try await client.raw(
            "POST", "/oidc/v1/authorize", body: Array("request=\(id)&decision=allow".utf8))
        let location = try #require(answer.headers["location"])
        #expect(location.hasPrefix("http://localhost:8020?code=") && location.hasSuffix("&state=s1"))
        // The page is answered once.
        #expect(
            try await client.raw("POST", "/oidc/v1/authorize", body: Array("request=\(id)&decision=allow".utf8)).status
                == 400)
        return String(location.split(separator: "code=")[1].prefix { $0 != "&" })
    }

    private func token(_ client: TestClient, _ form: String) async throws -> TestClient.Answer {
        try await client.raw("POST", "/oidc/v1/token", body: Array(form.utf8))
    }

    private func exchange(_ code: String, verifier: String = verifier, port: Int = 8020) -> String {
        "grant_type=authorization_code&client_id=databricks-cli&code=\(code)&code_verifier=\(verifier)"
            + "&redirect_uri=http://localhost:\(port)"
    }

    @Test func aCodeIsGoodOnceAndARefreshTokenToo() async throws {
        try await withReplayWorkspace(autostart: false) { workspace, client in
            let code = try await code(client)
            let answer = try await token(client, exchange(code))
            #expect(answer.status == 200, "\(answer.text)")
            #expect(try await token(client, exchange(code)).json["error"] == "invalid_grant")
            let refresh = try #require(answer.json["refresh_token"]?.string)
            let form = "grant_type=refresh_token&client_id=databricks-cli&refresh_token=\(refresh)"
            let next = try await token(client, form)
            let access = try #require(next.json["access_token"]?.string)
            #expect(next.json["refresh_token"] != answer.json["refresh_token"])
            #expect(try await token(client, form).json["error_description"] == "Refresh token is invalid")
            let me = try await client.send("GET", ServerAccessTests.me, headers: ["Authorization": "Bearer \(access)"])
            #expect(me.status == 200)
        }
    }

    @Test func withoutOfflineAccessThereIsNoRefreshToken() async throws {
        try await withReplayWorkspace(autostart: false) { _, client in
            let answer = try await token(client, exchange(try await code(client, authorization(["scope": "all-apis"]))))
            #expect(answer.status == 200 && answer.json["refresh_token"] == nil)
        }
    }

    @Test func aCodeBelongsToItsVerifierAndItsPlace() async throws {
        try await withReplayWorkspace(autostart: false) { _, client in
            let wrong = String(repeating: "w", count: 43)
            for form in [
                exchange(try await code(client), verifier: wrong), exchange(try await code(client), port: 8021),
            ] {
                #expect(try await token(client, form).json["error"] == "invalid_grant")
            }
        }
    }

    /// Who cannot be trusted is sent nothing; others get the error where they wait.
    @Test func whatIsWrongIsToldToTheRightOne() async throws {
        try await withReplayWorkspace(autostart: false) { workspace, client in
            for changes in [
                ["client_id": "other"], ["redirect_uri": "https://evil.example"], ["redirect_uri": nil],
                ["redirect_uri": "http://localhost:8020@evil.example"],
                ["redirect_uri": "http://localhost.evil.example:80"],
            ] {
                let answer = try await client.raw("GET", authorization(changes))
                #expect(answer.status == 400 && answer.headers["location"] == nil, "\(changes)")
            }
            for (changes, error) in [
                (["code_challenge": nil], "invalid_request"), (["code_challenge_method": "plain"], "invalid_request"),
                (["response_type": "token"], "unsupported_response_type"),
            ] {
                let answer = try await client.raw("GET", authorization(changes))
                #expect(answer.status == 302, "\(changes)")
                #expect(answer.headers["location"]?.hasPrefix("http://localhost:8020?error=\(error)&") == true)
                #expect(answer.headers["location"]?.hasSuffix("&state=s1") == true)
            }
            let framed = try await client.raw("GET", authorization())
            #expect(framed.headers["x-frame-options"] == "DENY")
            #expect(
                try await client.raw("POST", "/oidc/v1/authorize", body: Array("request=&decision=allow".utf8)).status
                    == 400)
            let account = "/oidc/accounts/\(workspace.accountID)/v1/authorize?"
            #expect(try await client.raw("GET", account + authorization().split(separator: "?")[1]).status == 200)
        }
    }
}
