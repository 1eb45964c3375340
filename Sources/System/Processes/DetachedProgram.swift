import Glibc

/// A program that stays when this one is gone: it has a session of its own, which no terminal reaches, and nothing of this
/// program's but two pipes: what it is told comes by one, and by the other it answers once.
package struct DetachedProgram: Sendable {
    /// Path of the program.
    package let path: String
    /// Without the program's own name. Never a secret: everybody on the machine can read them.
    package let arguments: [String]
    /// What it is told; a secret may be in it.
    package let input: [UInt8]

    package init(path: String, arguments: [String], input: [UInt8]) {
        self.path = path
        self.arguments = arguments
        self.input = input
    }

    /// Starts it, and waits until it has closed its standard output, or has ended.
    /// - Returns: what it wrote there.
    /// - Throws: `SystemCommand.StartError`; `CancellationError`, and then it was killed.
    package func start() async throws -> (process: pid_t, answer: [UInt8]) {
        let child = try DetachedChild(self)
        let answer = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let work: @Sendable () -> Void = {
                    continuation.resume(returning: child.exchange(input))
                    child.reap()
                }
                if !BlockingThread.start(named: "detached", stackSize: 256 << 10, work) { work() }
            }
        } onCancel: {
            child.kill()
        }
        try Task.checkCancellation()
        return (child.pid, answer)
    }
}

/// A detached program as its parent has it, as long as both live.
private final class DetachedChild: Sendable {
    let pid: pid_t
    private let input: Int32
    private let output: Int32
    private let isRunning = Locked(true)

    init(_ program: DetachedProgram) throws(SystemCommand.StartError) {
        let input = try Pipe(for: program.path)
        defer { close(input.reading) }
        let output: Pipe
        do { output = try Pipe(for: program.path) } catch {
            close(input.writing)
            throw error
        }
        defer { close(output.writing) }
        let nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC)
        defer { close(nowhere) }
        var command = SystemCommand([program.path] + program.arguments)
        (command.input, command.output, command.errors) = (input.reading, output.writing, nowhere)
        command.isApart = true
        command.leadsSession = true
        do { pid = try command.start() } catch {
            close(input.writing)
            close(output.reading)
            throw error
        }
        (self.input, self.output) = (input.writing, output.reading)
    }

    /// Tells it `message`, and reads what it answers. Blocks.
    func exchange(_ message: [UInt8]) -> [UInt8] {
        var sent = 0
        while sent < message.count {
            let count = message.withUnsafeBytes { write(input, $0.baseAddress! + sent, message.count - sent) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }  // it has ended, which the answer shows
            sent += count
        }
        close(input)
        defer { close(output) }
        return Files.readToEnd(output)
    }

    func kill() {
        // Until it is reaped the id is its own.
        isRunning.withLock { if $0 { Glibc.kill(pid, SIGKILL) } }
    }

    /// Waits until it has ended, should that be while this program runs. Blocks.
    func reap() {
        var info = siginfo_t()
        while waitid(P_PID, id_t(pid), &info, WEXITED | WNOWAIT) != 0 && errno == EINTR {}
        isRunning.withLock { isRunning in
            isRunning = false
            _ = ExitStatus.reaping(pid)
        }
    }
}
