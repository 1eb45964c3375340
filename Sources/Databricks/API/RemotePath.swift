/// A file or folder of a workspace. Where it lies decides which API serves it (API/README.md).
package struct RemotePath: Sendable, Hashable {
    package enum Place: Sendable {
        /// `/Volumes/CATALOG/SCHEMA/VOLUME/…`: Files API.
        case volumes
        /// `/Workspace/…`: Workspace API.
        case workspace
        /// `dbfs:/…`: DBFS API.
        case dbfs
    }

    package let place: Place
    /// Absolute, without scheme and without a slash at its end: `/Volumes/main/default/files/a.csv`; `/` for all of DBFS.
    package let path: String
    /// A slash was typed at its end: a folder is meant.
    package let meansFolder: Bool

    /// Nil for what is no such path, such as one of this machine. `dbfs:/Volumes/…` is the volume; `.` and `..` are resolved.
    package init?(_ text: String) {
        let isDBFS = text.lowercased().hasPrefix("dbfs:/")
        let rest = isDBFS ? text.dropFirst(5) : text[...]
        guard rest.hasPrefix("/") else { return nil }
        var parts: [Substring] = []
        for part in rest.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        switch parts.first {
        case "Volumes": place = .volumes
        case "Workspace" where !isDBFS: place = .workspace
        default:
            guard isDBFS else { return nil }
            place = .dbfs
        }
        path = "/" + parts.joined(separator: "/")
        meansFolder = rest.hasSuffix("/")
    }

    private init(_ place: Place, _ path: String) {
        (self.place, self.path) = (place, path)
        meansFolder = false
    }

    /// As users write it.
    package var text: String { place == .dbfs ? "dbfs:" + path : path }

    /// Its last part; empty for all of DBFS.
    package var name: String { path.split(separator: "/").last.map(String.init) ?? "" }

    /// The folder that it is in.
    package var parent: RemotePath {
        let slash = path.lastIndex(of: "/") ?? path.startIndex
        return RemotePath(place, slash == path.startIndex ? "/" : String(path[..<slash]))
    }

    /// What is called `name` in it; `name` may be several parts.
    package func appending(_ name: String) -> RemotePath {
        RemotePath(place, path == "/" ? "/" + name : path + "/" + name)
    }

    /// A path that the service itself told, of the same place.
    func sibling(_ path: String) -> RemotePath {
        RemotePath(place, path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path)
    }

    /// `/Volumes`, a catalog, a schema: what has no files of its own, and is listed by Unity Catalog.
    var levelAboveVolumes: [String]? {
        let parts = path.split(separator: "/").map(String.init)
        return place == .volumes && parts.count < 4 ? Array(parts.dropFirst()) : nil
    }

    /// Percent-encoded, for a URL.
    var encoded: String {
        path.split(separator: "/").map { "/" + PercentEncoding.component(String($0)) }.joined()
    }
}

/// A file or folder as a listing tells of it.
package struct RemoteEntry: Sendable, Equatable {
    package let path: RemotePath
    package let isFolder: Bool
    /// In bytes; nil when the service does not say.
    package let size: Int?
    /// In milliseconds since 1970; nil when the service does not say.
    package let modified: Int?
    /// What it is besides, in the service's word: `NOTEBOOK`, `CATALOG`.
    package let kind: String?

    init(_ path: RemotePath, isFolder: Bool, size: Int? = nil, modified: Int? = nil, kind: String? = nil) {
        (self.path, self.isFolder, self.size, self.modified, self.kind) = (path, isFolder, size, modified, kind)
    }

    package var name: String { path.name }
}
