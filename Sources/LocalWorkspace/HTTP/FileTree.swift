import Glibc
import System

/// A tree of files on this machine that an API serves under names of its own. Nothing in it leads out of it.
struct FileTree: Sendable {
    /// The folder on disk, absolute.
    let root: String

    /// A file or folder in it.
    struct Entry: Sendable {
        let name: String
        let isFolder: Bool
        let size: Int
        /// Milliseconds since 1970.
        let modified: Int
    }

    /// Where a path lies on disk, whether or not there is anything; nil for one that leads out of the tree.
    func place(_ path: String) -> String? {
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part == ".." { if parts.popLast() == nil { return nil } } else { parts.append(part) }
        }
        guard !path.contains("\0"), let top = Self.real(root) else { return nil }
        let place = ([Substring(top)] + parts).joined(separator: "/")
        // Of what is there, the nearest must lie inside: a link may lead out.
        var known = place
        while known.utf8.count > top.utf8.count, Self.real(known) == nil {
            known = String(known[..<(known.lastIndex(of: "/") ?? known.startIndex)])
        }
        guard let real = Self.real(known), real == top || real.hasPrefix(top + "/") else { return nil }
        return place
    }

    private static func real(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }

    /// What is at a path; nil when there is nothing.
    func entry(_ path: String) -> Entry? { place(path).flatMap(Self.entry) }

    private static func entry(at place: String) -> Entry? {
        var status = stat()
        guard stat(place, &status) == 0 else { return nil }
        let kind = status.st_mode & S_IFMT
        guard kind == S_IFDIR || kind == S_IFREG else { return nil }
        let milliseconds = status.st_mtim.tv_sec * 1000 + status.st_mtim.tv_nsec / 1_000_000
        return Entry(
            name: place.split(separator: "/").last.map(String.init) ?? "", isFolder: kind == S_IFDIR,
            size: kind == S_IFDIR ? 0 : Int(status.st_size), modified: milliseconds)
    }

    /// What is in a folder, sorted by name.
    func list(_ path: String) -> [Entry] {
        guard let place = place(path) else { return [] }
        return Files.names(in: place).sorted().compactMap { Self.entry(at: place + "/" + $0) }
    }

    /// Makes a folder and those above it. False when a file is in the way.
    func makeFolder(_ path: String) -> Bool {
        guard let place = place(path) else { return false }
        try? Files.makeDirectory(place)
        return Self.entry(at: place)?.isFolder == true
    }

    /// Moves a finished file to a path.
    func put(_ file: String, at path: String) throws {
        guard let place = place(path) else { throw FileError(path: path, code: ENOENT) }
        if rename(file, place) == 0 { return }
        throw FileError(path: path, code: errno, action: "write")
    }

    /// Writes a small file whole.
    func write(_ bytes: [UInt8], at path: String) throws {
        guard let place = place(path) else { throw FileError(path: path, code: ENOENT) }
        let file = try AtomicFile(place)
        var failure: FileError?
        bytes.withUnsafeBytes { bytes in do throws(FileError) { try file.write(bytes) } catch { failure = error } }
        if let failure { throw failure }
        try file.commit()
    }

    /// The whole of a file.
    func read(_ path: String) -> [UInt8]? { place(path).flatMap { try? Files.read($0) } }

    /// Removes a file or folder; one that is not empty only with `recursive`. False when it is still there.
    func remove(_ path: String, recursive: Bool = false) -> Bool {
        guard let place = place(path), place != Self.real(root) else { return false }
        if recursive {
            Files.removeTree(place)
        } else if Self.entry(at: place)?.isFolder == true {
            rmdir(place)
        } else {
            unlink(place)
        }
        return Self.entry(at: place) == nil
    }
}

extension FileTree {
    /// - Throws: `APIError` when a path is in no volume.
    func volumePath(_ path: String) throws -> String {
        let parts = path.split(separator: "/")
        guard parts.first == "Volumes", parts.count >= 4 else {
            throw APIError.invalidParameter("Path must be /Volumes/<catalog>/<schema>/<volume>/..., not \(path).")
        }
        guard place(path) != nil, entry("/" + parts.prefix(4).joined(separator: "/"))?.isFolder == true else {
            throw APIError(404, "NOT_FOUND", "Volume '\(parts[1...3].joined(separator: "."))' does not exist.")
        }
        return path
    }
}

extension WallTime {
    /// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 §5.6.7).
    var httpDate: String {
        var time = time_t(seconds)
        var parts = tm()
        gmtime_r(&time, &parts)
        let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return
            "\(days[Int(parts.tm_wday)]), \(two(parts.tm_mday)) \(months[Int(parts.tm_mon)]) \(parts.tm_year + 1900) "
            + "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec)) GMT"
    }
}
