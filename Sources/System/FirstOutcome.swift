/// A result that is settled once, by whoever comes first, and awaited by one task, whether that is cancelled or not.
package final class FirstOutcome<T: Sendable>: Sendable {
    private struct State {
        var result: Result<T, any Error>?
        var waiting: CheckedContinuation<T, any Error>?
    }

    private let state = Locked(State())

    package init() {}

    package var isSettled: Bool { state.withLock { $0.result != nil } }

    /// - Returns: whether it was the first.
    @discardableResult
    package func settle(_ result: Result<T, any Error>) -> Bool {
        let (isFirst, waiting) = state.withLock { state -> (Bool, CheckedContinuation<T, any Error>?) in
            guard state.result == nil else { return (false, nil) }
            state.result = result
            defer { state.waiting = nil }
            return (true, state.waiting)
        }
        waiting?.resume(with: result)
        return isFirst
    }

    /// The result, as soon as there is one. To be asked for once.
    package var value: T {
        get async throws {
            try await withCheckedThrowingContinuation { continuation in
                let result = state.withLock { state in
                    if state.result == nil { state.waiting = continuation }
                    return state.result
                }
                if let result { continuation.resume(with: result) }
            }
        }
    }
}
