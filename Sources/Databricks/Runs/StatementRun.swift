/// One statement from its submission to its result.
///
/// It is submitted with `wait_timeout` "0s". Waiting on the server (5 s at least, the API has nothing shorter) would
/// save a fast statement one round trip, but until that reply comes nobody knows the statement's id: Ctrl-C could not
/// cancel a query that is wrong in its first five seconds, which is when people notice. With "0s" the id is there after
/// one round trip, always, and the first poll 50 ms later makes up for most of the difference.
package struct StatementRun: Sendable {
    private let client: Client
    private let request: StatementRequest
    private let clock: any Clock<Duration>

    package init(client: Client, request: StatementRequest, clock: any Clock<Duration> = ContinuousClock()) {
        self.client = client
        self.request = request
        self.clock = clock
    }

    /// Submits the statement, waits for it and returns its result, whose rows may still be on their way.
    /// - Parameter observing: called once the id is known, and after every poll.
    /// - Throws: `StatementError` when the statement fails; `RunCancelled` when the task is cancelled (after asking the
    ///   service to cancel too, for 5 s at most); else as `Client.json`.
    package func run(observing: (StatementProgress) -> Void = { _ in }) async throws -> StatementResult {
        try Task.checkCancellation()
        let elapsed = clock.stopwatch()
        var reply = try await submit()
        do {
            while !reply.state.isFinal {
                observing(StatementProgress(id: reply.id, state: reply.state, elapsed: elapsed()))
                try await clock.sleep(for: Polling.wait(elapsed: elapsed()))
                reply = try await client.statements.get(reply.id, retry: .patient)
            }
        } catch  where Task.isCancelled {
            throw await cancelled(reply.id)
        }
        observing(StatementProgress(id: reply.id, state: reply.state, elapsed: elapsed()))
        // Place for the fallback of api-contract §4.6: a read-only statement that fails because its result is over 25
        // MiB runs again with `disposition` EXTERNAL_LINKS, whose links `Statements.chunk` follows already.
        if let error = reply.error { throw error }
        return StatementResult(client: client, reply: reply)
    }

    private func submit() async throws -> StatementReply {
        let (client, request) = (client, request)
        do {
            return try await Shield.finish(within: Shield.grace, on: clock) {
                try await client.statements.submit(request)
            }
        } catch  where Task.isCancelled {
            throw RunCancelled(id: nil, isConfirmed: false)
        }
    }

    /// Asks the service to stop and waits until it says so.
    private func cancelled(_ id: String) async -> RunCancelled {
        let (client, clock) = (client, clock)
        let isConfirmed = try? await Shield.run(for: Shield.grace, on: clock) {
            let elapsed = clock.stopwatch()
            try await client.statements.cancel(id)
            while true {
                if try await client.statements.get(id).state.isFinal { return true }
                try await clock.sleep(for: Polling.wait(elapsed: elapsed()))
            }
        }
        return RunCancelled(id: id, isConfirmed: isConfirmed ?? false)
    }
}

/// How a statement is doing.
package struct StatementProgress: Sendable, Equatable {
    package let id: String
    /// PENDING may mean that the warehouse is starting.
    package let state: StatementState
    /// Since the submission.
    package let elapsed: Duration
}
