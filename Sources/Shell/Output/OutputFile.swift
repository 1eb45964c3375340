import Glibc
import Results
import System
import Terminal

/// A file that results are written to.
///
/// It is written under a temporary name beside its own, `NAME.partial-PID`, and gets its own when it is whole: nobody
/// ever reads half a result under the name they asked for. What exists and is no ordinary file (a device, a FIFO) is
/// written in place. A name that ends in .gz or .zst goes through that compressor.
nonisolated final class OutputFile: @unchecked Sendable {
    // Used by one task at a time: the session's, or the export's while the session waits for it.
    let path: String
    let format: FileFormat
    let output: BufferedOutput
    /// A result in the service's own format was begun in it.
    var hasServiceResult = false
    private let temporary: String?
    private var descriptor: Int32?
    private var compressor: PipeCommand?
    private var failure: WriteError?

    /// - Throws: `FileError` when it cannot be opened; `SystemCommand.StartError` without the compressor.
    convenience init(path: String) throws { try self.init(path: path, format: FileFormat(path: path)) }

    /// The same for a format that the name alone does not say.
    init(path: String, format: FileFormat) throws {
        self.path = path
        self.format = format
        var status = stat()
        let exists = stat(path, &status) == 0
        if exists, status.st_mode & S_IFMT == S_IFDIR { throw FileError(path: path, code: EISDIR) }
        let isOrdinary = !exists || status.st_mode & S_IFMT == S_IFREG
        temporary = isOrdinary ? "\(path).partial-\(getpid())" : nil
        // The new file keeps the rights of the one it replaces.
        let mode = exists && isOrdinary ? status.st_mode & 0o777 : 0o666
        let target = temporary ?? path
        let file = open(target, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        guard file >= 0 else { throw FileError(path: path, code: errno) }
        guard let compression = format.compression else {
            descriptor = file
            output = BufferedOutput(fileDescriptor: file, capacity: 1 << 18)
            return
        }
        defer { close(file) }
        do {
            let command = try PipeCommand(compression.arguments, output: file, keepsErrors: true)
            compressor = command
            output = BufferedOutput(fileDescriptor: command.input, capacity: 1 << 18)
        } catch {
            if let temporary { unlink(temporary) }
            throw error
        }
    }

    deinit { discard() }

    /// Everything is written: the file gets its name.
    /// - Throws: `WriteError`; the file is then discarded.
    func commit() async throws {
        try await writing {
            try output.flush()
            if let compressor {
                self.compressor = nil
                let status = await compressor.finish()
                guard status == .exited(0) else { throw WriteError(path, compressor, status) }
            } else if let descriptor {
                self.descriptor = nil
                if close(descriptor) != 0 { throw OutputError(errno) }
            }
            if let temporary, rename(temporary, path) != 0 { throw OutputError(errno) }
        }
    }

    /// Does what writes to the file, which is discarded when that fails.
    /// - Throws: what `body` throws, in terms of the file.
    func writing(_ body: () async throws -> Void) async throws {
        do { try await body() } catch {
            let reason = await explained(error)
            discard()
            throw reason
        }
    }

    /// What writing to the file threw, in terms of the file: a compressor that died shows as a broken pipe.
    func explained(_ error: any Error) async -> any Error {
        guard let error = error as? OutputError else { return error }
        if error.isBrokenPipe, let compressor {
            self.compressor = nil
            failure = WriteError(path, compressor, await compressor.finish())
        }
        // Whatever is written behind the first failure only fails because of it.
        let reason = failure ?? WriteError(path: path, reason: .code(error.code))
        failure = reason
        return reason
    }

    /// Gives up what was written so far.
    func discard() {
        compressor?.stop()
        compressor = nil
        if let descriptor { close(descriptor) }
        descriptor = nil
        // After a rename there is nothing of this name any more.
        if let temporary { unlink(temporary) }
    }
}

extension WriteError {
    /// A compressor that could not do its work. When that was because of the file, that is the reason: it writes the file, so
    /// only it knows, and says so in the words of strerror(3) or dies by the limit on file sizes.
    fileprivate init(_ path: String, _ compressor: PipeCommand, _ status: ExitStatus) {
        let text = compressor.errorText
        let code =
            status == .signalled(SIGXFSZ)
            ? EFBIG : [ENOSPC, EDQUOT, EFBIG, EIO].first { text.contains(String(cString: strerror($0))) }
        let said = text.split(whereSeparator: \.isNewline).joined(separator: "\n")
        self.init(path: path, reason: code.map { .code($0) } ?? .compressor(compressor.name, status, said))
    }
}
