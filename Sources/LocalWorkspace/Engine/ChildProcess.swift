import CSpawn
import Glibc
import Synchronization

/// A child that speaks lines: what it is told goes to its standard input, what it says comes as events.
///
/// One thread per child moves the bytes, so that neither a slow child nor a full pipe holds up anybody. The child
/// leads its own process group, which is killed when it ends.
final class ChildProcess: Sendable {
    /// What a child does.
    enum Event: Sendable {
        /// One line of its standard output, without the newline.
        case line([UInt8])
        /// It ended; always the last event.
        case ended(ExitReason)
    }

    /// How a child ended.
    enum ExitReason: Sendable, Equatable, CustomStringConvertible {
        case status(Int32)
        case signal(Int32)

        var description: String {
            switch self {
            case .status(let status): "it exited with status \(status)"
            case .signal(let signal): "it was ended by signal \(signal) (\(String(cString: strsignal(signal))))"
            }
        }
    }

    /// What to start.
    struct Command: Sendable {
        /// Program (an absolute path) and arguments.
        var words: [String]
        var environment: [String: String]
        var directory: String
        /// File that standard error is appended to.
        var log: String
    }

    private struct State {
        var pending: [UInt8] = []
        var closing = false
        var ended = false
    }

    /// The child's events, for one reader.
    let events: AsyncStream<Event>
    /// Process id, which is also the id of its process group.
    let pid: pid_t
    private let child: spawn_child
    private let wakeUp: (reading: Int32, writing: Int32)
    private let state = Mutex(State())
    private let guardian: ProcessGuard

    /// Starts a child.
    /// - Throws: `LocalWorkspaceError` with the system's reason.
    init(_ command: Command, guardian: ProcessGuard) throws {
        var child = spawn_child()
        var pipe: [Int32] = [0, 0]
        guard Glibc.pipe(&pipe) == 0 else { throw Self.failure(command, errno) }
        for descriptor in pipe {
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        }
        let result = Self.start(command, &child)
        guard result == 0 else {
            pipe.forEach { close($0) }
            throw Self.failure(command, result)
        }
        guardian.watch(child.pid)
        self.child = child
        self.guardian = guardian
        pid = child.pid
        wakeUp = (pipe[0], pipe[1])
        let (stream, continuation) = AsyncStream.makeStream(of: Event.self)
        events = stream
        BackgroundThread.start { self.run(continuation) }
    }

    /// Sends one line (a newline is added). Nothing happens when the child is gone: its end is an event.
    func send(_ line: [UInt8]) {
        state.withLock { state in
            guard !state.closing, !state.ended else { return }
            state.pending += line
            state.pending.append(UInt8(ascii: "\n"))
        }
        wake()
    }

    /// Asks the child to end by closing its standard input, and kills it after `grace`.
    func end(grace: Duration = .seconds(2)) {
        let first = state.withLock { state in
            defer { state.closing = true }
            return !state.closing
        }
        guard first else { return }
        wake()
        Task {
            try? await Task.sleep(for: grace)
            kill()
        }
    }

    /// Kills the child and its process group.
    func kill() {
        state.withLock { state in
            // Not after it was reaped: the id may be another's by then.
            if !state.ended { Glibc.kill(-pid, SIGKILL) }
        }
    }

    private func wake() {
        state.withLock { state in
            guard !state.ended else { return }
            var byte: UInt8 = 0
            write(wakeUp.writing, &byte, 1)
        }
    }

    private static func failure(_ command: Command, _ code: Int32) -> LocalWorkspaceError {
        LocalWorkspaceError("\(command.words[0]) cannot be started: \(String(cString: strerror(code))).")
    }

    private static func start(_ command: Command, _ child: inout spawn_child) -> Int32 {
        // The C strings and the arrays of pointers to them live until they are freed, after the call.
        let strings = [command.words[0], command.directory, command.log].map { (text: String) in strdup(text)! }
        let arguments = Self.pointers(command.words)
        let environment = Self.pointers(command.environment.map { "\($0.key)=\($0.value)" })
        defer {
            strings.forEach { free($0) }
            for array in [arguments, environment] {
                array.forEach { free($0) }
                array.deallocate()
            }
        }
        var request = spawn_request(
            program: strings[0], arguments: arguments.baseAddress!, environment: environment.baseAddress!,
            directory: strings[1], log: strings[2])
        return spawn_start(&request, &child)
    }

