import Support
import Testing

/// Ctrl-C in the middle of uploads and downloads: nothing that is half done stays, here or in the workspace.
@Suite(.timeLimit(.minutes(10))) struct FileTransferTests {
    private static let volume = "/Volumes/main/default/files"
    private static let files = "/api/2.0/fs/files"

    /// Whatever is written hangs, and whatever is read breaks off in its middle and hangs.
    private struct Slow: Trouble {
        func reply(
            to request: FaultServer.Request, from answer: (FaultServer.Request) -> FaultServer.Reply
        ) -> FaultServer.Reply {
            guard request.path.hasPrefix("/api/2.0/fs/") else { return answer(request) }
            let isFolder = request.path.hasSuffix("/files") || request.path.hasPrefix("/api/2.0/fs/directories")
            switch request.method {
            case "HEAD" where isFolder && request.path.hasPrefix("/api/2.0/fs/files"): return .status(404)
            case "HEAD" where request.path.hasSuffix("new"): return .status(404)
            case "HEAD": return .status(200)
            case "GET" where isFolder:
                return .json(
                    #"{"contents":[{"path":"\#(FileTransferTests.volume)/orders.csv","name":"orders.csv","file_size":1},"#
                        + #"{"path":"\#(FileTransferTests.volume)/old","name":"old","is_directory":true}]}"#)
            case "GET": return .steps([.text("half"), .hold], length: 1000)
            case "PUT": return .silence
            default: return .status(204)
            }
        }
    }

    private func interrupted(_ line: (String) -> String, at request: String) async throws -> (
        ScriptedShell, ScratchDirectory
    ) {
        let scratch = try ScratchDirectory()
        try scratch.write("id,name\n1,a\n2,b\n", to: "a.csv")
        let shell = try await ScriptedShell.open(at: ScriptedWorkspace(trouble: Slow()))
        shell.type(line(scratch.path))
        if line("").hasPrefix(".import") {
            try await shell.wait(for: "the question") { screen in
                screen.text.contains("  id    BIGINT  1 · 2\n  name  STRING  a · b")
                    && screen.cursorLine.hasSuffix("[Y/n]")
            }
            shell.type("y")
        }
        #expect(await shell.workspace.received(request))
        try await shell.wait(for: "the progress") {
            ["copying: ", "uploading "].contains(where: $0.cursorLine.contains)
        }
        shell.pty.send("\u{3}")
        try await shell.prompt(below: "cancelled")
        return (shell, scratch)
    }

    @Test func tabCompletesRemotePaths() async throws {
        let shell = try await ScriptedShell.open(at: ScriptedWorkspace(trouble: Slow()))
        shell.pty.send(".cat \(Self.volume)/or\t")
        try await shell.wait(for: "the file") { $0.cursorLine.hasSuffix("\(Self.volume)/orders.csv") }
    }

    @Test func download() async throws {
        let (_, scratch) = try await interrupted({ ".get \(Self.volume)/a \($0)/back" }, at: "GET \(Self.files)")
        #expect(scratch.names == ["a.csv"])
    }

    @Test func upload() async throws {
        let (shell, _) = try await interrupted({ ".put \($0)/a.csv \(Self.volume)/new" }, at: "PUT \(Self.files)")
        #expect(shell.workspace.count("PUT \(Self.files)") == 1)
    }

    /// The staged file is removed, and the table is never asked for.
    @Test func stagedFile() async throws {
        let (shell, _) = try await interrupted(
            { ".import \($0)/a.csv t --replace --volume \(Self.volume)" }, at: "PUT \(Self.files)")
        #expect(shell.workspace.count("DELETE \(Self.files)\(Self.volume)/dbsh-import-") == 1)
        let statements = shell.workspace.server.log.entries.filter { $0.path == "/api/2.0/sql/statements" }
        #expect(!statements.contains { $0.text.contains("read_files") })
    }
}
