import Support
import Testing

/// Names of the catalog, which Tab asks the warehouse for.
@Suite struct CatalogNamesTests {
    /// A service that keeps SQL sessions.
    private struct Sessions: Trouble {
        func reply(
            to request: FaultServer.Request, from answer: (FaultServer.Request) -> FaultServer.Reply
        ) -> FaultServer.Reply {
            request.path.hasPrefix("/api/2.0/sql/sessions") ? .json(#"{"session_id":"s1"}"#) : answer(request)
        }
    }

    /// A statement in it would be part of an open transaction, and could meet a lock.
    @Test func namesAreAskedForOutsideTheUsersSession() async throws {
        let workspace = try ScriptedWorkspace(trouble: Sessions())
        let shell = try await ScriptedShell.open(at: workspace)
        for word in ["first", "second"] {
            shell.type("select \(word);")
            try await shell.prompt(below: "│ \(word)")
        }
        shell.pty.send("select * from \t")
        #expect(
            await workspace.received("POST /api/2.0/sql/statements") { $0.text.contains("\"SHOW TABLES\"") })
        let statements = workspace.server.log.entries.filter { $0.path == "/api/2.0/sql/statements" }.map(\.text)
        #expect(statements.contains { $0.contains("select second") && $0.contains("\"session_id\"") })
        #expect(!statements.contains { $0.contains("SHOW ") && $0.contains("session_id") })
    }
}