    /// Copies of `words` as C wants them, ended by a null pointer.
    private static func pointers(_ words: [String]) -> UnsafeMutableBufferPointer<UnsafeMutablePointer<CChar>?> {
        let array = UnsafeMutableBufferPointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: words.count + 1)
        _ = array.initialize(from: words.map { strdup($0) } + [nil])
        return array
    }
}

extension ChildProcess {
    /// The child's thread.
    private func run(_ events: AsyncStream<Event>.Continuation) {
        var lines = LineSplitter()
        var input: Int32? = child.input
        var outputOpen = true
        while true {
            let (hasPending, closing) = state.withLock { (!$0.pending.isEmpty, $0.closing) }
            if closing, !hasPending, let open = input {
                close(open)
                input = nil
            }
            var polled = [
                pollfd(fd: child.pidfd, events: Int16(POLLIN), revents: 0),
                pollfd(fd: wakeUp.reading, events: Int16(POLLIN), revents: 0),
                pollfd(fd: outputOpen ? child.output : -1, events: Int16(POLLIN), revents: 0),
                pollfd(fd: hasPending ? input ?? -1 : -1, events: Int16(POLLOUT), revents: 0),
            ]
            guard poll(&polled, nfds_t(polled.count), -1) >= 0 || errno == EINTR else { break }
            if polled[1].revents != 0 { drainWakeUps() }
            if polled[2].revents != 0 { outputOpen = receive(into: &lines, events) }
            if polled[3].revents != 0, let open = input, !transmit(to: open) {
                close(open)
                input = nil
            }
            if polled[0].revents != 0 { break }
        }
        let reason = reap()
        // What the child said before it ended; nobody else can hold its output now.
        while outputOpen, receive(into: &lines, events) {}
        if let input { close(input) }
        for descriptor in [child.output, child.pidfd, wakeUp.reading, wakeUp.writing] { close(descriptor) }
        events.yield(.ended(reason))
        events.finish()
    }

    private func reap() -> ExitReason {
        // From here on nobody sends it a signal, so that its id may go; reaping takes a moment, and is done unlocked.
        state.withLock { $0.ended = true }
        var status: Int32 = 0
        var signal: Int32 = 0
        spawn_reap(pid, &status, &signal)
        guardian.forget(pid)
        return signal != 0 ? .signal(signal) : .status(status)
    }

    private func drainWakeUps() {
        var bytes = [UInt8](repeating: 0, count: 64)
        while read(wakeUp.reading, &bytes, bytes.count) > 0 {}
    }

    /// Reads once. False when there is nothing more to come (or, after the end, nothing left).
    private func receive(into lines: inout LineSplitter, _ events: AsyncStream<Event>.Continuation) -> Bool {
        let piece = [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
            count = max(0, read(child.output, buffer.baseAddress!, buffer.count))
        }
        guard !piece.isEmpty else { return false }
        for line in lines.split(piece) { events.yield(.line(line)) }
        return true
    }

    /// Writes what fits. False when the child has closed its input.
    private func transmit(to input: Int32) -> Bool {
        state.withLock { state in
            let count = state.pending.withUnsafeBytes { write(input, $0.baseAddress!, $0.count) }
            guard count >= 0 else { return errno == EAGAIN || errno == EINTR }
            state.pending.removeFirst(count)
            return true
        }
    }
}

/// Cuts a stream of bytes into lines.
struct LineSplitter {
    private var rest: [UInt8] = []

    /// The lines completed by `piece`, without their newlines.
    mutating func split(_ piece: [UInt8]) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        var start = 0
        while let end = piece[start...].firstIndex(of: UInt8(ascii: "\n")) {
            lines.append(rest + piece[start..<end])
            rest = []
            start = end + 1
        }
        rest += piece[start...]
        return lines
    }
}
