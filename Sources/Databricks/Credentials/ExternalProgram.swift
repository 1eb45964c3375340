import Glibc

/// A run of another program whose standard output is wanted: one that keeps a login, such as the Databricks or Azure CLI.
///
/// It gets no terminal and no standard input, its own process group, and the environment without anybody's secrets: a
/// program that signs in by itself needs none of them, and what it logs of its environment cannot hold them. When its time
/// is over, or the waiting task is cancelled, the whole group is killed.
struct ExternalProgram: Sendable {
    /// Path of the program.
    let path: String
    /// Without the program's own name. Never a secret: everybody on the machine can read them.
    let arguments: [String]
    let environment: [String: String]
    var limit: Duration = .seconds(60)

    /// How it ended and what it said.
    struct Outcome: Sendable, Equatable {
        var output: [UInt8]
        var errors: String
        /// Exit status; 128 and the signal's number when a signal ended it.
        var status: Int32
    }

    /// Why there is no outcome.
    enum Failure: Error, Equatable {
        /// errno of the start.
        case cannotStart(Int32)
        case tooSlow
        /// It wrote more than a megabyte.
        case tooMuch
    }

    /// - Throws: `Failure`, `CancellationError`.
    func run() async throws -> Outcome {
        let child = try await start()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                DetachedThread.start { continuation.resume(with: child.outcome(limit: limit)) }
            }
        } onCancel: {
            child.kill(because: CancellationError())
        }
    }

    /// Starts it. A program that is being written right now, by an update for example, is waited for a moment.
    private func start() async throws -> RunningProgram {
        for _ in 0..<20 {
            try Task.checkCancellation()
            do { return try RunningProgram(self) } catch Failure.cannotStart(ETXTBSY) {
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
        let output = try Self.pipe()
        let errors: (reading: Int32, writing: Int32)
        do { errors = try Self.pipe() } catch {
            close(output.reading)
            close(output.writing)
            throw error
        }
        var pid = pid_t()
        let code = Self.spawn(program, output: output.writing, errors: errors.writing, &pid)
        close(output.writing)
        close(errors.writing)
        guard code == 0 else {
            close(output.reading)
            close(errors.reading)
            throw ExternalProgram.Failure.cannotStart(code)
        }
        (self.pid, self.output, self.errors) = (pid, output.reading, errors.reading)
    }

    private static func pipe() throws -> (reading: Int32, writing: Int32) {
        var ends: [Int32] = [0, 0]
        guard Glibc.pipe(&ends) == 0 else { throw ExternalProgram.Failure.cannotStart(errno) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }

    /// posix_spawn(3): a group of its own, nothing on standard input, signals as at a program's birth.
    private static func spawn(
        _ program: ExternalProgram, output: Int32, errors: Int32, _ pid: inout pid_t
    ) -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_adddup2(&actions, errors, 2)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        var arguments = ([program.path] + program.arguments).map { strdup($0) } + [nil]
        var environment = program.environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        // posix_spawn copies both before it returns.
        defer { for text in arguments + environment { free(text) } }
        return posix_spawn(&pid, program.path, &actions, &attributes, &arguments, &environment)
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
        var raw: Int32 = 0
        let reason = state.withLock { state -> (any Error)? in
            state.isRunning = false
            while waitpid(pid, &raw, 0) < 0 && errno == EINTR {}
            return state.reason
        }
        if let reason { return .failure(reason) }
        let signal = raw & 0x7F
        return .success(
            .init(
                output: texts[0], errors: String(decoding: texts[1], as: UTF8.self),
                status: signal == 0 ? (raw >> 8) & 0xFF : 128 + signal))
    }
}

/// A thread for work that blocks, which Swift's own threads must not.
private enum DetachedThread {
    private final class Start {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    static func start(_ body: @escaping @Sendable () -> Void) {
        var thread = pthread_t()
        // The thread takes the reference over.
        let code = pthread_create(
            &thread, nil,
            { argument in
                Unmanaged<Start>.fromOpaque(argument!).takeRetainedValue().body()
                return nil
            }, Unmanaged.passRetained(Start(body)).toOpaque())
        precondition(code == 0, "no thread can be started")
        pthread_detach(thread)
    }
}
