import Databricks
import Glibc
import System

/// `.save` — the session as a script, a notebook or a page.
struct SaveCommand: MetaCommand {
    let file = Argument<FilePath>("FILE", "the file; its ending sets the format: .dbsh, .py, .ipynb or .html")
    let overwrite = Flag("--overwrite", "replace what is there in the workspace")

    var spec: CommandSpec {
        CommandSpec(
            "save", in: .scripts, "save the session as a script, a notebook or a page", takes: [file],
            flags: [overwrite],
            details: """
                .dbsh is a script, .py a Databricks notebook in source format, .ipynb a Jupyter notebook with outputs, tables and
                pictures, and .html a page with the same contents. Failed cells are left out, except in .html.
                A path in /Workspace saves into the workspace: .py and .ipynb become notebooks there.
                """,
            examples: [
                .init(".save work.ipynb", "a notebook for Jupyter and Databricks", runs: false),
                .init(".save work.dbsh", "a script; dbsh work.dbsh runs it again", runs: false),
            ], traits: .isUnrecorded)
    }

    func run(_ call: Call, in session: Session) async throws {
        let path = call[file].path
        let ending = path.split(separator: "/").last?.split(separator: ".").dropFirst().last?.lowercased()
        // This command's own cell is still running.
        let all = session.log.entries.filter {
            $0.hasEnded && !$0.isContainer && !$0.traits.contains(.isUnrecorded)
        }
        let replaying = all.filter(\.replays)
        let text: String
        switch ending {
        case "dbsh":
            var script = ScriptText(commands: session.commands.names)
            text = replaying.map { script.text(of: $0.cell) }.joined()
        case "py": text = SourceNotebook.text(of: replaying, environment: session.notebookEnvironment)
        case "ipynb": text = JupyterWriter(environment: session.notebookEnvironment).text(of: replaying)
        case "html", "htm": text = HTMLPage().text(of: all)
        default:
            throw UsageError("\(path) has no ending that says a format", hint: "one of .dbsh, .py, .ipynb, .html")
        }
        let whole = Redaction.secrets(in: text)
        if let remote = RemotePath(path), remote.place == .workspace {
            let files = try await session.workspace.connected().files
            do {
                try await session.console.waiting(for: "saving \(path)") {
                    try await files.write(Array(whole.utf8), toWorkspace: remote, overwrites: call[overwrite])
                }
            } catch let error as APIError where error.code == "RESOURCE_ALREADY_EXISTS" { throw FileExists(path: path) }
        } else {
            try AtomicFile.write(whole, to: session.paths.place(path))
            session.log.note { $0.add(file: session.paths.place(path)) }
        }
        let saved = ending?.hasPrefix("htm") == true ? all.count : replaying.count
        let left = all.count - saved
        let noun = saved == 1 ? "1 cell" : "\(saved) cells"
        session.console.say("saved \(noun) to \(path)" + (left > 0 ? ", without \(left) that failed" : ""))
    }
}
