import Glibc

/// What is typed at a pseudo-terminal and has not gone in yet. A terminal takes only so much while nobody reads; a person's
/// fingers do not wait for that, and neither does a test: what does not go in now is brought by the terminal's thread.
final class PtyKeys: Sendable {
    private struct State {
        var waiting: [UInt8] = []
        var isClosed = false
    }

    private let state = Guarded(State())
    /// Readable when there is something for the thread.
    let wakeDescriptor: Int32
    private let wakeEnd: Int32

    init() throws {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw SystemError(code: errno) }
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        (wakeDescriptor, wakeEnd) = (ends[0], ends[1])
    }

    deinit {
        close(wakeDescriptor)
        close(wakeEnd)
    }

    /// How many bytes have not gone in.
    var count: Int { state.withLock { $0.waiting.count } }

    /// Types behind what waits already.
    func send(_ keys: [UInt8], to terminal: Int32) {
        let isRest = state.withLock { state in
            state.waiting += keys
            Self.bring(&state, to: terminal)
            return !state.waiting.isEmpty
        }
        if isRest { wake() }
    }

    /// Tries again: the terminal has room.
    func bring(to terminal: Int32) { state.withLock { Self.bring(&$0, to: terminal) } }

    private static func bring(_ state: inout sending State, to terminal: Int32) {
        while !state.waiting.isEmpty {
            let count = state.waiting.withUnsafeBytes { write(terminal, $0.baseAddress, $0.count) }
            if count > 0 {
                state.waiting.removeFirst(count)
            } else if errno == EAGAIN {
                return
            } else if errno != EINTR {
                state.waiting = []  // nobody has the terminal any more
            }
        }
    }

    /// The thread is to end: the window is closed.
    func hangUp() {
        state.withLock { state in
            state.isClosed = true
            state.waiting = []
        }
        wake()
    }

    var isHungUp: Bool { state.withLock { $0.isClosed } }

    private func wake() {
        var byte: UInt8 = 1
        write(wakeEnd, &byte, 1)
    }

    /// For the thread, before it looks for what there is.
    func hearWake() {
        var bytes = [UInt8](repeating: 0, count: 64)
        while read(wakeDescriptor, &bytes, bytes.count) > 0 {}
    }
}
