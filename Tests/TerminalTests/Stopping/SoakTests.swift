import Glibc
import Support
import Testing

/// Random keys against a server that does random things: in the end the shell answers, the terminal is as it was, and no context
/// is left behind. `DBSH_SOAK_SECONDS` makes it longer, `DBSH_SOAK_SEED` another one: the keys, their pace and the trouble come from
/// it, the server's timing does not.
@Suite struct SoakTests {
    // What a person might do, sensible or not. Nothing that leaves the shell on purpose.

    static let cells = [
        "select one;", "hang a;", "hang b;&", "deaf c;", "queue d;", "fail e;", "chunks f;", "take 200;", "take 700;&",
        "%python hang", "%python deaf", "%python fail", "%python x", "%python y", "%python take 300", "%python lose",
        ".bg %python hang", ".bg %python take 400",
    ]
    static let commands = [
        ".jobs", ".wait", ".wait 1", ".cancel", ".cancel 1", ".result", ".last", ".clusters", ".cluster start",
        ".warehouse start", ".context", ".context new", ".context close", ".watch 0.1", ".export x.csv", ".tables",
        ".api GET /2.1/clusters/list --retries 3 --retry-delay 50", ".help", ".lang python", ".lang sql",
        ".echo é日本🙂", ".rerun 1",
    ]
    static let keys = [
        "\t", "\t\t", "%python x.\t", "q", "y\r", "n\r", "\u{1B}[A", "\u{1B}[B", "\u{1B}[D", "\u{12}sel\r", "\u{1B}",
        "\u{7F}", "\u{1A}", "\u{B}\u{15}", "\u{1B}[200~select\n1\n;\u{1B}[201~", "é日本🙂", "'", "(", "\r", ";\r",
    ]

    static func action(_ generator: inout SplitMix) -> String {
        switch Int.random(in: 0..<100, using: &generator) {
        case 0..<30: cells.randomElement(using: &generator)! + "\r"
        // On an empty line, and instead of what was running.
        case 30..<50: "\u{3}" + cells.randomElement(using: &generator)! + "\r"
        case 50..<65: commands.randomElement(using: &generator)! + "\r"
        case 65..<80: keys.randomElement(using: &generator)!
        case 80..<95: "\u{3}"
        default: "\u{3}\u{3}"
        }
    }

    private static func number(_ name: String) -> UInt64? { getenv(name).flatMap { UInt64(String(cString: $0)) } }

    @Test func randomKeysLeaveEverythingInOrder() async throws {
        let seed = Self.number("DBSH_SOAK_SEED") ?? 20_260_101
        let duration = Duration.seconds(Int64(Self.number("DBSH_SOAK_SECONDS") ?? 8))
        let trouble = RandomTrouble(seed: seed &* 31)
        let workspace = try ScriptedWorkspace(trouble: trouble)
        let shell = try await ScriptedShell.open(at: workspace)
        var typed: [String] = []
        do {
            try await play(shell, seed, duration, &typed)
            trouble.end()
            Self.everythingRuns(workspace)
            try await settle(shell)
            try await leave(shell)
        } catch {
            Issue.record("seed \(seed), after \(typed.suffix(40)): \(error)\n\(Self.recent(workspace))")
            return
        }
        let contexts = workspace.state.contexts
        print(
            "soak: seed \(seed), \(typed.count) actions, \(workspace.server.log.entries.count) requests, "
                + "\(contexts.count) contexts, \(contexts.values.count(where: \.isLost)) of them lost")
        let left = workspace.contextsLeftBehind
        #expect(left == [], "seed \(seed): contexts were left behind\n\(Self.history(of: left, in: workspace))")
        #expect(shell.pty.mode == shell.pty.initialMode, "seed \(seed): the terminal has another mode")
        let modes = shell.pty.screen.modes
        #expect(modes["25"] != false && !modes.contains { $0.key != "25" && $0.value }, "seed \(seed): \(modes)")
    }

    /// Types at random until the time is over.
    private func play(
        _ shell: ScriptedShell, _ seed: UInt64, _ duration: Duration, _ typed: inout [String]
    ) async throws {
        var generator = SplitMix(seed: seed)
        let end = ContinuousClock.now + duration
        while ContinuousClock.now < end {
            let action = Self.action(&generator)
            // Nobody types on and on when nothing is taken.
            if shell.pty.typedAhead == 0 {
                shell.pty.send(action)
                typed.append(action)
            }
            if Int.random(in: 0..<20, using: &generator) == 0 {
                shell.pty.resize(
                    columns: .random(in: 20...120, using: &generator), rows: .random(in: 5...40, using: &generator))
            }
            if Int.random(in: 0..<100, using: &generator) == 0 { shell.workspace.loseContext() }
            if Int.random(in: 0..<200, using: &generator) == 0 {
                shell.workspace.loseContext()
                shell.workspace.change { ($0.clusterState, $0.warehouseState) = ("TERMINATED", "STOPPED") }
            }
            if Int.random(in: 0..<30, using: &generator) == 0 { Self.everythingRuns(shell.workspace) }
            // The pace is part of what is random: it is what meets the shell in one state or the next.
            try await Task.sleep(for: .milliseconds(Int.random(in: 0...60, using: &generator)))
        }
    }

    /// What was starting has started.
    private static func everythingRuns(_ workspace: ScriptedWorkspace) {
        workspace.change { ($0.clusterState, $0.warehouseState) = ("RUNNING", "RUNNING") }
    }

    /// Gets to an empty prompt from wherever the keys have led: Ctrl-C until there is one.
    private func settle(_ shell: ScriptedShell) async throws {
        shell.pty.resize(columns: 90, rows: 24)
        let deadline = ContinuousClock.now + PtySession.timeout
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

    /// The requests about contexts from a little before the first of these was made.
    private static func history(of contexts: [String], in workspace: ScriptedWorkspace) -> String {
        let about = workspace.server.log.entries.filter { request in
            request.path.contains("/1.2/") || request.path.contains("/clusters/")
        }
        let first = about.firstIndex { request in contexts.contains { (request.target + request.text).contains($0) } }
        let lines = about[max(0, (first ?? about.count) - 6)...]
            .map { "\($0.method) \($0.target) \($0.text.prefix(120))" }
        let middle = lines.count > 80 ? ["…"] : []
        return (lines.prefix(40) + middle + lines.dropFirst(40).suffix(40)).joined(separator: "\n")
    }

    private static func recent(_ workspace: ScriptedWorkspace) -> String {
        workspace.server.log.entries.suffix(15).map { "\($0.method) \($0.target) \($0.text.prefix(100))" }
            .joined(separator: "\n")
    }
}
