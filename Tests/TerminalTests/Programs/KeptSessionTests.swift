import Glibc
import Support
import Testing

/// `--session NAME`: judged by what the server was asked, and by how dbsh ended.
@Suite(.timeLimit(.minutes(10))) struct KeptSessionTests {
    private let home: ScratchDirectory
    private let workspace: ScriptedWorkspace

    init() throws {
        home = try ScratchDirectory()
        workspace = try ScriptedWorkspace()
        workspace.server.respond("POST", "/api/2.0/sql/sessions") { _, use in
            .json(#"{"session_id":"sql\#(use + 1)"}"#)
        }
    }

    private func dbsh(_ arguments: String) async throws -> ShellCommand.Result {
        try await ShellCommand(
            "\(BuiltProduct.path("dbsh")) -X --cluster \(ScriptedWorkspace.cluster) --warehouse "
                + "\(ScriptedWorkspace.warehouse) \(arguments)",
            in: home.path, environment: ScriptedShell.variables(workspace)
        ).run()
    }

    /// One context for all three; reuse costs one question about it, and no more than a plain cell otherwise.
    @Test func threeProcessesShareAContext() async throws {
        for cell in ["one", "two", "three"] {
            let run = try await dbsh("--session etl -l python -c \(cell)")
            #expect(run.status == 0 && run.output.contains("ran \(cell)"), "\(run.errors)")
            #expect(run.errors.contains("session etl is new") == (cell == "one"))
        }
        #expect(workspace.count("POST /api/1.2/contexts/create") == 1)
        #expect(workspace.count("POST /api/1.2/contexts/destroy") == 0)
        // One of them is the first process waiting for its context.
        #expect(workspace.count("GET /api/1.2/contexts/status") == 3)
        #expect(workspace.count("GET /api/2.1/clusters/get") == 1)
    }

    @Test func theSQLSessionParametersAndLanguageComeBack() async throws {
        #expect(try await dbsh("--session a -P n:INT=1 -P s=x -c 'select 1'").status == 0)
        #expect(try await dbsh("--session a -l sql -P s=y -c 'select :n :s' -c '.lang python'").status == 0)
        let third = try await dbsh("--session a -c 'code'")
        #expect(third.output.contains("ran code"), "\(third.errors)")
        #expect(workspace.count("POST /api/2.0/sql/sessions") == 1)
        let sent = workspace.server.log.entries.last { $0.path == "/api/2.0/sql/statements" }?.text ?? ""
        #expect(sent.contains(#""session_id":"sql1""#))
        #expect(sent.contains(#"{"name":"n","type":"INT","value":"1"},{"name":"s","value":"y"}"#), "\(sent)")
    }

    @Test func aLostContextStopsAScriptBeforeItBegins() async throws {
        #expect(try await dbsh("--session a -l python -c one").status == 0)
        workspace.loseContext()
        for _ in 1...2 {
            let lost = try await dbsh("--session a -c two")
            #expect(
                lost.status == 1 && lost.output.isEmpty && lost.errors.contains("the context is lost"), "\(lost.errors)"
            )
        }
        let renewed = try await dbsh("--session a --new-if-lost -c two")
        #expect(renewed.status == 0 && renewed.output.contains("ran two") && renewed.errors.contains("makes a new one"))
        #expect(workspace.count("POST /api/1.2/commands/execute") == 2)
        #expect(try await dbsh("--session a -c three").status == 0)
    }

    /// A killed dbsh leaves its session to the next one, like any other.
    @Test func oneAtATimeHasASession() async throws {
        let first = try await ScriptedShell.open(
            ["--session", "a"], at: workspace, environment: ["HOME": home.path],
            prompt: "sql @starter session a>")
        first.type("%python one")
        try await first.prompt(below: "ran one", prompt: "sql @starter session a>")
        let busy = try await dbsh("--session a --deadline 0.4s -l python -c two")
        #expect(busy.status == 124 && busy.errors.contains("is in use by process"), "\(busy.errors)")
        first.pty.signal(SIGKILL)
        _ = try await first.pty.exitStatus()
        #expect(try await dbsh("--session a -l python -c three").status == 0)
        #expect(workspace.count("POST /api/1.2/contexts/create") == 1)
    }

    @Test func sessionsAreKeptAndForgotten() async throws {
        #expect(try await dbsh("-l python -c one -c '.session keep b'").status == 0)
        #expect(workspace.contextsLeftBehind.count == 1)
        #expect(try await dbsh("-l python -c '.session keep b'").status == 2)
        let list = try await ShellCommand("\(BuiltProduct.path("dbsh")) sessions -m csv", in: home.path).run()
        #expect(list.output.contains("\nb,\(workspace.server.url),"), "\(list.output)")
        #expect(try await dbsh("-c '.session forget b'").status == 0)
        #expect(workspace.contextsLeftBehind.isEmpty)
        #expect(try await dbsh("-c '.session forget b'").status == 2)
        // What is forgotten while it is used ends with dbsh.
        #expect(try await dbsh("--session c -l python -c one -c '.session forget'").status == 0)
        #expect(workspace.contextsLeftBehind.isEmpty)
    }

    @Test func whatCannotBeKeptIsRefused() async throws {
        for arguments in [
            "--session ../x -c one", "--session '' -c one", "--new-if-lost -c one", "--session a --resume",
        ] {
            #expect(try await dbsh(arguments + " </dev/null").status == 2, "\(arguments)")
        }
        let other = try ScriptedWorkspace()
        #expect(try await dbsh("--session a -c 'select 1'").status == 0)
        let wrong = try await dbsh("--host \(other.server.url) --session a -c 'select 1'")
        #expect(wrong.status == 2 && wrong.errors.contains(workspace.server.url), "\(wrong.errors)")
    }
}
