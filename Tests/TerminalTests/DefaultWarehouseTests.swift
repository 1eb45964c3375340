import Support
import Testing

/// Which warehouse runs SQL when nobody has named one.
@Suite struct DefaultWarehouseTests {
    /// The user has set a default.
    private struct OwnDefault: Trouble {
        var type = "CUSTOM"

        func reply(
            to request: FaultServer.Request, from answer: (FaultServer.Request) -> FaultServer.Reply
        ) -> FaultServer.Reply {
            guard request.path == "/api/warehouses/v1/default-warehouse-overrides/me" else { return answer(request) }
            return .json(#"{"type":"\#(type)","warehouse_id":"\#(ScriptedWorkspace.warehouse)"}"#)
        }
    }

    /// The token is wrong.
    private struct Refusal: Trouble {
        func reply(
            to request: FaultServer.Request, from answer: (FaultServer.Request) -> FaultServer.Reply
        ) -> FaultServer.Reply {
            .json(#"{"error_code":"PERMISSION_DENIED","message":"Invalid access token."}"#, status: 403)
        }
    }

    private func run(_ arguments: String, at workspace: ScriptedWorkspace) async throws -> ShellCommand.Result {
        let home = try ScratchDirectory()
        return try await ShellCommand(
            BuiltProduct.path("dbsh") + " " + arguments, in: home.path,
            environment: ScriptedShell.variables(workspace)
        ).run()
    }

    @Test func atThePromptOneThatRunsIsTakenAndSaidOnce() async throws {
        let workspace = try ScriptedWorkspace()
        let pty = try PtySession(
            program: BuiltProduct.path("dbsh"), arguments: ["-q"], environment: ScriptedShell.variables(workspace),
            columns: 100, rows: 30)
        try await pty.wait(for: "the prompt") { $0.cursorLine == "sql>" }
        for word in ["first", "second"] {
            pty.send("select \(word);\r")
            try await pty.wait(for: "the row") { $0.cursorLine == "sql @starter>" && $0.text.contains("│ \(word)") }
        }
        let said = pty.screen.lines.filter { $0.contains("SQL goes to warehouse starter (RUNNING): the only one") }
        #expect(said.count == 1)
        #expect(workspace.count("GET /api/warehouses/v1/default-warehouse-overrides/me") == 1)
    }

    @Test func aScriptTakesWhatIsSetAsTheDefault() async throws {
        let result = try await run("-c 'select one'", at: ScriptedWorkspace(trouble: OwnDefault()))
        #expect(result.status == 0 && result.output.contains("one"), "\(result)")
        #expect(result.errors == "SQL goes to warehouse starter (RUNNING): your default\n")
    }

    @Test(arguments: ["LAST_SELECTED", ""])
    func aScriptTakesNothingElse(type: String) async throws {
        let workspace = try ScriptedWorkspace(trouble: type.isEmpty ? nil : OwnDefault(type: type))
        let result = try await run("-c 'select one'", at: workspace)
        #expect(result.status == 2)
        #expect(
            result.errors.contains("no warehouse is chosen for SQL, and neither you nor the workspace has a default"))
        #expect(result.errors.contains("starter (\(ScriptedWorkspace.warehouse))"))
        #expect(workspace.count("POST") == 0)
    }

    @Test func aRefusedTokenIsNoMissingWarehouse() async throws {
        let result = try await run("-c 'select one'", at: ScriptedWorkspace(trouble: Refusal()))
        #expect(result.status == 3)
        #expect(result.errors.contains("refuses this: Invalid access token."), "\(result)")
        #expect(!result.errors.contains("no warehouse"))
    }

    @Test func withoutOneTheyAreListed() async throws {
        let result = try await run("-c .warehouse", at: ScriptedWorkspace(trouble: OwnDefault()))
        #expect(
            result.output.split(separator: "\n").last?.contains(
                "starter,\(ScriptedWorkspace.warehouse),RUNNING,default") == true)
    }

    /// Query tags go along when somebody asks for them, and never else.
    @Test func tagsAreSentWhenAskedFor() async throws {
        let workspace = try ScriptedWorkspace()
        _ = try await run("--warehouse starter -c 'select none'", at: workspace)
        _ = try await run("--warehouse starter --tag team=data -c '.tag nightly' -c 'select both'", at: workspace)
        let statements = workspace.server.log.entries.filter { $0.path == "/api/2.0/sql/statements" }.map(\.text)
        #expect(statements.first { $0.contains("none") }?.contains("query_tags") == false)
        let tags = #""query_tags":[{"key":"team","value":"data"},{"key":"nightly"}]"#
        #expect(statements.first { $0.contains("both") }?.contains(tags) == true)
    }
}
