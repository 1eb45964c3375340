import System

/// Hands elements from one task to another, in order, and makes the sender wait while more than a limit lies in between.
///
/// One sender, one receiver.
final class BoundedQueue<Element: Sendable>: Sendable {
    private struct State {
        var elements: [(element: Element, cost: Int)] = []
        var held = 0
        var end: Result<Void, any Error>?
        var isAbandoned = false
        var sender: CheckedContinuation<Void, any Error>?
        var receiver: CheckedContinuation<Element?, any Error>?
    }

    private let limit: Int
    private let state = Locked(State())

    /// A queue that holds elements of `limit` cost, and one more whatever it costs.
    init(limit: Int) {
        self.limit = limit
    }

    /// Adds an element; returns when there is room for another.
    /// - Throws: `CancellationError` when nobody will take it.
    func send(_ element: Element, cost: Int) async throws {
        let receiver = state.withLock { state -> CheckedContinuation<Element?, any Error>? in
            if let receiver = state.receiver {
                state.receiver = nil
                return receiver
            }
            state.elements.append((element, cost))
            state.held += cost
            return nil
        }
        if let receiver { return receiver.resume(returning: element) }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                let verdict = state.withLock { state -> Result<Void, any Error>? in
                    if state.isAbandoned { return .failure(CancellationError()) }
                    if state.held <= limit { return .success(()) }
                    state.sender = continuation
                    return nil
                }
                if let verdict { continuation.resume(with: verdict) }
            }
        } onCancel: {
            abandon()
        }
    }

    /// No more elements will come, because of `error` or because that were all.
    func finish(throwing error: (any Error)? = nil) {
        let end: Result<Void, any Error> = error.map { .failure($0) } ?? .success(())
        let receiver = state.withLock { state -> CheckedContinuation<Element?, any Error>? in
            if state.end == nil { state.end = end }
            defer { state.receiver = nil }
            return state.receiver
        }
        receiver?.resume(with: end.map { nil })
    }

    /// The next element; nil after the last one.
    /// - Throws: what the sender finished with; `CancellationError`.
    func next() async throws -> Element? {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Element?, any Error>) in
                var sender: CheckedContinuation<Void, any Error>?
                let answer = state.withLock { state -> Result<Element?, any Error>? in
                    if state.isAbandoned { return .failure(CancellationError()) }
                    guard let element = Self.take(&state) else {
                        if let end = state.end { return end.map { nil } }
                        state.receiver = continuation
                        return nil
                    }
                    if state.held <= limit { swap(&sender, &state.sender) }
                    return .success(element)
                }
                sender?.resume()
                if let answer { continuation.resume(with: answer) }
            }
        } onCancel: {
            abandon()
        }
    }

    private static func take(_ state: inout State) -> Element? {
        guard !state.elements.isEmpty else { return nil }
        let (element, cost) = state.elements.removeFirst()
        state.held -= cost
        return element
    }

    /// Nobody will take anything any more: whoever waits, on either side, is released.
    func abandon() {
        let (sender, receiver) = state.withLock { state in
            state.isAbandoned = true
            state.elements.removeAll()
            defer { (state.sender, state.receiver) = (nil, nil) }
            return (state.sender, state.receiver)
        }
        sender?.resume(throwing: CancellationError())
        receiver?.resume(throwing: CancellationError())
    }
}
