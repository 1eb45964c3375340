import Databricks
import Glibc
import Results
import System

/// `.record FILE`: writes the session's cells to a file as they succeed, a script that replays.
final class Recorder {
    let path: String
    private let descriptor: Int32
    private let output: BufferedOutput
    private var script: ScriptText

    /// - Throws: `FileError`; `UsageError` when the file holds something already and may not be replaced.
    init(path: String, replaces: Bool, commands: Set<String>) throws {
        var status = stat()
        if !replaces, stat(path, &status) == 0, status.st_size > 0 {
            throw UsageError("\(path) exists already", hint: ".record --overwrite \(Words.quote(path)) replaces it")
        }
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw FileError(path: path, code: errno) }
        self.path = path
        script = ScriptText(commands: commands)
        output = BufferedOutput(fileDescriptor: descriptor)
    }

    deinit { close(descriptor) }

    /// Adds a cell that has ended, if it is to be replayed.
    /// - Throws: `WriteError`.
    func add(_ entry: SessionLog.Entry) throws {
        guard entry.replays, !entry.traits.contains(.isUnrecorded) else { return }
        var text = Redaction.secrets(in: script.text(of: entry.cell))
        do {
            try text.withUTF8 { try output.write(UnsafeRawBufferPointer($0)) }
            try output.flush()
        } catch let error as OutputError {
            throw WriteError(path: path, reason: .code(error.code), leavesPart: true)
        }
    }
}
