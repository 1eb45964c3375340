import Databricks
import FoundationEssentials
import Glibc
import System

/// A script or notebook of the workspace tree that `%run` names, as a copy on this machine. It is fetched when it has changed.
struct WorkspaceScript {
    let session: Session

    private var root: String {
        let cache = session.environment.cacheDirectory
        let host = (session.workspace.host ?? "").filter { $0.isLetter || $0.isNumber || $0 == "." || $0 == "-" }
        return "\(cache)/workspace/\(host)"
    }

    /// The path of the copy; nil when `name` is a file of this machine. A relative name in a script of the workspace begins
    /// beside that script.
    /// - Throws: `NoSuchFile`; as `Client.json`.
    func copy(of name: String) async throws -> String? {
        guard var path = place(of: name) else { return nil }
        let client = try await session.workspace.connected()
        for ending in NotebookRun.endings {
            path = place(of: name + ending) ?? path
            if let entry = try await client.files.entry(path), !entry.isFolder {
                return try await fetched(entry, client)
            }
        }
        throw NoSuchFile(path: place(of: name) ?? path)
    }

    private func place(of name: String) -> RemotePath? {
        if let path = RemotePath(name) { return path.place == .workspace ? path : nil }
        guard !name.hasPrefix("/"), !name.hasPrefix("~"), let script = session.paths.scripts.last,
            script.hasPrefix(root + "/"), let slash = script.lastIndex(of: "/")
        else { return nil }
        return RemotePath(script[..<slash].dropFirst(root.count) + "/" + name)
    }

    private func fetched(_ entry: RemoteEntry, _ client: Client) async throws -> String {
        let copy = root + entry.path.path
        let state = "\(entry.modified ?? 0) \(entry.size ?? 0)"
        // The copy's name ends as its language does, which the workspace leaves out.
        if entry.modified != nil, let known = try? String(decoding: Files.read(copy + ".state"), as: UTF8.self),
            known.hasPrefix(state + " ")
        {
            let path = String(known.dropFirst(state.utf8.count + 1))
            if Files.size(path) != nil { return path }
        }
        let reader = KeepingReader()
        try await session.console.waiting(for: entry.path.text) { try await client.files.download(entry, into: reader) }
        let text = String(decoding: reader.bytes, as: UTF8.self)
        let endings = [("# ", ".py"), ("-- ", ".sql"), ("// ", ".scala")]
        let ending = entry.kind == "NOTEBOOK" ? endings.first { text.hasPrefix($0.0) }?.1 ?? "" : ""
        let path = copy.hasSuffix(ending) ? copy : copy + ending
        try Files.makeDirectory(String(copy[..<(copy.lastIndex(of: "/") ?? copy.startIndex)]))
        try AtomicFile.write(text, to: path, mode: 0o600)
        try AtomicFile.write(state + " " + path, to: copy + ".state", mode: 0o600)
        return path
    }
}
