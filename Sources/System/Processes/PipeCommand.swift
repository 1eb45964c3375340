import Glibc

/// A program that reads what the shell writes: a compressor, or the command of `.once |command`.
package final class PipeCommand: @unchecked Sendable {
    // One task at a time uses it; `isOpen` is its only state.
    /// The program's name.
    package let name: String
    /// Where to write what it reads.
    package let input: Int32
    private let pid: pid_t
    private var isOpen = true
    /// What it says on standard error, when that is kept.
    private let complaints: Int32?

    /// Starts it.
    /// - Parameters:
    ///   - arguments: the program, found along `PATH`, and its arguments.
    ///   - output: its standard output; nil means the shell's own.
    ///   - keepsErrors: what it says on standard error is not shown but kept for `errorText`, in English.
    /// - Throws: `SystemCommand.StartError`.
    package init(_ arguments: [String], output: Int32? = nil, keepsErrors: Bool = false) throws {
        name = arguments.first ?? ""
        let ends = try Pipe(for: name)
        defer { close(ends.reading) }
        let errorEnds = keepsErrors ? try? Pipe(for: name) : nil
        var command = SystemCommand(arguments)
        command.input = ends.reading
        command.output = output
        if let errorEnds {
            command.errors = errorEnds.writing
            // Nobody reads until it has ended: what a pipe does not hold is dropped, and never waited for.
            errorEnds.setNonblocking()
            command.environment = ProcessEnvironment.variables.merging(["LC_ALL": "C"]) { $1 }
        }
        defer { if let errorEnds { close(errorEnds.writing) } }
        complaints = errorEnds?.reading
        do { pid = try command.start() } catch {
            close(ends.writing)
            if let complaints { close(complaints) }
            throw error
        }
        input = ends.writing
    }

    deinit { if let complaints { close(complaints) } }

    /// What it has said on standard error, if that is kept; to be read once, after its end.
    package var errorText: String {
        guard let complaints else { return "" }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = read(complaints, &bytes, bytes.count)
        return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : ""
    }

    /// Ends its input and waits until it has ended, without blocking the caller's thread.
    package func finish() async -> ExitStatus {
        closeInput()
        return await ExitStatus.of(pid)
    }

    /// Ends it without waiting for what it would still do.
    package func stop() {
        closeInput()
        kill(pid, SIGTERM)
        _ = ExitStatus.reaping(pid)
    }

    private func closeInput() {
        if isOpen { close(input) }
        isOpen = false
    }
}
