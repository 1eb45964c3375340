import System

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
        let outcome = FirstOutcome<T>()
        let isInterrupted = Locked(false)
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
                isInterrupted.withLock { $0 = true }
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
            if isInterrupted.withLock({ $0 }) { keepInterrupt() }
            return value
        } catch {
            if isInterrupted.withLock({ $0 }), !(error is CancellationError), !(error is Detached) { keepInterrupt() }
            throw error
        }
    }
}
