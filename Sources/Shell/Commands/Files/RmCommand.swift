import Databricks
import Text

/// `.rm` — remove files of the workspace.
struct RmCommand: MetaCommand {
    let paths = Argument<OneOrMore<RemotePath>>("PATH")

    var spec: CommandSpec {
        CommandSpec(
            "rm", in: .files, "remove files of a volume, the workspace or DBFS", takes: [paths],
            flags: [PutCommand.recursive],
            details: """
                A folder that is not empty needs -r; at a terminal, -r asks before it removes anything. What is removed is gone.
                """,
            examples: [.init(".rm /Volumes/main/default/files/old.csv", "one file", runs: false)])
    }

    func run(_ call: Call, in session: Session) async throws {
        let client = try await session.workspace.connected()
        let files = client.files
        let isRecursive = call[PutCommand.recursive]
        // Nothing is removed before all is known to be there.
        let found = try await session.console.waiting(for: "looking at \(call[paths].values[0].text)") {
            var found: [RemoteEntry] = []
            for path in call[paths].values {
                guard let entry = try await files.entry(path) else { throw NoSuchFile(path: path) }
                found.append(entry)
                guard entry.isFolder, entry.path.isBelowRoot else { continue }
                let inside = isRecursive ? try await files.tree(entry) : try await files.list(path)
                guard inside.isEmpty || isRecursive else {
                    throw UsageError(
                        "\(path.text) is a folder that is not empty", hint: ".rm -r removes it with all it holds")
                }
                found += inside
            }
            return found
        }
        try await ask(call[paths].values.map(\.text), found.count, session)
        try await session.console.waiting(for: "removing \(Quantity.grouped(found.count)) files") {
            // Files first, then the folders they were in, the deepest first.
            try await files.remove(found.filter { !$0.isFolder })
            let folders = found.filter(\.isFolder).sorted { $0.path.path.utf8.count > $1.path.path.utf8.count }
            for folder in folders { try await files.remove(folder) }
        }
        guard !session.settings.isQuiet, session.environment.errorIsTerminal else { return }
        session.console.say(
            "removed \(found.count == 1 ? found[0].path.text : "\(Quantity.grouped(found.count)) files and folders")")
    }

    private func ask(_ names: [String], _ count: Int, _ session: Session) async throws {
        guard count > names.count, session.isInteractive, session.paths.scripts.isEmpty, let ask = session.prompter?.ask
        else { return }
        let what = "remove \(names.joined(separator: ", ")): \(Quantity.grouped(count)) files and folders? [y/N] "
        guard Agreement.isGiven(await ask(what)) else { throw CancellationError() }
    }
}
