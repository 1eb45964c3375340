import Glibc
import System
import Testing

@testable import LocalWorkspace

/// A data directory whose replay engine boots only as far as it is told to.
final class BootGate {
    let directory: String
    private let fifo: Int32

    init() throws {
        let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(base)/dbsh-boot-XXXXXX".utf8CString)
        try #require(mkdtemp(&template) != nil)
        directory = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        try #require(mkfifo(directory + "/boot", 0o600) == 0)
        // Open for both: neither opening nor writing waits for the engine.
        fifo = open(directory + "/boot", O_RDWR)
        try #require(fifo >= 0)
    }

    deinit {
        close(fifo)
        Files.removeTree(directory)
    }

    /// Lets the boot under way go on: `jvm`, `session`, `ready`, or `fail MESSAGE`.
    func say(_ word: String) {
        let bytes = Array((word + "\n").utf8)
        write(fifo, bytes, bytes.count)
    }
}

/// Runs `body` on a workspace whose engine boots by `gate`.
func withGatedWorkspace<Result>(
    autostart: Bool = true, _ body: (LocalWorkspace, TestClient, BootGate) async throws -> Result
) async throws -> Result {
    let gate = try BootGate()
    return try await withReplayWorkspace(autostart: autostart) { options in
        options.ephemeral = false
        options.dataDirectory = gate.directory
    } _: { workspace, client in
        try await body(workspace, client, gate)
    }
}
