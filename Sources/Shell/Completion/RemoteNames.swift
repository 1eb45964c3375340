import Databricks

/// Names of files of the workspace for Tab.
final class RemoteNames {
    private let workspace: Workspace
    private var known: [RemotePath: (entries: [RemoteEntry], at: ContinuousClock.Instant)] = [:]
    private var fetching: [RemotePath: Task<Void, Never>] = [:]

    init(_ workspace: Workspace) { self.workspace = workspace }

    /// Fetches the names in the folder of what is typed, unless they are known.
    func load(_ word: String) async {
        guard let slash = word.lastIndex(of: "/"), let folder = RemotePath(String(word[...slash])) else { return }
        refresh(folder)
        await fetching[folder]?.value
    }

    /// Paths that begin with what is typed, as far as they are known.
    func candidates(_ word: String) -> [(text: String, isFolder: Bool)] {
        guard let slash = word.lastIndex(of: "/"), let folder = RemotePath(String(word[...slash])) else {
            return ["/Volumes/", "/Workspace/", "dbfs:/"].filter { $0.hasPrefix(word) }.map { ($0, true) }
        }
        let shown = String(word[...slash])
        let prefix = word[word.index(after: slash)...]
        return (known[folder]?.entries ?? []).filter { $0.name.hasPrefix(prefix) }
            .map { (shown + $0.name + ($0.isFolder ? "/" : ""), $0.isFolder) }
    }

    private func refresh(_ folder: RemotePath) {
        guard let client = workspace.client, fetching[folder] == nil,
            known[folder].map({ .now - $0.at > .seconds(30) }) ?? true
        else { return }
        fetching[folder] = Background.start { [self] in
            defer { fetching[folder] = nil }
            // What cannot be listed has no names; that is asked again after the same time.
            let entries = (try? await client.files.list(folder)) ?? []
            if workspace.client === client { known[folder] = (entries, .now) }
        }
    }
}
