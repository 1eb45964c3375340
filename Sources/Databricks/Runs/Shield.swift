import System

/// Work that goes on when the task that asked for it is cancelled: telling the service to stop, for one.
enum Shield {
    /// Runs `work` to its end or to the deadline, whatever happens to the calling task.
    /// - Throws: what `work` throws; `CancellationError` after the deadline.
    static func run<T: Sendable>(
        for deadline: Duration, on clock: any Clock<Duration>, _ work: @escaping @Sendable () async throws -> T
    ) async throws -> T {
        let task = Task { try await work() }
        let timer = Task {
            try await clock.sleep(for: deadline)
            task.cancel()
        }
        defer { timer.cancel() }
        return try await task.value
    }

    /// Runs `work` undisturbed as long as the calling task is not cancelled, and waits for it for `grace` longer when it
    /// is. What has not ended then is left to itself, and what it made after all goes to `late`.
    ///
    /// For submissions: broken off in the middle nobody knows whether the work has begun; its reply has the id to
    /// cancel it by.
    /// - Throws: what `work` throws; `CancellationError` when it was left.
    static func finish<T: Sendable>(
        on clock: any Clock<Duration>, _ work: @escaping @Sendable () async throws -> T,
        late: @escaping @Sendable (T) async -> Void
    ) async throws -> T {
        let task = Task { try await work() }
        let outcome = FirstOutcome<T>()
        Task {
            let result = await task.result
            if !outcome.settle(result), case .success(let made) = result { await late(made) }
        }
        return try await withTaskCancellationHandler {
            try await outcome.value
        } onCancel: {
            Task {
                try? await clock.sleep(for: grace)
                guard outcome.settle(.failure(CancellationError())) else { return }
                try? await clock.sleep(for: timeLimit)
                task.cancel()
            }
        }
    }

    /// How long a cancelled run waits for the service.
    static let grace = Duration.seconds(5)

    /// How long the reply to a submission that was left is listened for.
    private static let timeLimit = Duration.seconds(120)
}
