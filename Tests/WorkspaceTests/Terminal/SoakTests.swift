import Glibc
import Support
import Testing

@testable import LocalWorkspace

/// Random keys against a server that does random things: in the end the shell answers, the terminal is as it was, and no
/// context is left. `DBSH_SOAK_SECONDS` makes it longer, `DBSH_SOAK_SEED` repeats one.
@Suite(.enabled(if: getenv("DBSH_SOAK_SECONDS") != nil, "the soak runs for as long as DBSH_SOAK_SECONDS says"))
struct SoakTests {
    /// SplitMix64 (Steele, Lea and Flood 2014).
    struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }

    /// What a person might do, sensible or not. Nothing that leaves the shell on purpose.
    static let actions = [
        "select one;\r", "hang a;\r", "hang b;&\r", "hang deaf;\r", "nonsense;\r", "chunks 3 20;\r", "bytes 5000;\r",
        "%python hang\r", "%python fail why\r", "%python 1+1\r", "%python die\r", ".bg %python hang\r", ".jobs\r",
        ".help\r",
        ".cancel 1\r", ".cancel\r", ".last\r", ".result\r", ".wait\r", ".clusters\r", ".context close\r", ".plot\r",
        "\u{3}", "\u{3}\u{3}",
        "\u{3}", "\t", "\t\t", "q", "y\r", "n\r", "\u{1B}[A", "\u{1B}[B", "\u{1B}[D", "\u{12}sel\r", "\u{1B}", "\u{7F}",
        "\u{1A}",
        "\u{B}\u{15}", "\u{1B}[200~select\n1\n;\u{1B}[201~", "é日本🙂", "'", "(", "\r", "\r", ";\r", ".tables\r",
        ".image off\r",
    ]

    @Test func randomKeysLeaveEverythingInOrder() async throws {
        func number(_ name: String) -> UInt64? { getenv(name).flatMap { UInt64(String(cString: $0)) } }
        let seed = number("DBSH_SOAK_SEED") ?? UInt64.random(in: 1...999_999)
        let duration = Duration.seconds(Int64(number("DBSH_SOAK_SECONDS") ?? 5))
        var generator = Generator(state: seed)
        try await withReplayShell(environment: ["DBSH_PAGER": "cat"]) { replay in
            let end = ContinuousClock.now + duration
            while ContinuousClock.now < end {
                // Somebody types fg: a stopped shell reads nothing, and the terminal takes only so much.
                replay.shell.signal(SIGCONT)
                replay.shell.send(Self.actions.randomElement(using: &generator)!)
                if Int.random(in: 0..<20, using: &generator) == 0 {
                    replay.shell.resize(
                        columns: .random(in: 20...120, using: &generator), rows: .random(in: 5...40, using: &generator))
                }
                // Room for the server and the shell to do their part; the length is part of what is random.
                try await Task.sleep(for: .milliseconds(Int.random(in: 0...40, using: &generator)))
            }
            replay.shell.resize(columns: 90, rows: 24)
            try await settle(replay, seed)
            replay.type("select alive;")
            try await replay.shell.wait(for: "an answer (seed \(seed))") {
                $0.lines.contains { $0.hasPrefix("│ alive") }
            }
            replay.type(".quit")
            replay.type("y")
            #expect(try await replay.shell.exitStatus() == 0, "seed \(seed)")
            #expect(!replay.shell.isRaw, "seed \(seed)")
            let created = replay.log.entries.filter { $0.hasPrefix("POST /api/1.2/contexts/create 200") }.count
            let contexts = try await replay.client.send("GET", replay.client.clusterTarget).status
            #expect(contexts == 200)
            let destroyed = replay.log.entries.filter { $0.hasPrefix("POST /api/1.2/contexts/destroy") }.count
            // One that died by itself need not be destroyed.
            #expect(destroyed <= created, "seed \(seed)")
        }
    }

    /// Gets to an empty prompt from wherever the keys have led: Ctrl-C until there is one.
    private func settle(_ replay: ReplayShell, _ seed: UInt64) async throws {
        let deadline = ContinuousClock.now + .seconds(30)
        while ContinuousClock.now < deadline {
            replay.shell.signal(SIGCONT)
            replay.shell.send("\u{3}\u{3}")
            try await Task.sleep(for: .milliseconds(100))
            if replay.shell.screen.cursorLine == ReplayShell.prompt { return }
        }
        Issue.record("no prompt came back (seed \(seed)):\n\(replay.shell.screen.picture)")
    }
}
