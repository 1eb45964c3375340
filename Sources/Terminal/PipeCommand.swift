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
    /// - Throws: `ForegroundCommand.StartError`.
    package init(_ arguments: [String], output: Int32? = nil, keepsErrors: Bool = false) throws {
        name = arguments.first ?? ""
        let ends = try Self.pipe(for: name)
        defer { close(ends.read) }
        let errorEnds = keepsErrors ? try? Self.pipe(for: name) : nil
        var command = ForegroundCommand(arguments)
        command.input = ends.read
        command.output = output
        if let errorEnds {
            command.errors = errorEnds.write
            // Nobody reads until it has ended: what a pipe does not hold is dropped, and never waited for.
            for end in [errorEnds.read, errorEnds.write] { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
            command.environment = Self.environment.merging(["LC_ALL": "C"]) { $1 }
        }
        defer { if let errorEnds { close(errorEnds.write) } }
        complaints = errorEnds?.read
        do { pid = try command.spawn() } catch {
            close(ends.write)
            if let complaints { close(complaints) }
            throw error
        }
        input = ends.write
    }

    deinit { if let complaints { close(complaints) } }

    /// Neither end leaks into other programs: the reader would never see the end of its input.
    private static func pipe(for program: String) throws -> (read: Int32, write: Int32) {
        var ends: [Int32] = [0, 0]
        guard Glibc.pipe(&ends) == 0 else { throw ForegroundCommand.StartError(program: program, code: errno) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }

    private static var environment: [String: String] {
        var all: [String: String] = [:]
        var next = environ
        while let entry = next.pointee {
            let parts = String(cString: entry).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { all[String(parts[0])] = String(parts[1]) }
            next += 1
        }
        return all
    }

    /// What it has said on standard error, if that is kept; to be read once, after its end.
    package var errorText: String {
        guard let complaints else { return "" }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = read(complaints, &bytes, bytes.count)
        return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : ""
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
