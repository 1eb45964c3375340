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

    /// Starts it.
    /// - Parameters:
    ///   - arguments: the program, found along `PATH`, and its arguments.
    ///   - output: its standard output; nil means the shell's own.
    /// - Throws: `ForegroundCommand.StartError`.
    package init(_ arguments: [String], output: Int32? = nil) throws {
        name = arguments.first ?? ""
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw ForegroundCommand.StartError(program: name, code: errno) }
        // Neither end may leak into other programs: the reader would never see the end of its input.
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        defer { close(ends[0]) }
        var command = ForegroundCommand(arguments)
        command.input = ends[0]
        command.output = output
        do { pid = try command.spawn() } catch {
            close(ends[1])
            throw error
        }
        input = ends[1]
    }

    /// Ends its input and waits until it has ended, without blocking the caller's thread.
    package func finish() async -> ForegroundCommand.Status {
        closeInput()
        return await ForegroundCommand.wait(for: pid)
    }

    /// Ends it without waiting for what it would still do.
    package func stop() {
        closeInput()
        kill(pid, SIGTERM)
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
    }

    private func closeInput() {
        if isOpen { close(input) }
        isOpen = false
    }
}
