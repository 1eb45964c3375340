import LocalWorkspace
import Support
import Testing

/// A cluster that makes no execution contexts is reached by Spark Connect, when the user agrees.
@Suite struct ConnectOfferSparkTests {
    @Test func aPersonIsAskedAndAScriptIsTold() async throws {
        let own = try await OwnWorkspace { $0.makesContexts = false }
        let environment = own.environment(choosesCompute: true)
        try await inAScript(environment)
        try await atATerminal(environment)
        await own.workspace.stop()
    }

    private func inAScript(_ environment: [String: String]) async throws {
        let scratch = try ScratchDirectory()
        let refused = try await ShellCommand(
            "dbsh -c '%python spark.range(3).count()'", in: scratch.path, environment: environment
        ).run()
        #expect(refused.status != 0 && refused.output.isEmpty)
        #expect(refused.errors.contains("not available in this cluster's access mode"))
        #expect(refused.errors.contains(".cluster NAME --connect"))
        let chosen = try await ShellCommand(
            "dbsh -c '.cluster local --connect' -c '%python spark.range(3).count()' -c 'select 4 as x'",
            in: scratch.path, environment: environment
        ).run()
        #expect(chosen.status == 0 && chosen.output == "3\nx\n4\n", "\(chosen.errors)")
    }

    private func atATerminal(_ environment: [String: String]) async throws {
        let shell = try PtySession(
            program: ServedWorkspace.binary, arguments: ["-l", "python"], environment: environment, columns: 80,
            rows: 24)
        // The cluster's name is known once it was asked for.
        let prompt = "python @local>"
        try await shell.wait(for: "the prompt") { $0.cursorLine == "python @0101-000000-local001>" }
        shell.send("spark.range(4).count()\r")
        try await shell.wait(for: "the question") { $0.cursorLine.hasSuffix("by Spark Connect? [Y/n]") }
        shell.send("n\r")
        try await shell.wait(for: "the refusal") { screen in
            screen.text.contains("→ .cluster NAME --connect") && screen.cursorLine == prompt
        }
        shell.send("spark.range(5).count()\r")
        try await shell.wait(for: "the question") { $0.cursorLine.hasSuffix("by Spark Connect? [Y/n]") }
        shell.send("\r")
        let here = "python @local (Python here)>"
        try await shell.wait(for: "the count") { $0.lines.contains("5") && $0.cursorLine == here }
        shell.send("spark.range(6).count()\r")
        try await shell.wait(for: "no question") { $0.lines.contains("6") && $0.cursorLine == here }
        shell.send(".quit\r")
        #expect(try await shell.exitStatus() == 0)
        #expect(Processes.mentioning(shell.home.path) == [], "processes are left")
    }
}
