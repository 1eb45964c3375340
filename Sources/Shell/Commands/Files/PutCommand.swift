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
                refused without --overwrite. Up to 8 files go at a time; into a volume a file of 50 MB or more goes in parts, and a
                connection that breaks off costs one of them. Notebooks (.py, .sql, .ipynb …) put into /Workspace become
                notebooks, whose size is 10 MB at most.
                """,
            examples: [
                .init(".put orders.csv /Volumes/main/default/files/", "a file into a volume", runs: false),
                .init(".put -r data /Volumes/main/default/files", "a folder, as files/data", runs: false),
            ])
    }

    func run(_ call: Call, in session: Session) async throws {
        let what = call[what]
        try await Self.copy(call, in: session, lookingAt: what.target, "put") {
            try await $0.uploads(of: what.files, to: what.target)
        }
    }

    /// Plans and copies as the options say, for `.put` and `.get`.
    /// - Parameters:
    ///   - what: what is looked at meanwhile.
    ///   - done: what was done to the files, for the summary.
    /// - Throws: as `plan` and `FileCopy.run` do.
    static func copy(
        _ call: Call, in session: Session, lookingAt what: RemotePath, _ done: String,
        _ plan: (TransferPlan) async throws -> [Transfer]
    ) async throws {
        let files = try await session.workspace.connected().files
        let (isRecursive, overwrites) = (call[recursive], call[overwrite])
        let transfers = try await session.console.waiting(for: "looking at \(what.text)") {
            try await plan(
                TransferPlan(session: session, files: files, isRecursive: isRecursive, overwrites: overwrites))
        }
        try await FileCopy(session: session, files: files, overwrites: overwrites).run(transfers, done)
    }
}
