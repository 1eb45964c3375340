import Glibc
import System

/// Where a workspace keeps what it must keep: tables and files that outlive it, and a scratch directory that does not.
///
///     ROOT/catalogs, dbfs, home, python   the engine's (Engine/PROTOCOL.md)
///     ROOT/logs/processes.log             standard error of the engine's processes
///     ROOT/run/ID/                        scratch of one server: chunk files of results
///
/// Several servers may share a root, so each has a scratch directory of its own, and holds a lock in it.
struct DataDirectory: Sendable {
    /// Absolute path.
    let root: String
    /// Scratch of this server.
    let scratch: String
    /// The root goes away with the workspace.
    private let ephemeral: Bool
    private let lock: Int32

    /// Makes what is missing, and removes what servers that were killed have left behind.
    /// - Parameter path: the root; nil for a temporary directory.
    /// - Throws: `LocalWorkspaceError`.
    init(path: String?) throws {
        ephemeral = path == nil
        do {
            root = try path.map(Self.absolute) ?? Self.temporaryDirectory()
            try Files.makeDirectory(root + "/logs")
            try Files.makeDirectory(root + "/run")
            try Files.makeDirectory(root + "/dbfs/Volumes")
            try Files.makeDirectory(root + "/workspace/Users/me@local")
            try Files.makeDirectory(root + "/workspace/Shared")
            Self.removeAbandoned(in: root + "/run")
            Self.rotate(root + "/logs/processes.log")
            scratch = root + "/run/" + Random.hexadecimal(bytes: 8)
            try Files.makeDirectory(scratch)
            lock = try Self.heldLock(in: scratch)
        } catch let failure as FileError {
            throw LocalWorkspaceError("The local workspace cannot keep its data: \(failure).")
        }
    }

    /// Where standard error of the engine's processes goes.
    var log: String { root + "/logs/processes.log" }

    /// DBFS, and in it, in `Volumes`, the volumes.
    var files: FileTree { FileTree(root: root + "/dbfs") }

    /// The workspace tree: notebooks and files.
    var workspaceTree: FileTree { FileTree(root: root + "/workspace") }

    /// Where the body of a request is written to that is a file; on the file system of the tree it will be moved into.
    func upload() -> String { scratch + "/upload-" + Random.hexadecimal(bytes: 12) }

    /// Where the chunk files of one statement go.
    func results(of statement: String) -> String { scratch + "/" + statement }

    /// Removes the scratch directory, and the root when it is ephemeral.
    func close() {
        Files.removeTree(ephemeral ? root : scratch)
        Glibc.close(lock)
    }

    private static func absolute(_ path: String) throws -> String {
        try Files.makeDirectory(path)
        guard let real = realpath(path, nil) else { throw FileError(path: path, code: errno) }
        defer { free(real) }
        return String(cString: real)
    }

    private static let temporaryPrefix = "dbsh-workspace-"

    private static func temporaryDirectory() throws -> String {
        let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        removeAbandonedRoots(in: base)
        var template = Array((base + "/" + temporaryPrefix + "XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else { throw FileError(path: base, code: errno) }
        return String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Puts a log that has grown beyond 1 MiB aside; the one put aside before is dropped.
    private static func rotate(_ log: String) {
        var status = stat()
        if stat(log, &status) == 0, status.st_size > 1 << 20 { rename(log, log + ".1") }
    }

    /// Temporary roots of this user's servers that were killed: scratch directories were made in them, and none is left that a
    /// server holds.
    private static func removeAbandonedRoots(in base: String) {
        for name in Files.names(in: base) where name.hasPrefix(temporaryPrefix) {
            let root = base + "/" + name
            var status = stat()
            guard lstat(root, &status) == 0, status.st_mode & S_IFMT == S_IFDIR, status.st_uid == getuid(),
                !Files.names(in: root + "/run").isEmpty
            else { continue }
            removeAbandoned(in: root + "/run")
            if Files.names(in: root + "/run").isEmpty { Files.removeTree(root) }
        }
    }

    /// Makes the lock file, which has its name only once it is held: a server that looks for what was left behind would take
    /// the lock between the two, and the directory away.
    private static func heldLock(in scratch: String) throws(FileError) -> Int32 {
        let unheld = scratch + "/lock.new"
        let lock = open(unheld, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard lock >= 0, flock(lock, LOCK_EX | LOCK_NB) == 0, rename(unheld, scratch + "/lock") == 0 else {
            let code = errno
            if lock >= 0 { Glibc.close(lock) }
            throw FileError(path: scratch, code: code)
        }
        return lock
    }

    /// A scratch directory whose lock nobody holds belongs to no server any more. One without a lock file is being
    /// made.
    private static func removeAbandoned(in run: String) {
        for name in Files.names(in: run) {
            let descriptor = open(run + "/" + name + "/lock", O_RDWR | O_CLOEXEC)
            guard descriptor >= 0 else { continue }
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { Files.removeTree(run + "/" + name) }
            Glibc.close(descriptor)
        }
    }
}
