import LocalWorkspace
import Support
import Testing

/// Pictures on the terminal and beside it.
@Suite struct PictureTests {
    /// Two pixels above each other, black and white.
    static let png =
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAACCAAAAAC86un7AAAADElEQVR42mNgYPgPAAEDAQA2dBFAAAAAAElFTkSuQmCC"

    @Test func isDrawnInBlocksAndTheFooterFollows() async throws {
        try await withReplayShell { replay in
            replay.type(".image off")
            try await replay.prompt()
            replay.type("%python picture \(Self.png)")
            try await replay.prompt(below: "picture saved: ")
            replay.type(".image on")
            replay.type("%python picture notbase64!")
            try await replay.prompt(below: "a picture came that is not valid base64")
        }
    }

    @Test func pipedPictureIsSaved() async throws {
        try await withReplayWorkspace { workspace, _ in
            let home = try ScratchDirectory()
            let run = try await ShellCommand(
                "\(ServedWorkspace.binary) --cluster local -c '%python picture \(Self.png)' -c '.image \(home.path)/p'",
                in: home.path,
                environment: [
                    "PATH": "/usr/bin:/bin", "HOME": home.path, "DATABRICKS_HOST": workspace.url,
                    "DATABRICKS_TOKEN": workspace.token,
                ]
            ).run()
            #expect(run.status == 0)
            #expect(run.output == "")
            #expect(run.errors.contains("picture saved: \(home.path)/.local/state/dbsh/pictures/"))
        }
    }
}
