import CEdit
import Glibc

/// A program that has the terminal to itself while it runs: `.sh`, a pager, an editor. It is in the shell's process group, so
/// Ctrl-C and Ctrl-Z reach it from the terminal; the shell leaves Ctrl-C to it.
package struct ForegroundCommand: Sendable {
    /// The program, found along `PATH`, and its arguments.
    package var arguments: [String]
    /// Nil means the shell's own.
    package var environment: [String: String]?
    /// Nil means the shell's own.
    package var directory: String?
    /// Descriptors that become the command's standard input, output and error; nil means the shell's.
    package var input: Int32?
    package var output: Int32?
    package var errors: Int32?

    package init(_ arguments: [String]) { self.arguments = arguments }

    /// A line for the system's shell.
    package static func shell(_ line: String) -> ForegroundCommand { ForegroundCommand(["/bin/sh", "-c", line]) }

    /// How a command ended.
    package enum Status: Sendable, Equatable {
        case exited(Int32)
        case signalled(Int32)

        /// As a shell would report it in `$?`.
        package var exitStatus: Int32 {
            switch self {
            case .exited(let status): status
            case .signalled(let signal): 128 + signal
            }
        }
    }

    /// A command that could not be started.
    package struct StartError: Error, Equatable {
        package var program: String
        /// errno(3).
        package var code: Int32
    }

    /// Runs it to its end, without blocking the caller's thread. If it was killed, the terminal gets back the mode it had; output
    /// that ended within a line is completed, so that the prompt does not cover it. Cancelling the task sends SIGTERM.
    ///
    /// - Throws: `StartError`.
    package func run(interrupts: Interrupts = .shared) async throws -> Status {
        try await interrupts.ignoring {
            // Ctrl-\ is for the command as well.
            var quit = sigaction()
            sigaction(SIGQUIT, nil, &quit)
            cedit_signal_ignore(SIGQUIT)
            defer { sigaction(SIGQUIT, &quit, nil) }
            var mode = termios()
            let isTerminal = tcgetattr(STDIN_FILENO, &mode) == 0
            let status = await Self.wait(for: try spawn())
            if isTerminal, case .signalled = status { tcsetattr(STDIN_FILENO, TCSADRAIN, &mode) }
            Self.freshLine()
            return status
        }
    }

    func spawn() throws -> pid_t {
        guard let program = arguments.first else { throw StartError(program: "", code: ENOENT) }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // Caught signals become default by themselves; these three are ignored here, which a program would inherit.
        var defaults = sigset_t()
        sigemptyset(&defaults)
        for signal in [SIGPIPE, SIGTTOU, SIGQUIT] { sigaddset(&defaults, signal) }
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))

        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let input { posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO) }
        if let output { posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO) }
        if let errors { posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO) }
        if let directory { cedit_spawn_directory(&actions, directory) }

        var pid = pid_t()
        let code = withCStrings(arguments) { argv in
            guard let environment else { return posix_spawnp(&pid, program, &actions, &attributes, argv, environ) }
            return withCStrings(environment.map { "\($0.key)=\($0.value)" }) { envp in
                posix_spawnp(&pid, program, &actions, &attributes, argv, envp)
            }
        }
        guard code == 0 else { throw StartError(program: program, code: code) }
        return pid
    }

    static func wait(for pid: pid_t) async -> Status {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let wait: @Sendable () -> Void = {
                    var status: Int32 = 0
                    while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
                    // WIFEXITED, WEXITSTATUS and WTERMSIG of wait(2) are macros.
                    let signal = status & 0x7F
                    continuation.resume(returning: signal == 0 ? .exited((status >> 8) & 0xFF) : .signalled(signal))
                }
                if !startThread(named: "wait", stackSize: 64 << 10, wait) { wait() }
            }
        } onCancel: {
            kill(pid, SIGTERM)
        }
    }

    /// Goes to the next line unless the cursor is at the start of one: a mark and a row's worth of blanks end on the next row in
    /// the one case, and on the same row, where they are wiped, in the other.
    private static func freshLine() {
        guard isatty(STDOUT_FILENO) == 1, TerminalType.canMoveCursor(environmentVariable("TERM")),
            let columns = TerminalSize.window(of: STDOUT_FILENO)?.columns
        else { return }
        let mark = "\u{1B}[7m%\u{1B}[0m"
        writeAll(STDOUT_FILENO, mark + String(repeating: " ", count: columns - 1) + "\r \r\u{1B}[K")
    }
}

/// Lends `strings` as a NULL-terminated C array for the time of the call.
private func withCStrings<T>(_ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> T) -> T {
    let copies = strings.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    return body(copies + [nil])
}
