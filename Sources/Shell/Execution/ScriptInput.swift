import Glibc
import System
import Terminal

/// The bytes of a script, as they come. A file is read at once; a pipe or terminal is waited for, and Ctrl-C ends the wait.
struct ScriptInput {
    private let descriptor: Int32
    private let session: Session
    /// nil for a regular file, whose reads do not block.
    private let reader: DescriptorReader?

    /// Whether reads never block.
    var isFile: Bool { reader == nil }

    init(descriptor: Int32, in session: Session) {
        self.descriptor = descriptor
        self.session = session
        var status = stat()
        let isFile = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        reader = isFile ? nil : DescriptorReader(descriptor: descriptor)
    }

    /// The next bytes; nil at the end.
    /// - Throws: `FileError`, `DescriptorReader.ReadError`, `CancellationError`; `TimeLimitPassed` when the script's time is over.
    func next() async throws -> [UInt8]? {
        if let reader {
            return try await session.interrupts.cancelling {
                try await session.limits.enforced(isCell: false) { try await reader.next() }
            }
        }
        let chunk = try [UInt8](unsafeUninitializedCapacity: 1 << 20) { buffer, count in
            while true {
                count = read(descriptor, buffer.baseAddress, buffer.count)
                if count >= 0 { return }
                count = 0
                if errno != EINTR { throw FileError(path: "the script", code: errno, action: "read") }
            }
        }
        return chunk.isEmpty ? nil : chunk
    }
}
