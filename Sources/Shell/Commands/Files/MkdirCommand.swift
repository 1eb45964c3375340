import Databricks

/// `.mkdir` — make folders in the workspace.
struct MkdirCommand: MetaCommand {
    let paths = Argument<OneOrMore<RemotePath>>("PATH")

    var spec: CommandSpec {
        CommandSpec(
            "mkdir", in: .files, "make a folder in a volume, the workspace or DBFS", takes: [paths],
            details: "Folders above it are made too; one that is there already stays as it is.",
            examples: [
                .init(".mkdir /Volumes/main/default/files/2024/05", "a folder and the one above it", runs: false)
            ])
    }

    func run(_ call: Call, in session: Session) async throws {
        let files = try await session.workspace.connected().files
        for path in call[paths].values {
            try await session.console.waiting(for: "making \(path.text)") { try await files.makeFolder(path) }
        }
    }
}
