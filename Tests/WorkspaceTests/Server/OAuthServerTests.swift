import Testing

@testable import LocalWorkspace

/// Signing in as a service principal.
@Suite(.timeLimit(.minutes(10)))
struct OAuthServerTests {
    private func basic(_ id: String, _ secret: String) -> String {
        // Base 64 of RFC 4648, written out here so that the server's own reading is tested against another writer.
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        let bytes = Array("\(id):\(secret)".utf8)
        var text = ""
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for index in 0..<4 {
                text.append(index <= group.count ? alphabet[bits >> (18 - 6 * index) & 63] : "=")
            }
        }
        return "Basic " + text
    }

    private func token(
        _ client: TestClient, _ path: String = "/oidc/v1/token", authorization: String?,
        _ form: String = "grant_type=client_credentials&scope=all-apis"
    ) async throws -> TestClient.Answer {
        var headers = ["Content-Type": "application/x-www-form-urlencoded"]
        headers["Authorization"] = authorization
        return try await client.raw("POST", path, body: Array(form.utf8), headers: headers)
    }

    @Test func theProbeLeadsToTheTokenEndpoint() async throws {
        try await withReplayWorkspace(autostart: false) { workspace, client in
            let probe = try await client.raw("GET", "/.well-known/databricks-config").json
            #expect(probe["oidc_endpoint"] == .string(workspace.url + "/oidc"))
            #expect(probe["workspace_id"] == .string(workspace.workspaceID))
            #expect(probe["account_id"] == .string(workspace.accountID))
            for level in ["/oidc", "/oidc/accounts/\(workspace.accountID)"] {
                let metadata = try await client.raw("GET", level + "/.well-known/oauth-authorization-server").json
                #expect(metadata["token_endpoint"] == .string(workspace.url + level + "/v1/token"))
            }
        }
    }

    @Test(arguments: [false, true])
    func anAccessTokenOpensTheDoor(account: Bool) async throws {
        try await withReplayWorkspace(autostart: false) { workspace, client in
            let path = account ? "/oidc/accounts/\(workspace.accountID)/v1/token" : "/oidc/v1/token"
            let answer = try await token(
                client, path, authorization: basic(workspace.clientID, workspace.clientSecret))
            #expect(answer.status == 200)
            #expect(answer.json["token_type"] == "Bearer")
            #expect(answer.json["expires_in"] == 3600)
            #expect(answer.json["scope"] == "all-apis")
            let access = try #require(answer.json["access_token"]?.string)
            let me = try await client.send("GET", ServerAccessTests.me, headers: ["Authorization": "Bearer \(access)"])
            #expect(me.status == 200)
        }
    }

    @Test func credentialsMayComeInTheForm() async throws {
        try await withReplayWorkspace(autostart: false) { workspace, client in
            let form =
                "grant_type=client_credentials&client_id=\(workspace.clientID)&client_secret=\(workspace.clientSecret)"
            let answer = try await token(client, authorization: nil, form)
            #expect(answer.status == 200)
        }
    }

    @Test func anExpiredAccessTokenIsToldApart() async throws {
        try await withReplayWorkspace(autostart: false) { options in
            options.accessTokenLifetime = .zero
        } _: { workspace, client in
            let answer = try await token(client, authorization: basic(workspace.clientID, workspace.clientSecret))
            let access = try #require(answer.json["access_token"]?.string)
            let me = try await client.send("GET", ServerAccessTests.me, headers: ["Authorization": "Bearer \(access)"])
            #expect(me.status == 401)
        }
    }

    @Test func whatIsWrongIsRefusedInOAuthForm() async throws {
        try await withReplayWorkspace(autostart: false) { workspace, client in
            let good = basic(workspace.clientID, workspace.clientSecret)
            let cases: [(String?, String, Int, String)] = [
                (basic(workspace.clientID, "wrong"), "grant_type=client_credentials", 401, "invalid_client"),
                (basic("wrong", workspace.clientSecret), "grant_type=client_credentials", 401, "invalid_client"),
                (nil, "grant_type=client_credentials", 401, "invalid_client"),
                (good, "grant_type=password", 400, "unsupported_grant_type"),
                (good, "", 400, "invalid_request"),
                (good, "grant_type=%zz", 400, "invalid_request"),
            ]
            for (authorization, form, status, error) in cases {
                let answer = try await token(client, authorization: authorization, form)
                #expect(answer.status == status)
                #expect(answer.json["error"] == .string(error), "\(form)")
            }
            let other = try await token(client, "/oidc/accounts/other/v1/token", authorization: good)
            #expect(other.status == 404)
        }
    }
}
