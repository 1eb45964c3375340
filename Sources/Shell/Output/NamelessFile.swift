import Glibc
import System

/// A temporary file without a name, for reading and writing, which nobody else can open and which goes when its
/// descriptor is closed.
enum NamelessFile {
    /// - Parameter directory: where the system keeps temporary files.
    /// - Returns: a descriptor, which the caller closes; programs that are started do not get it.
    /// - Throws: `FileError`.
    static func open(in directory: String) throws -> Int32 {
        var template = Array((directory + "/dbsh-XXXXXX").utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw FileError(path: directory, code: errno, action: "make a file in") }
        unlink(template)
        // (mkostemp(3) would do this at once, but is not in Swift's Glibc.)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        return descriptor
    }
}
