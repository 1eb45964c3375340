import CSpawn
import Glibc

/// A child that speaks lines: what it is told goes to its standard input, what it says comes as events.
///
/// One thread per child moves the bytes, so that neither a slow child nor a full pipe holds up anybody. The child
/// leads its own process group, which is killed when it ends.
package final class ChildProcess: Sendable {
    /// What a child does.
    package enum Event: Sendable {
        /// One line of its standard output, without the newline.
        case line([UInt8])
        /// It ended; always the last event.
        case ended(ExitStatus)
    }

    private struct State {
        var pending: [UInt8] = []
        var closing = false
        var ended = false
    }

    /// The child's events, for one reader.
    package let events: AsyncStream<Event>
    /// Process id, which is also the id of its process group.
    package let pid: pid_t
    private let input: Int32
    private let output: Int32
    /// Becomes readable when the child ends.
    private let end: Int32
    private let wakeUp: Pipe
    private let state = Locked(State())
    private let guardian: ProcessGuard

    /// Starts a child.
    /// - Parameters:
    ///   - log: the file that its standard error is appended to.
    ///   - guardian: ends it when this process is gone.
    ///   - mayFinish: it sees the end of its input and ends by itself then, with what it has to do before.
    package init(
        _ command: SystemCommand, log: String, guardian: ProcessGuard, mayFinish: Bool = false
    ) throws(SystemCommand.StartError) {
        let program = command.arguments.first ?? ""
        var opened: [Int32] = []
        var isStarted = false
        defer { if !isStarted { for descriptor in opened { close(descriptor) } } }
        let input = try Pipe(for: program)
        opened += [input.reading, input.writing]
        let output = try Pipe(for: program)
        opened += [output.reading, output.writing]
        wakeUp = try Pipe(for: program)
        opened += [wakeUp.reading, wakeUp.writing]
        let errors = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard errors >= 0 else { throw SystemCommand.StartError(program: program, code: errno) }
        defer { close(errors) }
        var command = command
        (command.input, command.output, command.errors) = (input.reading, output.writing, errors)
        command.isApart = true
        pid = try command.start()
        end = spawn_pidfd(pid)
        wakeUp.setNonblocking()
        for descriptor in [input.writing, output.reading] { _ = fcntl(descriptor, F_SETFL, O_NONBLOCK) }
        (self.input, self.output) = (input.writing, output.reading)
        self.guardian = guardian
        let (stream, continuation) = AsyncStream.makeStream(of: Event.self)
        events = stream
        guardian.watch(pid, mayFinish: mayFinish)
        guard end >= 0, BlockingThread.start(named: "child", { self.run(continuation) }) else {
            let code = end >= 0 ? EAGAIN : errno
            Glibc.kill(-pid, SIGKILL)
            _ = reap()
            if end >= 0 { close(end) }
            throw SystemCommand.StartError(program: program, code: code)
        }
        isStarted = true
        close(input.reading)
        close(output.writing)
    }

    /// Sends one line (a newline is added). Nothing happens when the child is gone: its end is an event.
    package func send(_ line: [UInt8]) {
        state.withLock { state in
            guard !state.closing, !state.ended else { return }
            state.pending += line
            state.pending.append(UInt8(ascii: "\n"))
        }
        wake()
    }

    /// Asks the child to end by closing its standard input, and kills it after `grace`.
    package func end(grace: Duration = .seconds(2)) {
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
    package func kill() {
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
}

extension ChildProcess {
    /// The child's thread.
    private func run(_ events: AsyncStream<Event>.Continuation) {
        var lines = LineSplitter()
        var input: Int32? = self.input
        var outputOpen = true
        while true {
            let (hasPending, closing) = state.withLock { (!$0.pending.isEmpty, $0.closing) }
            if closing, !hasPending, let open = input {
                close(open)
                input = nil
            }
            var polled = [
                pollfd(fd: end, events: Int16(POLLIN), revents: 0),
                pollfd(fd: wakeUp.reading, events: Int16(POLLIN), revents: 0),
                pollfd(fd: outputOpen ? output : -1, events: Int16(POLLIN), revents: 0),
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
        for descriptor in [output, end, wakeUp.reading, wakeUp.writing] { close(descriptor) }
        events.yield(.ended(reason))
        events.finish()
    }

    private func reap() -> ExitStatus {
        // From here on nobody sends it a signal, so that its id may go; reaping takes a moment, and is done unlocked.
        state.withLock { $0.ended = true }
        var status: Int32 = 0
        spawn_reap_group(pid, &status)
        guardian.forget(pid)
        return ExitStatus(waitStatus: status)
    }

    private func drainWakeUps() {
        var bytes = [UInt8](repeating: 0, count: 64)
        while read(wakeUp.reading, &bytes, bytes.count) > 0 {}
    }

    /// Reads once. False when there is nothing more to come (or, after the end, nothing left).
    private func receive(into lines: inout LineSplitter, _ events: AsyncStream<Event>.Continuation) -> Bool {
        let piece = [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
            count = max(0, read(output, buffer.baseAddress!, buffer.count))
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
package struct LineSplitter {
    private var rest: [UInt8] = []

    package init() {}

    /// The lines completed by `piece`, without their newlines.
    package mutating func split(_ piece: [UInt8]) -> [[UInt8]] {
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
