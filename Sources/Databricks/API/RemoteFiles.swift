/// Files of the workspace, wherever they lie: in volumes, in the workspace tree, in DBFS.
package struct RemoteFiles: Sendable {
    let client: Client

    private func folder(_ path: RemotePath) -> any RemoteFolder {
        switch path.place {
        case .volumes: path.levelAboveVolumes == nil ? VolumeFiles(client: client) : VolumeCatalog(client: client)
        case .workspace: WorkspaceFiles(client: client)
        case .dbfs: DBFS(client: client)
        }
    }

    /// What is in a folder, sorted by name.
    /// - Throws: as `Client.json`.
    package func list(_ path: RemotePath) async throws -> [RemoteEntry] {
        try await folder(path).list(path).sorted { $0.name < $1.name }
    }

    /// What is at a path; nil when there is nothing.
    /// - Throws: as `Client.json`.
    package func entry(_ path: RemotePath) async throws -> RemoteEntry? {
        do { return try await folder(path).entry(path) } catch let error as APIError where error.isNotFound {
            return nil
        }
    }

    /// Makes a folder and those above it; one that is there stays.
    package func makeFolder(_ path: RemotePath) async throws { try await folder(path).makeFolder(path) }

    /// Removes a file or an empty folder.
    package func remove(_ entry: RemoteEntry) async throws { try await folder(entry.path).remove(entry) }

    /// Writes a file of this machine to a path. A connection that breaks off is replaced; the target is whole or as it was.
    /// - Parameters:
    ///   - overwrites: a file that is there is replaced; else the service refuses.
    ///   - sent: told the bytes sent so far, on any thread.
    package func upload(
        _ file: String, to path: RemotePath, overwrites: Bool, sent: @escaping @Sendable (Int) -> Void = { _ in }
    ) async throws {
        try await folder(path).upload(file, to: path, overwrites: overwrites, sent: sent)
    }

    /// Reads a file to its end. A connection that breaks off is replaced, and the reading goes on where it was if the service
    /// can do that and the file has not changed.
    /// - Parameter entry: as `list` or `entry` told of it.
    package func download(_ entry: RemoteEntry, into reader: any ObjectReader) async throws {
        try await folder(entry.path).download(entry, into: reader)
    }
}

extension Client {
    package var files: RemoteFiles { RemoteFiles(client: self) }
}

/// One of the APIs that serve files.
protocol RemoteFolder: Sendable {
    func list(_ path: RemotePath) async throws -> [RemoteEntry]
    /// - Throws: `APIError` that says not found.
    func entry(_ path: RemotePath) async throws -> RemoteEntry
    func makeFolder(_ path: RemotePath) async throws
    func remove(_ entry: RemoteEntry) async throws
    func upload(
        _ file: String, to path: RemotePath, overwrites: Bool, sent: @escaping @Sendable (Int) -> Void) async throws
    func download(_ entry: RemoteEntry, into reader: any ObjectReader) async throws
}
