import Databricks
import Results
import Support
import Testing

/// Every form of error body becomes one error with code, status, message and request id.
struct APIErrorTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let reply: HTTPResponse
        let code: String
        let message: String
        var requestID: String?
    }

    static let cases: [Case] = [
        Case(
            testDescription: "standard",
            reply: .json(
                #"{"error_code":"RESOURCE_DOES_NOT_EXIST","message":"No such."}"#, status: 404, ("x-request-id", "r")),
            code: "RESOURCE_DOES_NOT_EXIST", message: "No such.", requestID: "r"),
        Case(
            testDescription: "code as a number",
            reply: .json(#"{"error_code":403,"message":"Invalid access token."}"#, status: 403),
            code: "PERMISSION_DENIED", message: "Invalid access token."),
        Case(
            testDescription: "code as a numeric string",
            reply: .json(#"{"error_code":"401","message":"No credential."}"#, status: 401), code: "UNAUTHENTICATED",
            message: "No credential."),
        Case(
            testDescription: "request id in the details",
            reply: .json(
                #"{"error_code":"X_Y","message":"m","details":[{"@type":"t"},{"request_id":"d-1"}]}"#, status: 400),
            code: "X_Y", message: "m", requestID: "d-1"),
        Case(
            testDescription: "API 1.2",
            reply: .json(#"{"error":"RuntimeException: Unknown ExecutionStatus"}"#, status: 500),
            code: "RuntimeException", message: "RuntimeException: Unknown ExecutionStatus"),
        Case(
            testDescription: "API 1.2 without a class", reply: .json(#"{"error":"it broke: badly"}"#, status: 500),
            code: "INTERNAL_ERROR", message: "it broke: badly"),
        Case(
            testDescription: "OAuth",
            reply: .json(
                #"{"error":"invalid_client","error_description":"Client authentication failed"}"#, status: 401),
            code: "INVALID_CLIENT", message: "Client authentication failed"),
        Case(
            testDescription: "SCIM",
            reply: .json(#"{"detail":"bad filter","status":"400","scimType":"invalidFilter"}"#, status: 400),
            code: "SCIM_400", message: "invalidFilter bad filter"),
        Case(
            testDescription: "SCIM that failed inside",
            reply: .json(#"{"detail":"null","status":"500","scimType":"null"}"#, status: 500), code: "SCIM_500",
            message: "SCIM API Internal Error"),
        Case(
            testDescription: "text with a code",
            reply: .text("MALFORMED_REQUEST: not so", type: "text/plain", status: 400), code: "MALFORMED_REQUEST",
            message: "not so"),
        Case(
            testDescription: "plain text", reply: .text("Go away: now", type: "text/plain", status: 403),
            code: "PERMISSION_DENIED", message: "Go away: now"),
        Case(
            testDescription: "a page with pre",
            reply: .text("<html><body><pre>Forbidden &amp; here</pre></body></html>", type: "text/html", status: 403),
            code: "PERMISSION_DENIED", message: "Forbidden & here"),
        Case(
            testDescription: "a page with a title, of no type",
            reply: .text("<!DOCTYPE html><TITLE>502 Bad</TITLE>", type: "", status: 500), code: "INTERNAL_ERROR",
            message: "502 Bad"),
        Case(
            testDescription: "an empty page", reply: .text("<html></html>", type: "text/html", status: 404),
            code: "NOT_FOUND", message: "Not Found"),
        Case(
            testDescription: "nothing", reply: .text("", type: "text/plain", status: 500), code: "INTERNAL_ERROR",
            message: "Internal Server Error"),
        Case(
            testDescription: "nothing, with a rare status", reply: .text("", type: "text/plain", status: 418),
            code: "HTTP_418", message: "HTTP 418"),
        Case(
            testDescription: "the login page",
            reply: .text(
                "<!doctype html><title>Sign in</title><script src=/databricks.js>", type: "text/html; charset=utf-8",
                status: 200),
            code: APIError.loginPage, message: "it answers with its login page instead of data (Sign in)"),
        Case(
            testDescription: "another page",
            reply: .text("<!doctype html><title>Sign in</title>", type: "text/html; charset=utf-8", status: 200),
            code: APIError.foreignPage, message: "a web page came instead of data (Sign in)"),
        Case(
            testDescription: "a redirect elsewhere for now",
            reply: .text("", type: "", status: 307, ("Location", "http://portal.example/?mac=1")),
            code: APIError.foreignPage, message: "the answer leads elsewhere, to portal.example"),
        Case(
            testDescription: "a redirect to the login",
            reply: .text("", type: "", status: 303, ("Location", "/login.html?x")),
            code: APIError.loginPage,
            message: "it sends to its login page instead of data"),
        Case(
            testDescription: "private link",
            reply: .text("", type: "", status: 302, ("Location", "/login.html?error=private-link-validation-error:1")),
            code: APIError.privateLink,
            message: "the workspace can be reached through its private network (private link) only; this is another one"
        ),
        Case(
            testDescription: "another redirect",
            reply: .text("", type: "", status: 301, ("Location", "https://x.example/?token=s3cret")),
            code: "REDIRECTED",
            message: "the server redirects to https://x.example/?token=***, which is not followed"),
        Case(
            testDescription: "half a document", reply: .json(#"{"a":"#, status: 200), code: APIError.notJSON,
            message: #"the reply is not JSON: {"a":"#),
    ]

    private func error(_ reply: HTTPResponse) async throws -> APIError {
        let client = try ScriptedTransport { _ in reply }.client()
        var call = APICall.get("/api/2.0/things", [("q", "1")])
        call.retry = .none
        let final = call
        return try #require(await #expect(throws: APIError.self) { try await client.json(final) })
    }

    @Test(arguments: cases)
    func reads(_ expected: Case) async throws {
        let error = try await error(expected.reply)
        #expect(error.status == expected.reply.head.status)
        #expect(error.code == expected.code)
        #expect(error.message == expected.message)
        #expect(error.requestID == expected.requestID)
        #expect(error.method == "GET")
        #expect(error.path == "/api/2.0/things")
    }

    /// A result's reply is read by another path, with the same outcome.
    @Test(arguments: cases.filter { $0.code != APIError.notJSON && $0.reply.head["content-type"]?.isEmpty == false })
    func readsInStreams(_ expected: Case) async throws {
        let reply = expected.reply
        let client = try ScriptedTransport { _ in reply }.client()
        let error = try #require(
            await #expect(throws: APIError.self) { try await client.statements.get("s", retry: .none) })
        #expect(error.code == expected.code)
        #expect(error.message == expected.message)
    }

    @Test func unknownClustersAreNotFound() async throws {
        let client = try ScriptedTransport { _ in
            .json(#"{"error_code":"INVALID_PARAMETER_VALUE","message":"Cluster c does not exist"}"#, status: 400)
        }.client()
        let error = await #expect(throws: APIError.self) { try await client.clusters.get("c") }
        #expect(error?.isNotFound == true)
    }

    @Test func anEmptySuccessIsAnEmptyObject() async throws {
        let client = try ScriptedTransport { _ in .text(" \n", type: "application/json", status: 200) }.client()
        #expect(try await client.json(.get("/x")) == .object([]))
    }
}
