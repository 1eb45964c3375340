import Glibc

/// A file that is there whole or not at all: it is written under a temporary name beside its own, `NAME.partial-PID`, and
/// takes its own when it is committed. Without that it goes away.
///
/// What exists and is no ordinary file (a device, a FIFO, a descriptor such as `/dev/stdout`) is written in place. A symbolic link stays one: the file it leads
/// to is replaced.
package final class AtomicFile {
    /// Where to write; not to be closed.
    package let descriptor: Int32
    private let shown: String
    private let target: String
    /// Nil for what is written in place.
    private let temporary: String?
    private var isOpen = true
    /// Where it begins: a descriptor may have been written to before.
    private let start: off_t

    /// - Parameters:
    ///   - shown: its name in errors, when that is another than the path.
    ///   - mode: its rights; nil means those of the file it replaces, or else what the umask leaves.
    package init(_ path: String, shown: String? = nil, mode: mode_t? = nil) throws(FileError) {
        self.shown = shown ?? path
        if let copy = NamedDescriptor.copy(of: path) {
            (descriptor, target, temporary) = (copy, path, nil)
            start = max(lseek(copy, 0, SEEK_CUR), 0)
            guard copy >= 0 else { throw FileError(path: self.shown, code: errno) }
            return
        }
        var status = stat()
        let exists = stat(path, &status) == 0
        let kind = status.st_mode & S_IFMT
        guard !exists || kind != S_IFDIR else { throw FileError(path: self.shown, code: EISDIR) }
        let isOrdinary = !exists || kind == S_IFREG
        target = exists && isOrdinary ? Self.resolved(path) : path
        start = 0
        temporary = isOrdinary ? "\(target).partial-\(getpid())" : nil
        let rights = mode ?? (exists && isOrdinary ? status.st_mode & 0o777 : 0o666)
        descriptor = open(temporary ?? target, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, rights)
        guard descriptor >= 0 else { throw FileError(path: self.shown, code: errno) }
    }

    deinit { discard() }

    private static func resolved(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }

    /// Writes all of it.
    package func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            if written < 0, errno == EINTR { continue }
            guard written >= 0 else { throw FileError(path: shown, code: errno, action: "write") }
            rest = rest.dropFirst(written)
        }
    }

    /// Takes back what was written so far. What cannot be cut off (a pipe) is written on.
    package func restart() {
        if ftruncate(descriptor, start) == 0 { lseek(descriptor, start, SEEK_SET) }
    }

    /// It is whole, and gets its name. A full disk may be noticed here only; the file is then discarded.
    /// - Parameter synced: it is on the disk before it has its name.
    package func commit(synced: Bool = false) throws(FileError) {
        guard isOpen else { return }
        var isDone = !synced || fsync(descriptor) == 0
        let code = errno
        isDone = close(descriptor) == 0 && isDone
        isOpen = false
        if isDone, let temporary { isDone = rename(temporary, target) == 0 }
        guard !isDone else { return }
        let reason = errno == 0 ? code : errno
        if let temporary { unlink(temporary) }
        throw FileError(path: shown, code: reason, action: "write")
    }

    /// Gives up what was written so far.
    package func discard() {
        guard isOpen else { return }
        isOpen = false
        close(descriptor)
        if let temporary { unlink(temporary) }
    }

    /// Writes a whole file.
    package static func write(
        _ text: String, to path: String, mode: mode_t? = nil, synced: Bool = false
    ) throws(FileError) {
        let file = try AtomicFile(path, mode: mode)
        let bytes = Array(text.utf8)
        var failure: FileError?
        bytes.withUnsafeBytes { bytes in
            do throws(FileError) { try file.write(bytes) } catch { failure = error }
        }
        if let failure { throw failure }
        try file.commit(synced: synced)
    }
}
