import CPty
import Glibc

/// A pseudo-terminal with a screen behind it, and a program on it or, for what runs in the test's own process, just its other end.
/// It answers like a terminal, and lets tests wait for what the screen shows: no sleeping, and on failure the screen is printed.
///
///     let session = try PtySession(program: path, arguments: ["--local"])
///     try await session.wait(for: "prompt") { $0.cursorLine == "sql> " }
///     session.send("select 1;\r")
package final class PtySession: Sendable {
    /// The end that a program reads and writes. It stays open until the session is gone.
    package let terminal: Int32
    /// A directory of its own for `HOME`, which goes with the session.
    package let home: ScratchDirectory

    /// The terminal's mode before a program had it.
    package let initialMode: TerminalMode
    /// The program's process id.
    package let pid: Int32?

    private let master: Int32
    private let keys: PtyKeys
    private let screenState: Guarded<ScreenState>

    private struct ScreenState: Sendable {
        var screen: ScreenEmulator
        var waiters: [Waiter] = []
        var nextID = 0
        /// The program's end of the terminal is closed.
        var isAtEnd = false
        /// As wait(2) gives it.
        var exitStatus: Int32?
    }

    private struct Waiter: Sendable {
        var id: Int
        /// Nil as long as it may still come true. The answer counts that was given when it did: the screen goes on changing.
        var judge: @Sendable (ScreenState) -> Bool?
        var continuation: CheckedContinuation<Bool, Never>
    }

    /// A condition that did not come true.
    package struct Timeout: Error, CustomStringConvertible {
        package var what: String
        package var picture: String

        package var description: String { "waited in vain for \(what); the screen:\n\(picture)" }
    }

    /// How long to wait for what must come: generous, as it is never reached by a test that passes.
    package static let timeout = Duration.seconds(180)

    /// A terminal for code in this process: give it `terminal`.
    package init(columns: Int = 60, rows: Int = 12) throws {
        var slave: Int32 = -1
        master = cpty_open(Int32(rows), Int32(columns), &slave)
        guard master >= 0 else { throw SystemError(code: errno) }
        terminal = slave
        pid = nil
        home = try ScratchDirectory()
        keys = try PtyKeys()
        guard let mode = TerminalMode.of(master) else { throw SystemError(code: errno) }
        initialMode = mode
        screenState = Guarded(ScreenState(screen: ScreenEmulator(columns: columns, rows: rows)))
        startReading()
    }

    /// A program on a terminal of its own, in `home`, with a pinned environment that `environment` adds to.
    package init(
        program: String, arguments: [String] = [], environment: [String: String] = [:], columns: Int = 80,
        rows: Int = 24
    ) throws {
        home = try ScratchDirectory()
        keys = try PtyKeys()
        let pinned = [
            "TERM": "xterm-256color", "LANG": "C.UTF-8", "HOME": home.path, "PATH": "/usr/bin:/bin", "TZ": "UTC",
            "SWIFT_BACKTRACE": "enable=no",
        ]
        let variables = pinned.merging(environment) { $1 }.map { "\($0.key)=\($0.value)" }
        var pid: Int32 = 0
        var mode = termios()
        let directory = home.path
        master = withCStrings([program] + arguments) { arguments in
            withCStrings(variables) { variables in
                cpty_spawn(arguments, variables, directory, Int32(rows), Int32(columns), &pid, &mode)
            }
        }
        guard master >= 0 else { throw SystemError(code: errno) }
        terminal = -1
        self.pid = pid
        initialMode = TerminalMode(mode)
        screenState = Guarded(ScreenState(screen: ScreenEmulator(columns: columns, rows: rows)))
        startReading()
        startReaping(pid)
    }

    deinit {
        if let pid, screenState.withLock({ $0.exitStatus }) == nil { kill(pid, SIGKILL) }
        if terminal >= 0 { close(terminal) }
        close(master)
    }

    // MARK: - What a person does

    /// Types. Enter is `\r`, Ctrl-C `\u{3}`. Never waits: what the terminal has no room for goes in when it has.
    package func send(_ text: String) { keys.send(Array(text.utf8), to: master) }

    /// How many bytes of what was typed the terminal has had no room for.
    package var typedAhead: Int { keys.count }

    /// Closes the window: the terminal is gone, and its programs hear SIGHUP.
    package func hangUp() async {
        keys.hangUp()
        _ = await wait { $0.isAtEnd ? true : nil }
        // The thread's descriptor is closed by now; this closes the other, and keeps its number from being given to somebody else.
        let nowhere = open("/dev/null", O_RDWR | O_CLOEXEC)
        dup2(nowhere, master)
        close(nowhere)
    }

    /// Pastes, as a terminal does when the program has asked for marks.
    package func paste(_ text: String) {
        let isBracketed = screen.modes["2004"] ?? false
        send(isBracketed ? "\u{1B}[200~" + text + "\u{1B}[201~" : text)
    }

    /// Changes the window's size. A program in the foreground gets SIGWINCH; code in this process must be told.
    /// - Parameter rewraps: wrap what stands on the screen anew, as most terminals do; others cut it.
    package func resize(columns: Int, rows: Int, rewraps: Bool = false) {
        screenState.withLock {
            if rewraps { $0.screen.rewrap(columns: columns) }
            $0.screen.resize(columns: columns, rows: rows)
        }
        _ = cpty_resize(master, Int32(rows), Int32(columns))
    }

    /// Sends a signal to the program.
    package func signal(_ number: Int32) {
        if let pid { kill(pid, number) }
    }

    // MARK: - What a person sees

    package var screen: ScreenEmulator { screenState.withLock { $0.screen } }

    /// Whether whoever has the terminal reads single keys.
    package var isRaw: Bool { cpty_is_raw(master) }

    /// The terminal's mode.
    package var mode: TerminalMode? { TerminalMode.of(master) }

    /// Waits until the screen is as wanted.
    ///
    /// - Throws: `Timeout`, which shows the screen, when that does not happen or the program ends first.
    package func wait(
        for what: String, until condition: @escaping @Sendable (ScreenEmulator) -> Bool
    ) async throws {
        let isMet = await wait { condition($0.screen) ? true : $0.isAtEnd ? false : nil }
        if !isMet { throw Timeout(what: what, picture: screen.picture) }
    }

    /// Waits until the screen shows exactly this, from its first row.
    package func wait(forScreen text: String) async throws {
        try await wait(for: "exactly\n\(text)\n") { $0.text == text }
    }

    /// Waits for the program's end: its exit status, or 128 and the signal that killed it.
    package func exitStatus() async throws -> Int32 {
        _ = await wait { $0.exitStatus != nil ? true : nil }
        let (status, picture) = screenState.withLock { ($0.exitStatus, $0.screen.picture) }
        guard let status else { throw Timeout(what: "the program's end", picture: picture) }
        let signal = status & 0x7F
        return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
    }

    /// Waits until no program has the terminal any more, and all it wrote is on the screen.
    package func closed() async throws {
        let isAtEnd = await wait { $0.isAtEnd ? true : nil }
        if !isAtEnd { throw Timeout(what: "the terminal's end", picture: screen.picture) }
    }

    private func wait(_ judge: @escaping @Sendable (ScreenState) -> Bool?) async -> Bool {
        let id = screenState.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        let deadline = Task {
            try await Task.sleep(for: Self.timeout)
            let late = screenState.withLock { state -> Waiter? in
                guard let index = state.waiters.firstIndex(where: { $0.id == id }) else { return nil }
                return state.waiters.remove(at: index)
            }
            late?.continuation.resume(returning: false)
        }
        defer { deadline.cancel() }
        return await withCheckedContinuation { continuation in
            let answer = screenState.withLock { state in
                let answer = judge(state)
                if answer == nil { state.waiters.append(Waiter(id: id, judge: judge, continuation: continuation)) }
                return answer
            }
            if let answer { continuation.resume(returning: answer) }
        }
    }

    // MARK: - Threads

    private static func update(_ state: Guarded<ScreenState>, _ change: @Sendable (inout ScreenState) -> Void) {
        let judged = state.withLock { state in
            change(&state)
            let now = state
            let judged = now.waiters.map { ($0, $0.judge(now)) }
            state.waiters = judged.filter { $0.1 == nil }.map { $0.0 }
            return judged
        }
        for case (let waiter, let answer?) in judged { waiter.continuation.resume(returning: answer) }
    }

    /// The terminal's own thread: it draws what comes, answers, and brings keys that had to wait. It has a descriptor of its own,
    /// as it may outlive the session.
    private func startReading() {
        let (state, keys) = (screenState, keys)
        let descriptor = fcntl(master, F_DUPFD_CLOEXEC, 0)
        startTestThread {
            var chunk = [UInt8](repeating: 0, count: 65536)
            while !keys.isHungUp {
                let events = Int16(POLLIN) | (keys.count > 0 ? Int16(POLLOUT) : 0)
                var polled = [
                    pollfd(fd: descriptor, events: events, revents: 0),
                    pollfd(fd: keys.wakeDescriptor, events: Int16(POLLIN), revents: 0),
                ]
                poll(&polled, 2, -1)
                if polled[1].revents != 0 { keys.hearWake() }
                if polled[0].revents & Int16(POLLOUT) != 0 { keys.bring(to: descriptor) }
                guard polled[0].revents & ~Int16(POLLOUT) != 0 else { continue }
                let count = read(descriptor, &chunk, chunk.count)
                if count < 0, errno == EAGAIN || errno == EINTR { continue }
                guard count > 0 else { break }
                let bytes = chunk[..<count]
                Self.update(state) { $0.screen.feed(bytes) }
                let replies = state.withLock { $0.screen.takeReplies() }
                if !replies.isEmpty { keys.send(Array(replies.utf8), to: descriptor) }
            }
            close(descriptor)
            Self.update(state) { $0.isAtEnd = true }
        }
    }

    private func startReaping(_ pid: Int32) {
        let state = screenState
        startTestThread {
            var status: Int32 = 0
            while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
            let final = status
            Self.update(state) { $0.exitStatus = final }
        }
    }
}
