import Synchronization

extension Interrupts {
    /// Runs `body` so that Ctrl-C cancels its task, and waits for it to unwind: a body that cancels remote work does that in a
    /// shielded task with a deadline of its own. A second Ctrl-C stops waiting: `body` is left to itself and `Detached` thrown.
    ///
    /// SIGTERM and SIGHUP cancel it too, and so does a Ctrl-C that came before, while nothing was running. One that came too late
    /// to stop `body` is kept for the next: it was meant for the script, too, or for what repeats `body`.
    ///
    /// - Parameter onCancel: called at the first Ctrl-C, to say that something happens.
    /// - Throws: what `body` throws, which is a `CancellationError` when it was cancelled in time; `Detached`.
    @MainActor
    package func cancelling<T: Sendable>(
        onCancel: @escaping @MainActor () -> Void = {}, _ body: @escaping @MainActor () async throws -> T
    ) async throws -> T {
        start()
        let outcome = Outcome<T>()
        let attachment = Attachment(within: Attachment.current)
        let task = Task { @MainActor in
            await Attachment.$current.withValue(attachment) {
                do {
                    outcome.settle(.success(try await body()))
                } catch {
                    outcome.settle(.failure(error))
                }
            }
        }
        let id = enter { event in
            switch event {
            case .interrupt(count: 1):
                outcome.isInterrupted = true
                task.cancel()
                Task { @MainActor in if !outcome.isSettled { onCancel() } }
            case .interrupt: if outcome.settle(.failure(Detached())) { attachment.end() }
            case .terminate: task.cancel()
            case .resized, .suspend, .continued: break
            }
        }
        defer { leave(id) }
        if takePendingInterrupt() || termination != nil { task.cancel() }
        do {
            let value = try await withTaskCancellationHandler {
                try await outcome.value
            } onCancel: {
                task.cancel()
            }
            if outcome.isInterrupted { keepInterrupt() }
            return value
        } catch {
            if outcome.isInterrupted, !(error is CancellationError), !(error is Detached) { keepInterrupt() }
            throw error
        }
    }
}

/// A result that is settled once, by whoever comes first, and awaited by one.
private final class Outcome<T: Sendable>: Sendable {
    private struct State {
        var result: Result<T, any Error>?
        var waiting: CheckedContinuation<T, any Error>?
        var isInterrupted = false
    }

    private let state = Mutex(State())

    /// A Ctrl-C has come.
    var isInterrupted: Bool {
        get { state.withLock { $0.isInterrupted } }
        set { state.withLock { $0.isInterrupted = newValue } }
    }

    var isSettled: Bool { state.withLock { $0.result != nil } }

    /// Says whether it was the first.
    @discardableResult func settle(_ result: Result<T, any Error>) -> Bool {
        let (isFirst, waiting) = state.withLock { state -> (Bool, CheckedContinuation<T, any Error>?) in
            guard state.result == nil else { return (false, nil) }
            state.result = result
            defer { state.waiting = nil }
            return (true, state.waiting)
        }
        waiting?.resume(with: result)
        return isFirst
    }

    var value: T {
        get async throws {
            try await withCheckedThrowingContinuation { continuation in
                let result = state.withLock { state -> Result<T, any Error>? in
                    if state.result == nil { state.waiting = continuation }
                    return state.result
                }
                if let result { continuation.resume(with: result) }
            }
        }
    }
}
