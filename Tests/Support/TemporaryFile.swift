import Glibc

/// A file with some content, which goes away with its last reference.
package final class TemporaryFile: Sendable {
    package let path: String

    package struct Failure: Error {
        let reason: String
    }

    package init(_ content: String) throws {
        let directory = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(directory)/dbsh-test-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw Failure(reason: String(cString: strerror(errno))) }
        defer { close(descriptor) }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        let bytes = Array(content.utf8)
        guard write(descriptor, bytes, bytes.count) == bytes.count else {
            throw Failure(reason: String(cString: strerror(errno)))
        }
    }

    deinit {
        unlink(path)
    }
}
