import Glibc

/// A lock that processes of one machine share: flock(2) on a file that holds nothing else. The system lets go of it however
/// the process ends.
package final class FileLock: Sendable {
    private let descriptor: Int32

    private init(_ descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// Waits until nobody else has the lock; it is held until the value goes away. The file's folder is made when missing.
    /// - Throws: `FileError`, `CancellationError`.
    package static func waiting(for path: String) async throws -> FileLock {
        if let slash = path.lastIndex(of: "/") { try Files.makeDirectory(String(path[..<slash])) }
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileError(path: path, code: errno) }
        let lock = FileLock(descriptor)
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR else {
                throw FileError(path: path, code: errno, action: "lock")
            }
            try await Task.sleep(for: .milliseconds(50))
        }
        return lock
    }
}
