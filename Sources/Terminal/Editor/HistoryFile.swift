import Glibc
import System

/// The file behind `History`: one entry a line, with newline and backslash written as `\n` and `\\`, mode 0600. Writers append
/// under flock(2); trimming replaces the file by a shorter one, which readers notice by its inode.
final class HistoryFile {
    private let path: String
    private var inode: ino_t = 0
    /// Up to where this session has read.
    private var offset: off_t = 0

    init(path: String) { self.path = path }

    static func encode(_ entry: String) -> String {
        var line = ""
        for scalar in entry.unicodeScalars {
            switch scalar {
            case "\\": line += "\\\\"
            case "\n": line += "\\n"
            default: line.unicodeScalars.append(scalar)
            }
        }
        return line
    }

    static func decode(_ line: some StringProtocol) -> String {
        var entry = "".unicodeScalars
        var escaped = false
        for scalar in line.unicodeScalars {
            if !escaped, scalar == "\\" {
                escaped = true
            } else {
                entry.append(escaped && scalar == "n" ? "\n" : scalar)
                escaped = false
            }
        }
        return String(entry)
    }

    /// The entries that are new since the last call; all of them when another file has taken the place of the one read before.
    /// Nil when there is no file to read.
    func readNew() -> (entries: [String], isNewFile: Bool)? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return nil }
        let isNewFile = status.st_ino != inode || status.st_size < offset
        if isNewFile {
            inode = status.st_ino
            offset = 0
        }
        let bytes = readAll(descriptor, from: offset)
        // Whatever follows the last newline is still being written.
        guard let end = bytes.lastIndex(of: UInt8(ascii: "\n")) else { return ([], isNewFile) }
        offset += off_t(end + 1)
        let lines = bytes[...end].split(separator: UInt8(ascii: "\n"))
        return (lines.map { Self.decode(String(decoding: $0, as: UTF8.self)) }, isNewFile)
    }

    /// Runs `body` while no other session can append or trim. False when the file cannot be had or `body` says so.
    func locked(_ body: (_ append: (String) -> Bool) -> Bool) -> Bool {
        guard let descriptor = openLocked() else { return false }
        defer { close(descriptor) }  // which also unlocks
        return body { entry in
            // A session that was killed may have left half a line.
            let line = (Self.endsWithinLine(descriptor) ? "\n" : "") + Self.encode(entry) + "\n"
            return Self.writeWhole(descriptor, line)
        }
    }

    /// Keeps the last `limit` lines. The old file stays complete until the new one takes its name.
    func trim(to limit: Int) {
        guard let descriptor = openLocked() else { return }
        defer { close(descriptor) }
        let lines = readAll(descriptor, from: 0).split(separator: UInt8(ascii: "\n"))
        guard lines.count > limit else { return }
        let text = lines.suffix(limit).map { String(decoding: $0, as: UTF8.self) + "\n" }.joined()
        try? AtomicFile.write(text, to: path, mode: 0o600, synced: true)
    }

    /// A locked descriptor of the file that has the name now: between opening and locking, it may have been replaced.
    private func openLocked() -> Int32? {
        if let slash = path.lastIndex(of: "/") { try? Files.makeDirectory(String(path[..<slash])) }
        for _ in 0..<10 {
            let descriptor = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { return nil }
            while flock(descriptor, LOCK_EX) != 0 && errno == EINTR {}
            var opened = stat()
            var named = stat()
            if fstat(descriptor, &opened) == 0, stat(path, &named) == 0, opened.st_ino == named.st_ino {
                if opened.st_mode & 0o077 != 0 { fchmod(descriptor, 0o600) }
                return descriptor
            }
            close(descriptor)
        }
        return nil
    }

    private static func endsWithinLine(_ descriptor: Int32) -> Bool {
        let end = lseek(descriptor, 0, SEEK_END)
        var last: UInt8 = 0
        return end > 0 && pread(descriptor, &last, 1, end - 1) == 1 && last != UInt8(ascii: "\n")
    }

    private static func writeWhole(_ descriptor: Int32, _ text: String) -> Bool {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if written > 0 {
                rest = rest.dropFirst(written)
            } else if errno != EINTR {
                return false
            }
        }
        return true
    }

    private func readAll(_ descriptor: Int32, from start: off_t) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = pread(descriptor, &chunk, chunk.count, start + off_t(bytes.count))
            if count > 0 { bytes += chunk[..<count] } else if count == 0 || errno != EINTR { return bytes }
        }
    }
}
