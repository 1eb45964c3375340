import Glibc
import Results

/// Where `--report` goes: a file, or a descriptor that the parent has opened.
enum ReportTarget: Equatable {
    case file(String)
    case descriptor(Int32)
}

/// The lines of a report, one JSON object each, written as they come.
final class ReportFile {
    private let descriptor: Int32
    private let isOwn: Bool
    private let output: BufferedOutput
    private var cells = 0
    /// The first write that failed; nothing is written after it.
    private(set) var failure: WriteError?
    private let name: String

    /// - Throws: `UsageError` for a file that cannot be written, or a descriptor that is not open.
    init(_ target: ReportTarget) throws {
        switch target {
        case .file(let path):
            name = path
            isOwn = true
            descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
            guard descriptor >= 0 else {
                throw UsageError("cannot write the report \(path): \(String(cString: strerror(errno)))")
            }
        case .descriptor(let number):
            name = "descriptor \(number)"
            isOwn = false
            descriptor = number
            guard fcntl(number, F_GETFD) >= 0 else {
                throw UsageError(
                    "descriptor \(number) for the report is not open", hint: "--report FILE, or dbsh --report 3 3>FILE")
            }
        }
        output = BufferedOutput(fileDescriptor: descriptor)
    }

    deinit { if isOwn { close(descriptor) } }

    /// The number of the next cell, from 1.
    func nextNumber() -> Int {
        cells += 1
        return cells
    }

    /// Writes one line. What stands in it cannot harm a terminal.
    func write(_ line: JSONValue) {
        guard failure == nil else { return }
        var text = line.serialized(sanitize: true) + "\n"
        do {
            try text.withUTF8 { try output.write(UnsafeRawBufferPointer($0)) }
            try output.flush()
        } catch {
            failure = WriteError(
                path: name, reason: .code((error as? OutputError)?.code ?? EIO), leavesPart: true)
        }
    }
}
