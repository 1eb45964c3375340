import Databricks
import Results
import System

/// `.ls` — what is in a folder of the workspace.
struct LsCommand: MetaCommand {
    let path = Argument<RemotePath>("PATH", "a folder or file: /Volumes/…, /Workspace/… or dbfs:/…")
    let long = Flag("--long", short: "-l", "with size, time of change and kind")

    var spec: CommandSpec {
        CommandSpec(
            "ls", in: .files, "list files of a volume, the workspace or DBFS", takes: [path], flags: [long],
            details: """
                /Volumes lists the catalogs, /Volumes/CATALOG its schemas, and /Volumes/CATALOG/SCHEMA the volumes. The list is a
                result: .last, .export and .mode work on it. Folders end with a slash.
                """,
            examples: [
                .init(".ls /Volumes/main/default/files", "names", runs: false),
                .init(".ls -l /Workspace/Users/me@example.com", "with size and time", runs: false),
            ])
    }

    func run(_ call: Call, in session: Session) async throws {
        let files = try await session.workspace.connected().files
        let path = call[path]
        let entries = try await session.console.waiting(for: "listing \(path.text)") {
            guard let entry = try await files.entry(path) else { throw NoSuchFile(path: path) }
            return entry.isFolder ? try await files.list(path) : [entry]
        }
        let name = { (entry: RemoteEntry) in entry.name + (entry.isFolder ? "/" : "") }
        guard call[long] else {
            return try session.presenter.show([.text("name")], rows: entries.map { [name($0)] })
        }
        try session.presenter.show(
            [.text("name"), .number("size"), .whole("modified"), .text("kind").leaving(1)],
            rows: entries.map { entry in
                [
                    name(entry), entry.size.map { String($0) }, entry.modified.map { WallTime(milliseconds: $0).text },
                    (entry.kind ?? (entry.isFolder ? "DIRECTORY" : "FILE")).lowercased(),
                ]
            })
    }
}
