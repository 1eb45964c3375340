import Results
import Support
import Testing

/// `--timeout`, `--deadline` and `--retry-cell` against a workspace that does as it is told: what the server was asked, and how
/// dbsh ended.
@Suite struct TimeLimitTests {
    private func dbsh(_ arguments: String, at workspace: ScriptedWorkspace) async throws -> ShellCommand.Result {
        let home = try ScratchDirectory()
        return try await ShellCommand(
            "\(BuiltProduct.path("dbsh")) -X --cluster \(ScriptedWorkspace.cluster) --warehouse "
                + "\(ScriptedWorkspace.warehouse) \(arguments)",
            in: home.path, environment: ScriptedShell.variables(workspace)
        ).run()
    }

    @Test(arguments: [("hang", "/api/2.0/sql/statements/"), ("%python hang", "/api/1.2/commands/cancel")])
    func aCellThatTakesTooLongIsCancelled(_ code: String, _ path: String) async throws {
        let workspace = try ScriptedWorkspace()
        let run = try await dbsh("--timeout 0.3s -c '\(code)' -c 'select after'", at: workspace)
        #expect(run.status == 124, "\(run.errors)")
        #expect(run.output.isEmpty && run.errors.contains("within 0.3s (--timeout)"))
        #expect(run.errors.contains("  cancelled "))
        let cancels = workspace.server.log.entries.filter {
            $0.path.hasPrefix(path) && $0.path.hasSuffix("cancel") && $0.method == "POST"
        }
        #expect(cancels.count == 1)
        #expect(workspace.contextsLeftBehind == [])
    }

    /// One that does not hear the cancel is said to run on.
    @Test func anUnconfirmedCancelIsSaid() async throws {
        let run = try await dbsh("--timeout 0.2s -c 'deaf'", at: ScriptedWorkspace())
        #expect(run.status == 124 && run.errors.contains("may still be running"), "\(run.errors)")
    }

    /// After a deadline nothing more is run, whatever `--on-error` says; a timeout is a failure like others.
    @Test func aDeadlineEndsTheScript() async throws {
        let workspace = try ScriptedWorkspace()
        let late = try await dbsh("--deadline 0.3s --on-error continue -c hang -c 'select two'", at: workspace)
        #expect(late.status == 124 && late.output.isEmpty, "\(late.errors)")
        let slow = try await dbsh("--timeout 0.3s --on-error continue -c hang -c 'select two'", at: workspace)
        #expect(slow.status == 124 && slow.output == "x\ntwo\n", "\(slow.errors)")
        let wanted = try await dbsh("--timeout 0.3s -c 'hang;\n.expect error TIMEOUT\nselect two;'", at: workspace)
        #expect(wanted.status == 0 && wanted.output == "x\ntwo\n", "\(wanted.errors)")
    }

    /// A command of this machine's is ended, with all that it has started.
    @Test(arguments: ["--deadline", "--timeout"])
    func aCommandHereIsEnded(_ option: String) async throws {
        // A name that no other process has.
        let pipe = "pipe\(UInt32.random(in: 0 ... .max))"
        let run = try await dbsh(
            "\(option) 0.5s -c '.sh echo here; mkfifo \(pipe); cat \(pipe) | cat; echo no' -c '.sh echo two'; echo $?; "
                + "pgrep -f 'cat \(pipe)$' || echo gone", at: ScriptedWorkspace())
        #expect(run.output == "here\n124\ngone\n", "\(run.output) \(run.errors)")
    }

    /// The next cell may be long in coming.
    @Test func aDeadlineEndsTheWaitForInput() async throws {
        let workspace = try ScriptedWorkspace()
        let home = try ScratchDirectory()
        let run = try await ShellCommand(
            "mkfifo p; exec 3<>p; echo 'select one;' >&3; \(BuiltProduct.path("dbsh")) -X --deadline 0.5s --warehouse "
                + "\(ScriptedWorkspace.warehouse) <p; echo $?",
            in: home.path, environment: ScriptedShell.variables(workspace)
        ).run()
        #expect(run.output == "x\none\n124\n", "\(run.errors)")
    }

    /// `server` fails twice and then answers.
    @Test func onlyWhatReadsIsSentAgain() async throws {
        for (statement, sent) in [("select 1", 3), ("insert into t values (1)", 1)] {
            let server = try FaultServer()
            let failed =
                #"{"statement_id":"1","status":{"state":"FAILED","error":{"error_code":"TEMPORARILY_UNAVAILABLE","message":"busy"}}}"#
            let done =
                #"{"statement_id":"2","status":{"state":"SUCCEEDED"},"manifest":{"total_chunk_count":1,"total_row_count":1,"#
                + #""schema":{"columns":[{"name":"x","type_text":"INT","type_name":"INT"}]}},"result":{"data_array":[["1"]]}}"#
            server.on("POST", "/api/2.0/sql/statements", .json(failed), .json(failed), .json(done))
            let home = try ScratchDirectory()
            let run = try await ShellCommand(
                "\(BuiltProduct.path("dbsh")) -X --retry-cell 2 --report r.jsonl -c '\(statement)'", in: home.path,
                environment: [
                    "DATABRICKS_HOST": server.url, "DATABRICKS_TOKEN": "t",
                    "DATABRICKS_WAREHOUSE_ID": "00000000000010ca",
                ]
            ).run()
            #expect(server.log.entries.count { $0.path == "/api/2.0/sql/statements" } == sent)
            #expect(run.status == (sent == 3 ? 0 : 1), "\(run.errors)")
            #expect(home.contents("r.jsonl")?.contains("\"attempts\":\(sent)") == true)
        }
    }
}
