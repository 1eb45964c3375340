/// `.get` — copy files of the workspace to this machine.
struct GetCommand: MetaCommand {
    let what = Argument<PathsAndFile>("PATH… [FILE]", "files of the workspace, and the file or folder they go to")

    var spec: CommandSpec {
        CommandSpec(
            "get", in: .files, "copy files of a volume, the workspace or DBFS to this machine", takes: [what],
            flags: [PutCommand.recursive, PutCommand.overwrite],
            details: """
                Without FILE they go to the current directory, by their names. A file that is there already is refused without
                --overwrite. A file gets its name when it is complete; a download that broke off goes on where it stopped. Up
                to 8 files come at a time.
                """,
            examples: [
                .init(".get /Volumes/main/default/files/orders.csv", "into the current directory", runs: false),
                .init(".get -r /Volumes/main/default/files backup", "all of a folder, into backup", runs: false),
            ])
    }

    func run(_ call: Call, in session: Session) async throws {
        let what = call[what]
        try await PutCommand.copy(call, in: session, lookingAt: what.paths[0], "got") {
            try await $0.downloads(of: what.paths, to: what.file)
        }
    }
}
