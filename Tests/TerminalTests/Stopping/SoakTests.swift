import Glibc
import Support
import Testing

/// Random keys against a server that does random things: in the end the shell answers, the terminal is as it was, and no context
/// is left behind. `DBSH_SOAK_SECONDS` makes it longer, `DBSH_SOAK_SEED` repeats one: the same keys at the same pace, against the
/// same trouble.
@Suite struct SoakTests {
    /// What a person might do, sensible or not. Nothing that leaves the shell on purpose.
    static let actions = [
        "select one;\r", "hang a;\r", "hang b;&\r", "deaf c;\r", "queue d;\r", "fail e;\r", "chunks f;\r", "take 200;\r",
        "take 900;\r", "take 700;&\r", "%python hang\r", "%python deaf\r", "%python fail\r", "%python x\r", "%python lose\r",
        "%python take 300\r", ".bg %python hang\r", ".bg %python take 400\r", ".jobs\r", ".wait\r", ".wait 1\r", ".cancel\r",
        ".cancel 1\r", ".result\r", ".last\r", ".clusters\r", ".cluster start\r", ".warehouse start\r", ".context\r",
        ".context new\r", ".context close\r", ".watch 0.1\r", ".api GET /2.1/clusters/list --retries 3 --retry-delay 50\r",
        ".export x.csv\r", ".help\r", ".tables\r", ".lang python\r", ".lang sql\r", ".echo é日本🙂\r", ".rerun 1\r",
        "\u{3}", "\u{3}", "\u{3}", "\u{3}\u{3}", "\t", "\t\t", "q", "y\r", "n\r", "\u{1B}[A", "\u{1B}[B", "\u{1B}[D",
        "\u{12}sel\r", "\u{1B}", "\u{7F}", "\u{1A}", "\u{B}\u{15}", "\u{1B}[200~select\n1\n;\u{1B}[201~", "é日本🙂", "'", "(",
        "\r", ";\r", "%python x.\t",
    ]

    private static func number(_ name: String) -> UInt64? { getenv(name).flatMap { UInt64(String(cString: $0)) } }

    @Test func randomKeysLeaveEverythingInOrder() async throws {
        let seed = Self.number("DBSH_SOAK_SEED") ?? UInt64.random(in: 1...999_999)
        let duration = Duration.seconds(Int64(Self.number("DBSH_SOAK_SECONDS") ?? 8))
        let trouble = RandomTrouble(seed: seed &* 31)
        let workspace = try ScriptedWorkspace(trouble: trouble)
        let shell = try await ScriptedShell.open(at: workspace)
        var typed: [String] = []
        do {
            try await play(shell, seed, duration, &typed)
            trouble.end()
            workspace.change { $0.clusterState = "RUNNING"; $0.warehouseState = "RUNNING" }
            try await settle(shell)
            try await leave(shell)
        } catch {
            Issue.record("seed \(seed), after \(typed.suffix(40)): \(error)\n\(Self.recent(workspace))")
            return
        }
        #expect(workspace.contextsLeftBehind == [], "seed \(seed): contexts were left behind")
        #expect(shell.pty.mode == shell.pty.initialMode, "seed \(seed): the terminal has another mode")
        let modes = shell.pty.screen.modes
        #expect(modes["25"] != false && !modes.contains { $0.key != "25" && $0.value }, "seed \(seed): \(modes)")
    }

    /// Types at random until the time is over.
    private func play(
        _ shell: ScriptedShell, _ seed: UInt64, _ duration: Duration, _ typed: inout [String]
    ) async throws {
        var generator = SplitMix(state: seed)
        let end = ContinuousClock.now + duration
        while ContinuousClock.now < end {
            let action = Self.actions.randomElement(using: &generator)!
            // Nobody types on and on when nothing is taken.
            if shell.pty.typedAhead == 0 {
                shell.pty.send(action)
                typed.append(action)
            }
            if Int.random(in: 0..<20, using: &generator) == 0 {
                shell.pty.resize(
                    columns: .random(in: 20...120, using: &generator), rows: .random(in: 5...40, using: &generator))
            }
            if Int.random(in: 0..<60, using: &generator) == 0 { restart(shell.workspace) }
            // The pace is part of what is random: it is what meets the shell in one state or the next.
            try await Task.sleep(for: .milliseconds(Int.random(in: 0...60, using: &generator)))
        }
    }

    /// Somebody else restarts the cluster, or starts what was starting.
    private func restart(_ workspace: ScriptedWorkspace) {
        workspace.loseContexts()
        workspace.change { state in
            state.clusterState = "RUNNING"
            state.warehouseState = "RUNNING"
        }
    }

    /// Gets to an empty prompt from wherever the keys have led: Ctrl-C until there is one.
    private func settle(_ shell: ScriptedShell) async throws {
        shell.pty.resize(columns: 90, rows: 24)
        let deadline = ContinuousClock.now + PtySession.patience
        while ContinuousClock.now < deadline {
            shell.pty.send("\u{3}")
            try await Task.sleep(for: .milliseconds(100))
            if Self.isAtPrompt(shell.pty.screen) { break }
        }
        // What was typed ahead may still run.
        shell.type(".echo all is \\\nwell")
        try await shell.wait(for: "an answer") { $0.lines.contains("all is well") && Self.isAtPrompt($0) }
    }

    /// SQL goes to the warehouse, Python to the cluster.
    private static func isAtPrompt(_ screen: ScreenEmulator) -> Bool {
        screen.cursorLine.hasSuffix(" @starter>") || screen.cursorLine.hasSuffix(" @dev>")
    }

    private func leave(_ shell: ScriptedShell) async throws {
        shell.type(".lang sql")
        shell.type("select alive;")
        try await shell.wait(for: "a result") { screen in screen.lines.contains { $0.hasPrefix("│ alive") } }
        shell.type(".quit")
        shell.type("y")  // should there be jobs
        let status = try await shell.pty.exitStatus()
        #expect(status == 0)
        try await shell.pty.closed()
    }

    private static func recent(_ workspace: ScriptedWorkspace) -> String {
        workspace.server.log.entries.suffix(15).map { "\($0.method) \($0.target) \($0.text.prefix(100))" }
            .joined(separator: "\n")
    }
}
