import Glibc
import Results
import System
import Terminal
import Text

/// Where results go instead of standard output: a file, or a command that reads them.
final class ResultDestination {
    private enum Kind {
        case file(OutputFile)
        case command(PipeCommand, BufferedOutput, String)
    }

    private let kind: Kind
    /// A result in it ended early.
    var isBroken = false
    /// The failure has been reported, in terms of the file.
    var failureIsTold = false

    private init(_ kind: Kind) { self.kind = kind }

    /// `FILE`, or `|COMMAND` for the system's shell.
    /// - Parameter serviceCSV: the service's own CSV goes there, and needs a file.
    /// - Throws: `FileError`, `SystemCommand.StartError`; `UsageError`.
    static func named(_ text: String, serviceCSV: Bool = false) throws -> ResultDestination {
        if serviceCSV {
            guard !text.hasPrefix("|") else {
                throw UsageError("--service-csv needs a file", hint: "/dev/stdout is one")
            }
            return ResultDestination(.file(try OutputFile(path: text, format: FileFormat(serviceCSV: text))))
        }
        guard text.hasPrefix("|") else { return ResultDestination(.file(try OutputFile(path: text))) }
        let line = String(text.dropFirst())
        let command = try PipeCommand(["/bin/sh", "-c", line])
        return ResultDestination(.command(command, BufferedOutput(fileDescriptor: command.input), line))
    }

    var output: BufferedOutput {
        switch kind {
        case .file(let file): file.output
        case .command(_, let output, _): output
        }
    }

    var isCommand: Bool { if case .command = kind { true } else { false } }

    /// What the file's name says about its format.
    var format: FileFormat? { if case .file(let file) = kind { file.format } else { nil } }

    var file: OutputFile? { if case .file(let file) = kind { file } else { nil } }

    /// Closes the destination. A command is waited for.
    /// - Throws: `WriteError` when the file is incomplete; it is then removed. `CommandEnded` when the command fails.
    func finish() async throws {
        switch kind {
        case .file(let file):
            guard !isBroken else {
                file.discard()
                if failureIsTold { return }
                throw WriteError(path: file.path, reason: .brokenOff)
            }
            // Without a result an Arrow file would be none.
            if file.format.service != nil, !file.hasServiceResult { return file.discard() }
            try await file.commit()
        case .command(let command, let output, let line):
            // A command may stop reading early (`|head`): nothing is wrong then.
            try? output.flush()
            let status = await command.finish()
            if status != .exited(0) { throw CommandEnded(status: status, command: line.trimmingBlanks()) }
        }
    }
}
