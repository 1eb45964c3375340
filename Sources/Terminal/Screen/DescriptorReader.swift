import CEdit
import Glibc
import System

/// Reads a descriptor that may block, such as standard input from a pipe, without blocking a task's thread: a thread of its own
/// reads one chunk whenever one is asked for.
package final class DescriptorReader: Sendable {
    private struct State {
        var request: CheckedContinuation<[UInt8]?, any Error>?
        var isStarted = false
        var isClosed = false
    }

    /// A read that failed.
    package struct ReadError: Error, Equatable {
        /// errno(3).
        package var code: Int32
    }

    private final class Shared: Sendable {
        let state = Locked(State())
        let wake = cedit_event()
        let descriptor: Int32

        init(descriptor: Int32) { self.descriptor = descriptor }
        deinit { close(wake) }

        func signal() {
            var one: UInt64 = 1
            write(wake, &one, 8)
        }
    }

    private let shared: Shared

    /// - Parameter descriptor: stays open; nobody else should read it.
    package init(descriptor: Int32 = STDIN_FILENO) { shared = Shared(descriptor: descriptor) }

    deinit {
        shared.state.withLock { $0.isClosed = true }
        shared.signal()
    }

    /// The next bytes, at least one, or nil at the end. One call at a time.
    ///
    /// - Throws: `CancellationError` at once when the task is cancelled, without losing input; `ReadError`.
    package func next() async throws -> [UInt8]? {
        try Task.checkCancellation()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let mustStart = shared.state.withLock { state in
                    precondition(state.request == nil, "one call at a time")
                    state.request = continuation
                    defer { state.isStarted = true }
                    return !state.isStarted
                }
                if mustStart {
                    let shared = shared
                    if !BlockingThread.start(named: "input", stackSize: 256 << 10, { Self.serve(shared) }) {
                        Self.answer(shared, .failure(ReadError(code: EAGAIN)))
                    }
                } else {
                    shared.signal()
                }
                if Task.isCancelled { Self.answer(shared, .failure(CancellationError())) }
            }
        } onCancel: {
            Self.answer(shared, .failure(CancellationError()))
        }
    }

    private static func answer(_ shared: Shared, _ result: Result<[UInt8]?, any Error>) {
        let request = shared.state.withLock { state in
            defer { state.request = nil }
            return state.request
        }
        request?.resume(with: result)
    }

    private static func serve(_ shared: Shared) {
        var chunk = [UInt8](repeating: 0, count: 65536)
        while true {
            let (isAsked, isClosed) = shared.state.withLock { ($0.request != nil, $0.isClosed) }
            if isClosed { return }
            var polled = [
                pollfd(fd: shared.wake, events: Int16(POLLIN), revents: 0),
                pollfd(fd: isAsked ? shared.descriptor : -1, events: Int16(POLLIN), revents: 0),
            ]
            poll(&polled, 2, -1)
            if polled[0].revents != 0 {
                var count: UInt64 = 0
                read(shared.wake, &count, 8)
                continue
            }
            guard polled[1].revents != 0 else { continue }
            readChunk(shared, &chunk)
        }
    }

    /// Reads under the lock, so that a cancelled request cannot take a chunk with it: the descriptor is ready, nothing blocks.
    private static func readChunk(_ shared: Shared, _ chunk: inout [UInt8]) {
        let answer = shared.state.withLock {
            state -> (CheckedContinuation<[UInt8]?, any Error>, Result<[UInt8]?, any Error>)? in
            guard let request = state.request else { return nil }
            let count = read(shared.descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR || errno == EAGAIN { return nil }
            state.request = nil
            if count < 0 { return (request, .failure(ReadError(code: errno))) }
            return (request, .success(count == 0 ? nil : Array(chunk[..<count])))
        }
        if let answer { answer.0.resume(with: answer.1) }
    }
}
