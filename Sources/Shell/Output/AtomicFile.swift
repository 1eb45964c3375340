import Glibc
import Results

/// Writes a file so that it is there whole or not at all: into a new file beside it, which then takes its name.
enum AtomicFile {
    /// - Throws: `FileError`, `OutputError`.
    static func write(_ text: String, to path: String, mode: mode_t = 0o666) throws {
        let temporary = "\(path).\(getpid()).part"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw FileError(path: path, code: errno) }
        do {
            let output = BufferedOutput(fileDescriptor: descriptor)
            var text = text
            try text.withUTF8 { try output.write(UnsafeRawBufferPointer($0)) }
            try output.flush()
        } catch {
            close(descriptor)
            unlink(temporary)
            throw error
        }
        guard close(descriptor) == 0, rename(temporary, path) == 0 else {
            let code = errno
            unlink(temporary)
            throw FileError(path: path, code: code)
        }
    }
}
