import Databricks

/// `.put` — copy files of this machine to the workspace.
struct PutCommand: MetaCommand {
    let what = Argument<FilesAndTarget>("FILE… PATH", "files of this machine, and where they go")
    /// Of all commands that copy.
    static let recursive = Flag("--recursive", short: "-r", "folders, with all they hold")
    static let overwrite = Flag("--overwrite", "replace files that are there already")

    var spec: CommandSpec {
        CommandSpec(
            "put", in: .files, "copy files to a volume, the workspace or DBFS", takes: [what],
            flags: [Self.recursive, Self.overwrite],
            details: """
                A folder as PATH, or one that ends with a slash, gets the files by their names. A file that is there already is
                refused without --overwrite. Up to 8 files go at a time. Notebooks (.py, .sql, .ipynb …) put into /Workspace
                become notebooks, whose size is 10 MB at most.
                """,
            examples: [
                .init(".put orders.csv /Volumes/main/default/files/", "a file into a volume", runs: false),
                .init(".put -r data /Volumes/main/default/files", "a folder, as files/data", runs: false),
            ])
    }

    func run(_ call: Call, in session: Session) async throws {
        let what = call[what]
        let client = try await session.workspace.connected()
        var plan = TransferPlan(session: session, files: client.files)
        plan.isRecursive = call[Self.recursive]
        plan.overwrites = call[Self.overwrite]
        let transfers = try await session.console.waiting(for: "looking at \(what.target.text)") {
            try await plan.uploads(of: what.files, to: what.target)
        }
        try await FileCopy(session: session, files: client.files, overwrites: plan.overwrites).run(transfers, "put")
    }
}
