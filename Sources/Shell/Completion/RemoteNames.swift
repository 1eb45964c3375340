import Databricks

/// Names of files of the workspace for Tab. A key press offers what is known; what is missing is fetched for the next one.
final class RemoteNames {
    private let workspace: Workspace
    private var known: [RemotePath: (entries: [RemoteEntry], at: ContinuousClock.Instant)] = [:]
    private var fetching: Set<RemotePath> = []

    init(_ workspace: Workspace) { self.workspace = workspace }

    /// Paths that begin with what is typed.
    func candidates(_ word: String) -> [(text: String, isFolder: Bool)] {
        guard let slash = word.lastIndex(of: "/"), let folder = RemotePath(String(word[...slash])) else {
            return ["/Volumes/", "/Workspace/", "dbfs:/"].filter { $0.hasPrefix(word) }.map { ($0, true) }
        }
        let shown = String(word[...slash])
        let prefix = word[word.index(after: slash)...]
        refresh(folder)
        return (known[folder]?.entries ?? []).filter { $0.name.hasPrefix(prefix) }
            .map { (shown + $0.name + ($0.isFolder ? "/" : ""), $0.isFolder) }
    }

    private func refresh(_ folder: RemotePath) {
        guard let client = workspace.client, !fetching.contains(folder),
            known[folder].map({ .now - $0.at > .seconds(30) }) ?? true
        else { return }
        fetching.insert(folder)
        _ = Background.start { [self] in
            defer { fetching.remove(folder) }
            // What cannot be listed has no names; that is asked again after the same time.
            let entries = (try? await client.files.list(folder)) ?? []
            if workspace.client === client { known[folder] = (entries, .now) }
        }
    }
}
