import Glibc
import Results
import System
import Terminal

/// A file that results are written to.
///
/// It gets its name when it is whole (`AtomicFile`): nobody ever reads half a result under the name they asked for. A name
/// that ends in .gz or .zst goes through that compressor.
nonisolated final class OutputFile: @unchecked Sendable {
    // Used by one task at a time: the session's, or the export's while the session waits for it.
    let path: String
    let format: FileFormat
    let output: BufferedOutput
    /// A result in the service's own format was begun in it.
    var hasServiceResult = false
    private var file: AtomicFile?
    private var compressor: PipeCommand?
    private var failure: WriteError?

    /// - Throws: `FileError` when it cannot be opened; `SystemCommand.StartError` without the compressor.
    convenience init(path: String) throws { try self.init(path: path, format: FileFormat(path: path)) }

    /// The same for a format that the name alone does not say.
    init(path: String, format: FileFormat) throws {
        self.path = path
        self.format = format
        let file = try AtomicFile(path)
        self.file = file
        if format.service == .parquet {
            guard format.compression == nil else {
                throw UsageError("\(path): Parquet is compressed already", hint: "leave out .gz or .zst")
            }
            let command = try PipeCommand(
                ParquetWriter.command(), output: file.descriptor, keepsErrors: true)
            compressor = command
            output = BufferedOutput(fileDescriptor: command.input, capacity: 1 << 18)
            return
        }
        guard let compression = format.compression else {
            output = BufferedOutput(fileDescriptor: file.descriptor, capacity: 1 << 18)
            return
        }
        let command = try PipeCommand(compression.arguments, output: file.descriptor, keepsErrors: true)
        compressor = command
        output = BufferedOutput(fileDescriptor: command.input, capacity: 1 << 18)
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
            }
            do throws(FileError) { try file?.commit() } catch { throw OutputError(error.code) }
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
        file?.discard()
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
