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

    /// Runs `work` undisturbed as long as the calling task is not cancelled, and for `grace` longer when it is.
    ///
    /// For submissions: broken off in the middle nobody knows whether the work has begun; its reply has the id to
    /// cancel it by.
    static func finish<T: Sendable>(
        within grace: Duration, on clock: any Clock<Duration>, _ work: @escaping @Sendable () async throws -> T
    ) async throws -> T {
        let task = Task { try await work() }
        return try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            Task {
                try? await clock.sleep(for: grace)
                task.cancel()
            }
        }
    }

    /// How long a cancelled run waits for the service.
    static let grace = Duration.seconds(5)
}
