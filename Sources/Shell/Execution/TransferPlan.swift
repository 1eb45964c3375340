import Databricks
import Glibc
import System

/// A file to copy: from this machine to the workspace, or back.
nonisolated struct Transfer: Sendable {
    /// Resolved, and as it is told.
    let local: String
    let remote: RemotePath
    let size: Int?
    /// What the workspace has there, when it is copied from there.
    var source: RemoteEntry?
    /// A folder to make, in the place of a file.
    var isFolder = false
}

/// Finds out what is to be copied where, before anything is.
struct TransferPlan {
    let session: Session
    let files: RemoteFiles
    var isRecursive = false
    var overwrites = false

    // MARK: To the workspace

    /// - Throws: `UsageError`, `FileExists`, `FileError`; as `Client.json`.
    func uploads(of names: [String], to target: RemotePath) async throws -> [Transfer] {
        let sources = try names.flatMap(expanded)
        let there = try await files.entry(target)
        let intoFolder = there?.isFolder == true || target.meansFolder || sources.count > 1
        if intoFolder, there?.isFolder != true, !isRecursive {
            throw UsageError("there is no folder \(target.text)", hint: ".mkdir \(target.text) makes it")
        }
        var transfers: [Transfer] = []
        for source in sources {
            let place = intoFolder ? target.appending(Self.name(of: source)) : target
            let resolved = session.paths.resolve(source)
            guard Self.isFolder(resolved) else {
                if !overwrites, try await intoFolder ? files.entry(place) != nil : there != nil {
                    throw FileExists(path: place.text)
                }
                transfers.append(Transfer(local: resolved, remote: place, size: Files.size(resolved)))
                continue
            }
            guard isRecursive else { throw UsageError("\(source) is a folder", hint: "-r copies it with all it holds") }
            transfers += uploads(below: resolved, to: place)
        }
        return transfers
    }

    private func uploads(below folder: String, to place: RemotePath) -> [Transfer] {
        var found = [Transfer(local: folder, remote: place, size: nil, isFolder: true)]
        for entry in Files.entries(in: folder).sorted(by: { $0.name < $1.name }) {
            let (path, remote) = (folder + "/" + entry.name, place.appending(entry.name))
            if entry.isDirectory {
                found += uploads(below: path, to: remote)
            } else if Self.isFile(path) {
                found.append(Transfer(local: path, remote: remote, size: Files.size(path)))
            }
        }
        return found
    }

    /// The files that a pattern (`*.csv`) means; any other name is itself.
    private func expanded(_ name: String) throws -> [String] {
        let resolved = session.paths.resolve(name)
        if access(resolved, F_OK) == 0 { return [name] }
        let code = errno
        if name.contains(where: { "*?[".contains($0) }) {
            var found = glob_t()
            defer { globfree(&found) }
            if glob(resolved, 0, nil, &found) == 0, let paths = found.gl_pathv {
                return (0..<Int(found.gl_pathc)).compactMap { paths[$0].map { String(cString: $0) } }
            }
        }
        throw FileError(path: name, code: code)
    }

    private static func name(of path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

    private static func mode(_ path: String) -> mode_t? {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
    }
    private static func isFolder(_ path: String) -> Bool { mode(path) == S_IFDIR }
    /// Not a FIFO, a socket or a device, which would never end.
    private static func isFile(_ path: String) -> Bool { mode(path) == S_IFREG }

    // MARK: To this machine

    /// - Throws: `UsageError`, `NoSuchFile`, `FileExists`; as `Client.json`.
    func downloads(of paths: [RemotePath], to name: String?) async throws -> [Transfer] {
        let target = name.map(session.paths.place) ?? session.paths.place(".")
        let intoFolder = name == nil || Self.isFolder(target) || target.hasSuffix("/") || paths.count > 1
        var transfers: [Transfer] = []
        for path in paths {
            guard let entry = try await files.entry(path) else { throw NoSuchFile(path: path) }
            guard !entry.isFolder || isRecursive else {
                throw UsageError("\(path.text) is a folder", hint: "-r copies it with all it holds")
            }
            let base = name == nil ? session.paths.place("") : target.hasSuffix("/") ? target : target + "/"
            // A folder that is copied to a new name gets that name.
            let place = intoFolder && !entry.name.isEmpty ? base + (try Self.safe(entry)) : target
            transfers.append(
                Transfer(local: place, remote: path, size: entry.size, source: entry, isFolder: entry.isFolder))
            guard entry.isFolder else { continue }
            let root = entry.path.path.utf8.count + 1
            for inside in try await files.tree(entry) {
                let parts = inside.path.path.utf8.dropFirst(root)
                _ = try Self.safe(inside)
                transfers.append(
                    Transfer(
                        local: place + "/" + String(decoding: parts, as: UTF8.self), remote: inside.path,
                        size: inside.size, source: inside, isFolder: inside.isFolder))
            }
        }
        if !overwrites, let there = transfers.first(where: { !$0.isFolder && access($0.local, F_OK) == 0 }) {
            throw FileExists(path: there.local)
        }
        return transfers
    }

    /// The name of a file as this machine takes it: the service's word must not lead out of a folder.
    private static func safe(_ entry: RemoteEntry) throws -> String {
        guard entry.name != ".", entry.name != "..", !entry.path.path.contains("/../"), !entry.path.path.contains("\0")
        else { throw UsageError("\(entry.path.text) has a name that no file can have here") }
        return entry.name
    }
}
