import Glibc
import Support
import Testing

@testable import LocalWorkspace

/// dbsh on a terminal at a workspace whose engine answers from a list: what the terminal shows and what the server
/// received can both be judged.
struct ReplayShell {
    let shell: PtySession
    /// A line for every request: `POST /api/1.2/contexts/create 200 1 ms`.
    let log: Journal<String>
    let gate: ReplayGate
    let client: TestClient

    static let prompt = "sql @local>"

    /// Types a line and Enter.
    func type(_ line: String) { shell.send(line + "\r") }

    /// Waits for an empty prompt, below `lines`.
    func prompt(below lines: String...) async throws {
        try await shell.wait(for: "the prompt, and above it \(lines)") { screen in
            screen.cursorLine == Self.prompt && lines.allSatisfy { line in screen.lines.contains { $0.contains(line) } }
        }
    }

    /// How many requests began so.
    func requests(_ prefix: String) -> Int { log.entries.filter { $0.hasPrefix(prefix) }.count }

    /// How many statements that began so the server has got. (Names for Tab are fetched by statements, too.)
    func statements(_ prefix: String) async throws -> Int {
        let history = try await client.send("GET", "/api/2.0/sql/history/queries").json["res"]?.elements ?? []
        return history.count { $0["query_text"]?.string?.hasPrefix(prefix) == true }
    }

    /// Waits until the server has answered a request that contains `text`.
    func served(_ text: String) async {
        var count = 1
        while await !log.waitFor(count).contains(where: { $0.contains(text) }) { count = log.entries.count + 1 }
    }
}

/// Holds back statements that begin with `wait`, and those of completion, until it opens.
final class ReplayGate {
    let directory: String
    private let home: ScratchDirectory
    private var fifo: Int32 = -1

    init() throws {
        home = try ScratchDirectory()
        directory = home.path
    }

    deinit { if fifo >= 0 { close(fifo) } }

    /// From now on statements wait.
    func shut() throws {
        try #require(mkfifo(directory + "/gate", 0o600) == 0)
        fifo = Glibc.open(directory + "/gate", O_RDWR)
        try #require(fifo >= 0)
    }

    /// Lets through as many statements.
    func open(for count: Int = 1) {
        let bytes = [UInt8](repeating: UInt8(ascii: "\n"), count: count)
        write(fifo, bytes, count)
    }
}

/// Runs `body` with a shell at a fresh workspace.
/// - Parameter isQuiet: without footers and greeting.
func withReplayShell(
    _ arguments: [String] = [], environment: [String: String] = [:], columns: Int = 90, rows: Int = 24,
    isQuiet: Bool = true,
    _ body: (ReplayShell) async throws -> Void
) async throws {
    let gate = try ReplayGate()
    let log = Journal<String>()
    try await withReplayWorkspace {
        $0.dataDirectory = gate.directory
        $0.ephemeral = false
        $0.log = { log.append($0) }
    } _: { workspace, client in
        let shell = try ReplayShell.open(
            workspace, arguments, environment, columns: columns, rows: rows, isQuiet: isQuiet)
        let replay = ReplayShell(shell: shell, log: log, gate: gate, client: client)
        try await replay.prompt()
        try await body(replay)
    }
}

extension ReplayShell {
    static func open(
        _ workspace: LocalWorkspace, _ arguments: [String] = [], _ environment: [String: String] = [:],
        columns: Int = 90,
        rows: Int = 24, isQuiet: Bool = true
    ) throws -> PtySession {
        let variables = [
            "DATABRICKS_HOST": workspace.url, "DATABRICKS_TOKEN": workspace.token,
            "DATABRICKS_CLUSTER_ID": workspace.clusterID,
        ]
        return try PtySession(
            program: ServedWorkspace.binary, arguments: (isQuiet ? ["-q"] : []) + ["--warehouse", "local"] + arguments,
            environment: variables.merging(environment) { $1 }, columns: columns, rows: rows)
    }
}
