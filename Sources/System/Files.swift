import FoundationEssentials
import Glibc

/// What is done with files as wholes, and with folders.
package enum Files {
    /// The whole content of a file.
    package static func read(_ path: String) throws(FileError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError(path: path, code: errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw FileError(path: path, code: errno) }
        // Files of /proc say that they are empty.
        var content = [UInt8](repeating: 0, count: status.st_size > 0 ? Int(status.st_size) : 4096)
        var filled = 0
        while filled < content.count {
            let count = content.withUnsafeMutableBytes {
                Glibc.read(descriptor, $0.baseAddress! + filled, $0.count - filled)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw FileError(path: path, code: errno, action: "read") }
            if count == 0 { break }
            filled += count
        }
        content.removeSubrange(filled...)
        return content
    }

    /// What comes from a pipe until nobody has its other end; until an error, which is no different here. Blocks.
    package static func readToEnd(_ descriptor: Int32) -> [UInt8] {
        var all: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = Glibc.read(descriptor, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return all }
            all += piece[..<count]
        }
    }

    /// - Throws: why a file cannot be read.
    package static func checkReadable(_ path: String) throws(FileError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw FileError(path: path, code: errno) }
        defer { close(descriptor) }
        var status = stat()
        if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
            throw FileError(path: path, code: EISDIR)
        }
    }

    /// Whether two paths lead to one file.
    package static func areSame(_ path: String, _ other: String) -> Bool {
        var (first, second) = (stat(), stat())
        return stat(path, &first) == 0 && stat(other, &second) == 0 && first.st_dev == second.st_dev
            && first.st_ino == second.st_ino
    }

    /// Bytes in a file; nil when there is none.
    package static func size(_ path: String) -> Int? {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : nil
    }

    /// Something in a folder.
    package struct Entry: Sendable {
        package let name: String
        /// A folder itself, not a link to one.
        package let isDirectory: Bool
    }

    /// What is in a folder, but for `.` and `..`, in no order; empty when it cannot be read.
    package static func entries(in path: String) -> [Entry] {
        guard let listing = opendir(path) else { return [] }
        defer { closedir(listing) }
        var entries: [Entry] = []
        while let entry = readdir(listing) {
            // d_name ends with NUL and is valid until the next readdir.
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name == "." || name == ".." { continue }
            var isDirectory = entry.pointee.d_type == UInt8(DT_DIR)
            if entry.pointee.d_type == UInt8(DT_UNKNOWN) {
                // Not every file system says.
                var status = stat()
                isDirectory = lstat("\(path)/\(name)", &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
            }
            entries.append(Entry(name: name, isDirectory: isDirectory))
        }
        return entries
    }

    /// Names in a folder, in no order; empty when it cannot be read.
    package static func names(in path: String) -> [String] { entries(in: path).map(\.name) }

    /// Makes a folder, and those above it, that only the user may look into (XDG Base Directory Specification).
    package static func makeDirectory(_ path: String) throws(FileError) {
        var status = stat()
        if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { return }
        if let slash = path.lastIndex(of: "/"), slash != path.startIndex {
            try makeDirectory(String(path[..<slash]))
        }
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw FileError(path: path, code: errno, action: "make")
        }
    }

    /// Removes a file, or a folder with all it holds; what cannot be removed stays.
    package static func removeTree(_ path: String) { try? FileManager.default.removeItem(atPath: path) }
}
