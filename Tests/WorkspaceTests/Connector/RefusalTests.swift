import Glibc
import Support
import Testing

/// What a server refuses.
@Suite(.timeLimit(.minutes(10)))
struct RefusalTests: ConnectorSuite {
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
            exit: 3, says: ["wants to know which workspace", "(Databricks - Login)", "--host with ?o=ID"]),
        Refusal(
            testDescription: "a captive portal", reply: .html("<html><title>Airport WiFi Login</title></html>"),
            exit: 3,
            says: ["somebody else answers for http://127.0.0.1", "(Airport WiFi Login)", "a captive portal or a proxy"]),
        Refusal(
            testDescription: "a captive portal by its own status", reply: .html("<html></html>", status: 511), exit: 3,
            says: ["somebody else answers for http://127.0.0.1", "a captive portal or a proxy"]),
        Refusal(
            testDescription: "an address that is not on the list",
            reply: .json(
                #"{"error_code":"PERMISSION_DENIED","message":"Source IP address: 203.0.113.7 is blocked by Databricks IP ACL"}"#,
                status: 403), exit: 3,
            says: [
                "does not let this network in: Source IP address: 203.0.113.7",
                "its IP access list has other addresses",
            ]),
        Refusal(
            testDescription: "a login of a captive portal",
            reply: .status(302, headers: [("Location", "https://h.example/login.html?next=x")]), exit: 3,
            says: ["somebody else answers for http://127.0.0.1", "leads elsewhere, to h.example"]),
        Refusal(
            testDescription: "a login", reply: .status(302, headers: [("Location", "/login.html?next=x")]), exit: 3,
            says: ["wants to know which workspace", "sends to its login page"]),
        Refusal(
            testDescription: "a private link",
            reply: .status(302, headers: [("Location", "/login.html?error=private-link-validation-error:1")]),
            exit: 3, says: ["by its private network (private link) only", "such as a VPN"]),
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
}
