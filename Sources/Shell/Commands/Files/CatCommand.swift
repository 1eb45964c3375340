import Databricks
import Results
import Text

/// `.cat` — what is in a file of the workspace.
struct CatCommand: MetaCommand {
    let paths = Argument<OneOrMore<RemotePath>>("PATH")

    /// What is shown at a terminal at most, in bytes.
    private static let mostShown = 4 << 20

    var spec: CommandSpec {
        CommandSpec(
            "cat", in: .files, "show a file of a volume, the workspace or DBFS", takes: [paths],
            details: "To a file or a pipe it goes byte for byte. A notebook is shown as its source.",
            examples: [.init(".cat /Volumes/main/default/files/notes.txt", "its text", runs: false)])
    }

    func run(_ call: Call, in session: Session) async throws {
        let files = try await session.workspace.connected().files
        for path in call[paths].values {
            let entry = try await session.console.waiting(for: path.text) { try await files.entry(path) }
            guard let entry else { throw NoSuchFile(path: path) }
            guard !entry.isFolder else {
                throw UsageError("\(path.text) is a folder", hint: ".ls \(path.text) lists it")
            }
            if session.console.resultsReachTerminal {
                try await show(entry, files, session)
            } else {
                try session.console.refuseDetached()
                let results = session.console.results
                let reader = ByteReader { @MainActor piece in try piece.withUnsafeBytes { try results.write($0) } }
                try await session.console.waiting(for: path.text) { try await files.download(entry, into: reader) }
                try session.console.results.flush()
            }
        }
    }

    private func show(_ entry: RemoteEntry, _ files: RemoteFiles, _ session: Session) async throws {
        let advice = ".get \(entry.path.text) copies it to this machine"
        guard entry.size ?? 0 <= Self.mostShown else {
            throw UsageError("\(entry.path.text) has \(Quantity.bytes(entry.size ?? 0))", hint: advice)
        }
        let reader = KeepingReader()
        try await session.console.waiting(for: entry.path.text) { try await files.download(entry, into: reader) }
        let bytes = reader.bytes
        guard !bytes.contains(0), String(validating: bytes, as: UTF8.self) != nil else {
            throw UsageError("\(entry.path.text) is no text, and would spoil the terminal", hint: advice)
        }
        try session.console.result(text: String(decoding: bytes, as: UTF8.self))
    }
}
