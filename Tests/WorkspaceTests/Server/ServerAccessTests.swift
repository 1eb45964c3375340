import System
import Testing

@testable import LocalWorkspace

/// Who gets in, and what requests the server takes.
@Suite(.timeLimit(.minutes(10)))
struct ServerAccessTests {
    static let me = "/api/2.0/preview/scim/v2/Me"

    @Test func aTokenOpensTheDoor() async throws {
        try await withReplayWorkspace(autostart: false) { workspace, client in
            let answer = try await client.send("GET", Self.me)
            #expect(answer.status == 200)
            #expect(answer.json["userName"] == "me@local")
            #expect(answer.headers["x-databricks-org-id"] == workspace.workspaceID)
            #expect(answer.headers["x-request-id"]?.isEmpty == false)
            #expect(answer.headers["content-type"] == "application/json")
        }
    }

    @Test(arguments: [
        ("", 401, "Credential was not sent or was of an unsupported type for this API."),
        ("Basic bWU6cGFzcw==", 401, "Credential was not sent or was of an unsupported type for this API."),
        ("Bearer wrong", 403, "Invalid access token."),
        ("Bearer ", 403, "Invalid access token."),
    ])
    func otherCredentialsAreRefused(header: String, status: Int, message: String) async throws {
        try await withReplayWorkspace(autostart: false) { _, client in
            let answer = try await client.send("GET", Self.me, headers: ["Authorization": header])
            #expect(answer.status == status)
            #expect(answer.json == ["error_code": .integer(status), "message": .string(message)])
        }
    }

    @Test(arguments: ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "10.0.0.1", "localhost:"])
    func aForeignHostIsRefused(host: String) async throws {
        try await withReplayWorkspace(autostart: false) { _, client in
            let answer = try await client.send("GET", Self.me, headers: ["Host": host])
            #expect(answer.status == 403)
            #expect(answer.json["error_code"] == "PERMISSION_DENIED")
        }
    }

    @Test func aRequestWithoutHostIsRefused() async throws {
        try await withReplayWorkspace(autostart: false) { workspace, client in
            let request = "GET \(Self.me) HTTP/1.0\r\nAuthorization: Bearer \(workspace.token)\r\n\r\n"
            let answer = String(decoding: try await client.exchange(Array(request.utf8)), as: UTF8.self)
            #expect(answer.split(separator: " ").dropFirst().first == "403")
        }
    }

    @Test(arguments: ["localhost", "LOCALHOST:1234", "127.0.0.1", "[::1]:80", "[::1]"])
    func aLoopbackHostIsNot(host: String) async throws {
        try await withReplayWorkspace(autostart: false) { _, client in
            let answer = try await client.send("GET", Self.me, headers: ["Host": host])
            #expect(answer.status == 200)
        }
    }

    @Test func aTLSClientIsSentAwayAtOnce() async throws {
        try await withReplayWorkspace(autostart: false) { _, client in
            // A handshake record that promises more than it brings: a server that reads on would wait.
            let answer = try await client.exchange([0x16, 0x03, 0x01, 0x02, 0x00])
            #expect(answer.isEmpty)
            #expect(try await client.send("GET", Self.me).status == 200)
        }
    }

    @Test(arguments: [
        ("GET", "/api/2.1/nothing"), ("GET", "/"), ("POST", "/api/2.1/clusters/get"),
        ("GET", "/api/2.1/clusters/start"),
        ("PUT", "/api/2.0/sql/statements"),
    ])
    func whatIsNotAnEndpointIsNotFound(method: String, path: String) async throws {
        try await withReplayWorkspace(autostart: false) { _, client in
            let answer = try await client.send(method, path, [:])
            #expect(answer.status == 404)
            #expect(answer.json["error_code"] == "ENDPOINT_NOT_FOUND")
            #expect(answer.json["message"] == .string("No API found for '\(method) \(path)'"))
        }
    }

    @Test(arguments: ["{", "[]", "\"text\"", "{\"cluster_id\":7}", "nonsense"])
    func whatCannotBeReadIsMalformed(body: String) async throws {
        try await withReplayWorkspace(autostart: false) { workspace, client in
            let answer = try await client.raw(
                "POST", "/api/2.1/clusters/start", body: Array(body.utf8),
                headers: ["Authorization": "Bearer \(workspace.token)"])
            #expect(answer.status == 400)
            #expect(answer.json["error_code"] == "MALFORMED_REQUEST")
        }
    }

    @Test func aBodyWithoutEndIsRefused() async throws {
        try await withReplayWorkspace(autostart: false) { workspace, client in
            let answer = try await client.raw(
                "POST", "/api/2.0/sql/statements", body: [UInt8](repeating: 0x20, count: HTTPServer.bodyLimit + 1),
                headers: ["Authorization": "Bearer \(workspace.token)"])
            #expect(answer.status == 413)
        }
    }

    @Test func theLogHoldsNoSecret() async throws {
        let lines = Locked<[String]>([])
        try await withReplayWorkspace(autostart: true) { options in
            options.log = { line in lines.withLock { $0.append(line) } }
        } _: { workspace, client in
            _ = try await client.send("GET", Self.me + "?secret=1")
            let done = try await client.statement("select 1", ["disposition": "EXTERNAL_LINKS"])
            let link = try #require(done["result"]?["external_links"]?.elements?.first?["external_link"]?.string)
            let path = String(link.dropFirst(workspace.url.count))
            _ = try await client.raw("GET", path)
            let log = lines.withLock { $0 }.joined(separator: "\n")
            #expect(log.contains("GET \(Self.me) 200"))
            #expect(log.contains("GET /external-results/… 200"))
            for secret in [workspace.token, "secret=1", String(path.dropFirst(ResultLinkRoutes.path.count + 1))] {
                #expect(!log.contains(secret))
            }
        }
    }

    @Test func aPortInUseIsSaid() async throws {
        try await withReplayWorkspace(autostart: false) { _, client in
            var options = LocalWorkspace.Options(dataDirectory: "", engine: ReplayEngine.installation)
            options.ephemeral = true
            options.port = client.port
            let error = await #expect(throws: LocalWorkspaceError.self) { try await LocalWorkspace.start(options) }
            #expect(error?.message.contains("port \(client.port)") == true)
        }
    }

    @Test func aConnectionServesManyRequests() async throws {
        try await withReplayWorkspace(autostart: false) { workspace, client in
            let one = "GET \(Self.me) HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(workspace.token)\r\n"
            let requests = one + "\r\n" + one + "\r\n" + one + "Connection: close\r\n\r\n"
            let answers = String(decoding: try await client.exchange(Array(requests.utf8)), as: UTF8.self)
            #expect(answers.split(separator: "HTTP/1.1 200").count == 3)
        }
    }

    @Test func stoppingAnswersNobodyAndWaitsForNobody() async throws {
        try await withGatedWorkspace { workspace, client, _ in
            async let waiting = try? client.statement("select 1", wait: "50s")
            _ = try await client.poll("/api/2.0/sql/history/queries") { $0.json["res"]?.elements?.isEmpty == false }
            await workspace.stop()
            #expect(await waiting == nil)
        }
    }
}
