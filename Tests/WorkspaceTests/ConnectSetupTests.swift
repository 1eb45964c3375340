import Glibc
import Support
import Testing

/// `dbsh setup connect` with an environment that the user names.
@Suite struct ConnectSetupTests {
    private let scratch: ScratchDirectory

    init() throws { scratch = try ScratchDirectory() }

    private func setup(_ python: String) async throws -> ShellCommand.Result {
        let binary = ServedWorkspace.binary
        return try await ShellCommand(
            "\(binary) setup connect", in: scratch.path,
            environment: ["DBSH_CONNECT_PYTHON": python, "XDG_CACHE_HOME": scratch.path + "/cache"]
        ).run()
    }

    /// It would be found out by the first cell otherwise, whose context does not start.
    @Test func anEnvironmentThatLacksSomethingIsRefused() async throws {
        // Python without anybody's packages.
        let bare = scratch.path + "/python"
        try scratch.write("#!/bin/sh\nexec python3 -S \"$@\"\n", to: "python")
        chmod(bare, 0o755)
        let refused = try await setup(bare)
        #expect(refused.status == 2)
        #expect(refused.errors.contains("DBSH_CONNECT_PYTHON names \(bare), which lacks a client of Spark Connect"))
        #expect(refused.errors.contains("ipython, psutil"), "\(refused.errors)")
        #expect(scratch.contents("cache/dbsh/connect/current/connect.json") == nil)
        let missing = try await setup(scratch.path + "/nowhere")
        #expect(missing.status == 2 && missing.errors.contains("/nowhere, which does not run"), "\(missing.errors)")
    }
}
