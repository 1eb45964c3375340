import Glibc
import Results
import System
import Terminal

/// Runs gnuplot, which draws.
struct Gnuplot {
    /// gnuplot is not there, or did not draw.
    enum Failure: Error {
        case missing
        case failed(Int32)
    }

    /// The drawing that a script makes.
    /// - Throws: `Failure`, `FileError`.
    static func draw(_ script: String) async throws -> [UInt8] {
        let descriptor = try NamelessFile.open(in: ShellEnvironment.ofProcess()["TMPDIR"] ?? "/tmp")
        defer { close(descriptor) }
        let command: PipeCommand
        do { command = try PipeCommand(["gnuplot"], output: descriptor) } catch { throw Failure.missing }
        let input = BufferedOutput(fileDescriptor: command.input)
        var script = script
        // gnuplot that ends early has said why on stderr, and its status says that it failed.
        try? script.withUTF8 { try input.write(UnsafeRawBufferPointer($0)) }
        try? input.flush()
        let status = await command.finish()
        guard status == .exited(0) else {
            throw status == .exited(127) ? Failure.missing : Failure.failed(status.exitStatus)
        }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = pread(descriptor, &chunk, chunk.count, off_t(bytes.count))
            guard count > 0 else { break }
            bytes += chunk[..<count]
        }
        if bytes.isEmpty { throw Failure.failed(0) }
        return bytes
    }
}
