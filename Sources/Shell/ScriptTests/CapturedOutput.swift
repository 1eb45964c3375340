import Glibc
import System

/// A file without a name that takes what a script writes, to be read back.
final class CapturedOutput {
    let descriptor: Int32
    private var taken = 0

    /// - Parameter directory: where the system keeps temporary files.
    /// - Throws: `FileError`.
    init(in directory: String) throws {
        descriptor = try NamelessFile.open(in: directory)
    }

    deinit { close(descriptor) }

    /// What has been written since the last time.
    func take() -> String {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = pread(descriptor, &piece, piece.count, off_t(taken))
            guard count > 0 else { break }
            bytes += piece[..<count]
            taken += count
        }
        // What has been read back is not wanted again: a server that runs for days must not fill the disk with it.
        if taken > 1 << 20, ftruncate(descriptor, 0) == 0 {
            lseek(descriptor, 0, SEEK_SET)
            taken = 0
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
