import Glibc

/// A run of another program whose standard output is wanted: one that keeps a login, such as the Databricks or Azure CLI.
///
/// It gets no terminal and no standard input, its own process group, and the environment without anybody's secrets: a
/// program that signs in by itself needs none of them, and what it logs of its environment cannot hold them. When its time
/// is over, or the waiting task is cancelled, the whole group is killed.
package struct ExternalProgram: Sendable {
    /// Path of the program.
    package let path: String
    /// Without the program's own name. Never a secret: everybody on the machine can read them.
    package let arguments: [String]
    package let environment: [String: String]
    package let limit: Duration

    package init(
        path: String, arguments: [String], environment: [String: String], limit: Duration = .seconds(60)
    ) {
        self.path = path
        self.arguments = arguments
        self.environment = environment
        self.limit = limit
    }

    /// How it ended and what it said.
    package struct Outcome: Sendable, Equatable {
        package var output: [UInt8]
        package var errors: String
        package var status: ExitStatus
    }

    /// Why there is no outcome.
    package enum Failure: Error, Equatable {
        case tooSlow
        /// It wrote more than a megabyte.
        case tooMuch
    }

    /// - Throws: `SystemCommand.StartError`, `Failure`, `CancellationError`.
    package func run() async throws -> Outcome {
        let child = try await start()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let wait: @Sendable () -> Void = { continuation.resume(with: child.outcome(limit: limit)) }
                if !BlockingThread.start(named: "program", stackSize: 256 << 10, wait) { wait() }
            }
        } onCancel: {
            child.kill(because: CancellationError())
        }
    }

    /// Starts it. A program that is being written right now, by an update for example, is waited for a moment.
    private func start() async throws -> RunningProgram {
        for _ in 0..<20 {
            try Task.checkCancellation()
            do { return try RunningProgram(self) } catch let error as SystemCommand.StartError
                where error.code == ETXTBSY
            {
                try await Task.sleep(for: .milliseconds(50))
            }
        }
        return try RunningProgram(self)
    }
}

/// A started program and the reading ends of its two streams.
private final class RunningProgram: Sendable {
    private struct State {
        var isRunning = true
        var reason: (any Error)?
    }

    private let pid: pid_t
    private let output: Int32
    private let errors: Int32
    private let state = Locked(State())

    init(_ program: ExternalProgram) throws {
        let output = try Pipe(for: program.path)
        defer { close(output.writing) }
        let errors: Pipe
        do { errors = try Pipe(for: program.path) } catch {
            close(output.reading)
            throw error
        }
        defer { close(errors.writing) }
        let input = open("/dev/null", O_RDONLY | O_CLOEXEC)
        defer { if input >= 0 { close(input) } }
        var command = SystemCommand([program.path] + program.arguments)
        command.environment = program.environment
        (command.input, command.output, command.errors) = (input, output.writing, errors.writing)
        command.isApart = true
        do { pid = try command.start() } catch {
            close(output.reading)
            close(errors.reading)
            throw error
        }
        (self.output, self.errors) = (output.reading, errors.reading)
    }

    /// Kills the group, unless it is over; `reason` is what the caller gets.
    func kill(because reason: any Error) {
        state.withLock { state in
            // Until it is reaped under the same lock the id is its own.
            guard state.isRunning else { return }
            state.reason = state.reason ?? reason
            Glibc.kill(-pid, SIGKILL)
        }
    }

    /// Reads until both streams end, then reaps. Blocks.
    func outcome(limit: Duration) -> Result<ExternalProgram.Outcome, any Error> {
        let deadline = ContinuousClock.now + limit
        var texts: [[UInt8]] = [[], []]
        var polled = [
            pollfd(fd: output, events: Int16(POLLIN), revents: 0),
            pollfd(fd: errors, events: Int16(POLLIN), revents: 0),
        ]
        var chunk = [UInt8](repeating: 0, count: 16384)
        while polled.contains(where: { $0.fd >= 0 }) {
            let left = (deadline - .now) / .milliseconds(1)
            if left <= 0 { kill(because: ExternalProgram.Failure.tooSlow) }
            // A grandchild outside of the group could hold the pipes open for ever: after a kill nothing is waited for.
            if state.withLock({ $0.reason != nil }) { break }
            poll(&polled, 2, Int32(max(1, min(left, 100))))
            for index in 0..<2 where polled[index].fd >= 0 && polled[index].revents != 0 {
                let count = read(polled[index].fd, &chunk, chunk.count)
                if count < 0, errno == EINTR { continue }
                if count <= 0 { polled[index].fd = -1 }
                texts[index] += chunk[..<max(0, count)]
                if texts[index].count > 1 << 20 { kill(because: ExternalProgram.Failure.tooMuch) }
            }
        }
        close(output)
        close(errors)
        return finish(texts)
    }

    private func finish(_ texts: [[UInt8]]) -> Result<ExternalProgram.Outcome, any Error> {
        // Waits without reaping, so that a kill in the meantime cannot hit another process with the same id.
        var info = siginfo_t()
        while waitid(P_PID, id_t(pid), &info, WEXITED | WNOWAIT) != 0 && errno == EINTR {}
        let (status, reason) = state.withLock { state in
            state.isRunning = false
            return (ExitStatus.reaping(pid), state.reason)
        }
        if let reason { return .failure(reason) }
        return .success(.init(output: texts[0], errors: String(decoding: texts[1], as: UTF8.self), status: status))
    }
}
