import CEdit
import Glibc
import System

/// What other threads leave for the editor's thread. Posting wakes it through an eventfd, which it polls together with the
/// terminal.
final class Mailbox: Sendable {
    /// News for the line being edited.
    enum Message: Sendable {
        case signal(Interrupts.Event)
        case completion(serial: Int, Completion)
        case output
        /// What `EditorOptions.editElsewhere` has given.
        case edited(String?)
        /// `EditorOptions.browse` has ended, and left this.
        case browsed([UInt8])
        /// The task that waits for the line was cancelled.
        case abandon
    }

    struct Request: Sendable {
        var id: Int
        var read: Read
        var continuation: CheckedContinuation<ReadResult, Never>
    }

    private struct State {
        var requests: [Request] = []
        /// The read going on.
        var current: Int?
        var lastID = 0
        var messages: [Message] = []
        /// Text to be shown above the line being edited.
        var output = ""
        /// Keys behind those that made the last read.
        var typeAhead: [UInt8] = []
        var isStarted = false
        var isClosing = false
        var isClosed = false
        var closing: [CheckedContinuation<Void, Never>] = []
    }

    let options: EditorOptions
    let interrupts: Interrupts
    /// Readable when there is something new.
    let wakeDescriptor: Int32
    private let run: @Sendable (Mailbox) -> Void
    private let state = Locked(State())

    /// - Parameter run: what the thread does; it starts with the first read.
    init(options: EditorOptions, interrupts: Interrupts, run: @escaping @Sendable (Mailbox) -> Void) {
        self.run = run
        self.options = options
        self.interrupts = interrupts
        wakeDescriptor = cedit_event()
    }

    deinit { Glibc.close(wakeDescriptor) }

    // MARK: - For other threads

    func read(_ read: Read) async -> ReadResult {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                enqueue(Request(id: id, read: read, continuation: continuation))
            }
        } onCancel: {
            abandon(id)
        }
    }

    private func enqueue(_ request: Request) {
        let (refusal, mustStart) = state.withLock { state -> (ReadResult?, Bool) in
            if state.isClosing { return (.terminated, false) }
            if Task.isCancelled { return (.interrupted, false) }
            state.requests.append(request)
            defer { state.isStarted = true }
            return (nil, !state.isStarted)
        }
        if let refusal { return request.continuation.resume(returning: refusal) }
        if mustStart, !BlockingThread.start(named: "line-editor", stackSize: 4 << 20, { self.run(self) }) {
            return finish()  // no thread to be had: all that waits ends as terminated
        }
        wake()
    }

    private func abandon(_ id: Int) {
        let waiting = state.withLock { state -> Request? in
            if state.current == id { state.messages.append(.abandon) }
            guard let index = state.requests.firstIndex(where: { $0.id == id }) else { return nil }
            return state.requests.remove(at: index)
        }
        waiting?.continuation.resume(returning: .interrupted)
        wake()
    }

    func post(_ message: Message) {
        state.withLock { $0.messages.append(message) }
        wake()
    }

    func print(_ text: String) {
        let isReading = state.withLock { state in
            // Under the lock, so that no prompt can appear in the middle of the text.
            if state.current == nil { writeAll(options.output, text) } else { state.output += text }
            return state.current != nil
        }
        if isReading { wake() }
    }

    func takeTypeAhead() -> [UInt8] {
        state.withLock { state in
            defer { state.typeAhead = [] }
            return state.typeAhead
        }
    }

    func keep(typeAhead: [UInt8]) { state.withLock { $0.typeAhead += typeAhead } }

    func close(_ continuation: CheckedContinuation<Void, Never>?) {
        let isDone = state.withLock { state in
            state.isClosing = true
            if !state.isStarted || state.isClosed { return true }
            if let continuation { state.closing.append(continuation) }
            return false
        }
        if isDone { continuation?.resume() } else { wake() }
    }

    private func wake() {
        var one: UInt64 = 1
        write(wakeDescriptor, &one, 8)
    }

    // MARK: - For the editor's thread

    /// Whether the thread should end, which also ends the line being edited.
    var isClosing: Bool { state.withLock { $0.isClosing } }

    /// The next read, which from now on is the current one.
    func nextRequest() -> Request? {
        state.withLock { state in
            guard !state.isClosing, !state.requests.isEmpty else { return nil }
            let request = state.requests.removeFirst()
            state.current = request.id
            state.messages = []
            return request
        }
    }

    func takeMessages() -> [Message] {
        var count: UInt64 = 0
        Glibc.read(wakeDescriptor, &count, 8)
        return state.withLock { state in
            defer { state.messages = [] }
            return state.messages + (state.output.isEmpty ? [] : [.output])
        }
    }

    func takeOutput() -> String {
        state.withLock { state in
            defer { state.output = "" }
            return state.output
        }
    }

    /// Ends the current read: output that came too late to be shown above it follows below.
    func finish(_ request: Request, _ result: ReadResult) {
        state.withLock { state in
            if !state.output.isEmpty { writeAll(options.output, state.output) }
            state.output = ""
            state.current = nil
        }
        request.continuation.resume(returning: result)
    }

    /// The thread is gone.
    func finish() {
        let (requests, closing) = state.withLock { state in
            state.isClosing = true
            state.isClosed = true
            defer {
                state.requests = []
                state.closing = []
            }
            return (state.requests, state.closing)
        }
        for request in requests { request.continuation.resume(returning: .terminated) }
        for continuation in closing { continuation.resume() }
    }
}
