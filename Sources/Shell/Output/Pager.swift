import Glibc
import Results
import System
import Terminal

/// Buffers what a cell writes at a terminal, and shows it through a pager when it does not fit the window:
/// `$DBSH_PAGER`, else `$PAGER`, else `less -SRFX`. What fits is written as it is.
final class Pager {
    let output: BufferedOutput
    private let descriptor: Int32
    private let environment: ShellEnvironment
    /// Messages that came meanwhile, to be shown after the result.
    private var remarks: [String] = []

    /// nil when no pager is wanted, or no temporary file can be made.
    init?(environment: ShellEnvironment) {
        guard Self.command(environment) != nil else { return nil }
        guard let descriptor = try? NamelessFile.open(in: environment["TMPDIR"] ?? "/tmp") else { return nil }
        self.descriptor = descriptor
        output = BufferedOutput(fileDescriptor: descriptor)
        self.environment = environment
    }

    deinit { close(descriptor) }

    /// The user's pager, a line for the system's shell; nil when it is none (`cat`).
    private static func command(_ environment: ShellEnvironment) -> String? {
        let chosen = environment.variables["DBSH_PAGER"] ?? environment.variables["PAGER"] ?? "less -SRFX"
        return ["", "cat"].contains(chosen) || ["", "dumb"].contains(environment["TERM"] ?? "") ? nil : chosen
    }

    /// Whether anything has been written.
    var holdsText: Bool { (try? output.flush()) != nil && lseek(descriptor, 0, SEEK_END) > 0 }

    func add(remark: String) { remarks.append(remark) }

    /// Shows the buffered text.
    /// - Returns: the messages to show after it.
    /// - Parameter direct: write it as it is, whatever its size.
    func show(to standardOutput: BufferedOutput, interrupts: Interrupts, direct: Bool = false) async throws -> [String]
    {
        try output.flush()
        lseek(descriptor, 0, SEEK_SET)
        let window = TerminalSize.of(environment.standardOutput, environment: environment.variables)
        if !direct, let window, lineCount(upTo: window.rows) >= window.rows, let command = Self.command(environment) {
            var pager = SystemCommand.shell(command)
            pager.input = descriptor
            var variables = environment.variables
            variables["LESS"] = variables["LESS"] ?? "SRFX"
            pager.environment = variables
            lseek(descriptor, 0, SEEK_SET)
            // 127: there is no such program, which the system's shell has said.
            if let status = try? await pager.runInForeground(interrupts: interrupts), status != .exited(127) {
                return remarks
            }
            remarks.append("there is no pager “\(command)”, so this was not paged; .pager off does without")
            lseek(descriptor, 0, SEEK_SET)
        }
        try copy(to: standardOutput)
        return remarks
    }

    /// Writes the buffered text unpaged.
    func copy(to standardOutput: BufferedOutput) throws {
        try output.flush()
        lseek(descriptor, 0, SEEK_SET)
        try readChunks { try standardOutput.write($0) }
        try standardOutput.flush()
        ftruncate(descriptor, 0)
        lseek(descriptor, 0, SEEK_SET)
    }

    private func lineCount(upTo limit: Int) -> Int {
        var count = 0
        try? readChunks { chunk in
            count += chunk.lazy.filter { $0 == 0x0A }.count
            if count >= limit { throw CancellationError() }
        }
        return count
    }

    private func readChunks(_ body: (UnsafeRawBufferPointer) throws -> Void) rethrows {
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(descriptor, &chunk, chunk.count)
            guard count > 0 else { return }
            try chunk.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
        }
    }
}
