import Databricks
import Support
import Testing

@testable import Shell

/// The server-side session of SQL on a warehouse: opened once, and again after the service has lost it.
@MainActor
@Suite(.timeLimit(.minutes(10)))
struct StatementSessionsTests {
    private let workspace = Workspace(.configured(ConnectionArguments()), environment: .ofProcess()) { _ in }
    private let sessions = StatementSessions()

    /// A service that gives out the sessions s1, s2, …
    private func client() throws -> Client {
        let opened = Guarded(0)
        return try ScriptedTransport { _ in
            let number = opened.withLock { opened in
                opened += 1
                return opened
            }
            return .json(#"{"session_id":"s\#(number)"}"#)
        }.client()
    }

    private func prepared(_ client: Client) async throws -> StatementRequest {
        var request = StatementRequest("select 1", warehouseID: "w")
        try await sessions.prepare(&request, workspace, client)
        return request
    }

    private func refusal(_ status: Int, _ message: String) -> APIError {
        APIError(status: status, code: "", message: message, method: "POST", path: "/")
    }

    @Test func isKept() async throws {
        let client = try client()
        #expect(try await prepared(client).sessionID == "s1")
        #expect(try await prepared(client).sessionID == "s1")
    }

    /// A single statement needs none, whatever it does; once there is one, the last statement needs it too.
    @Test func isNotMadeForTheLastStatement() async throws {
        let client = try client()
        workspace.catalog = "main"
        sessions.nothingFollows = true
        let only = try await prepared(client)
        #expect(only.sessionID == nil)
        #expect(only.catalog == "main")
        sessions.nothingFollows = false
        #expect(try await prepared(client).sessionID == "s1")
        sessions.nothingFollows = true
        #expect(try await prepared(client).sessionID == "s1")
    }

    @Test func isOpenedAgainAfterItWasLost() async throws {
        let client = try client()
        let request = try await prepared(client)
        let error = sessions.explained(refusal(404, "Session s1 does not exist"), of: request)
        #expect((error as? StatementSessionLost)?.message == "Session s1 does not exist")
        #expect(try await prepared(client).sessionID == "s2")
    }

    @Test(arguments: [
        (400, "The parameter is invalid"), (403, "no permission for the session"), (500, "session failed"),
    ])
    func isKeptAfterOtherErrors(status: Int, message: String) async throws {
        let client = try client()
        let request = try await prepared(client)
        #expect(sessions.explained(refusal(status, message), of: request) is APIError)
        #expect(try await prepared(client).sessionID == "s1")
    }

    @Test func withoutASessionNothingIsLost() {
        let request = StatementRequest("select 1", warehouseID: "w")
        #expect(sessions.explained(refusal(404, "Session x does not exist"), of: request) is APIError)
    }
}
