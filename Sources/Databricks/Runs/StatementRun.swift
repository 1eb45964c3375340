import SQL

/// One statement from its submission to its result.
///
/// It is submitted with `wait_timeout` "0s" where somebody watches. Waiting on the server (5 s at least, the API has nothing
/// shorter) saves a fast statement a round trip, but until that reply comes nobody knows the statement's id: Ctrl-C could not
/// cancel a query that is wrong in its first five seconds, which is when people notice. With "0s" the id is there after
/// one round trip, always. A statement that may write never waits there either: while it does, a lost connection would leave
/// nobody knowing whether it runs.
package struct StatementRun: Sendable {
    private let client: Client
    private let request: StatementRequest
    private let page: FirstPage?
    private let wait: StatementRequest.Wait
    private let mayRunAgain: Bool
    private let clock: any Clock<Duration>

    /// - Parameters:
    ///   - page: what will be shown of the result, when that is known; it can be read whole all the same.
    ///   - isWatched: somebody may want to cancel the statement, or to see how it is doing.
    package init(
        client: Client, request: StatementRequest, page: FirstPage? = nil, isWatched: Bool = true,
        clock: any Clock<Duration> = ContinuousClock()
    ) {
        self.client = client
        self.request = request
        self.page = page
        mayRunAgain = SQLText.mayRunAgain(request.statement)
        wait = isWatched || !mayRunAgain ? .none : .seconds(5)
        self.clock = clock
    }

    /// Submits the statement, waits for it and returns its result, whose rows may still be on their way.
    /// - Parameter observing: called once the id is known, and after every poll.
    /// - Throws: `StatementError` when the statement fails; `SubmissionLost` when it may have run, and the connection was lost
    ///   before its id came (a statement that only reads is sent once more before that); `RunCancelled` when the task is cancelled (after asking the
    ///   service to cancel too, for 5 s at most); else as `Client.json`.
    ///
    /// A statement that only reads, and fails because its result is too large to come inline (25 MiB), is run once more
    /// with disposition EXTERNAL_LINKS, which `observing` is told before. A statement that may write is never run again.
    package func run(observing: (StatementProgress) -> Void = { _ in }) async throws -> StatementResult {
        let elapsed = clock.stopwatch()
        let reply = try await finish(request, elapsed, observing)
        guard let error = reply.error else { return StatementResult(client: client, reply: reply) }
        guard request.disposition == .inline, error.isOverInlineLimit, mayRunAgain else {
            throw error
        }
        observing(StatementProgress(id: reply.id, state: reply.state, elapsed: elapsed(), runsAgainWithLinks: true))
        var again = request
        again.disposition = .externalLinks
        let second = try await finish(again, elapsed, observing)
        if let error = second.error { throw error }
        return StatementResult(client: client, reply: second)
    }

    /// Submits a request and waits until the statement has ended, one way or another.
    private func finish(
        _ request: StatementRequest, _ elapsed: () -> Duration, _ observing: (StatementProgress) -> Void
    ) async throws -> StatementReply {
        try Task.checkCancellation()
        var reply = try await submit(request)
        var pause = Polling.firstWait(elapsed: elapsed())
        do {
            while !reply.state.isFinal {
                observing(StatementProgress(id: reply.id, state: reply.state, elapsed: elapsed()))
                try await clock.sleep(for: pause)
                reply = try await client.statements.get(reply.id, retry: .patient, page: page)
                pause = Polling.wait(elapsed: elapsed())
            }
        } catch  where Task.isCancelled {
            throw await cancelled(reply.id)
        }
        observing(StatementProgress(id: reply.id, state: reply.state, elapsed: elapsed()))
        return reply
    }

    private func submit(_ request: StatementRequest) async throws -> StatementReply {
        let (client, page, wait, mayRunAgain) = (client, page, wait, mayRunAgain)
        do {
            return try await Shield.finish(on: clock) {
                try await client.statements.submit(request, wait: wait, mayRunAgain: mayRunAgain, page: page)
            } late: {
                try? await client.statements.cancel($0.id, of: .session)
            }
        } catch  where Task.isCancelled {
            throw RunCancelled(id: nil, isConfirmed: false)
        } catch let error as TransportError where error.mayHaveArrived {
            throw SubmissionLost(work: .statement, cause: error)
        }
    }

    /// Asks the service to stop and waits until it says so.
    private func cancelled(_ id: String) async -> RunCancelled {
        let (client, clock) = (client, clock)
        let isConfirmed = try? await Shield.run(for: Shield.grace, on: clock) {
            let elapsed = clock.stopwatch()
            try await client.statements.cancel(id, of: .session)
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
    /// The result was too large to come inline: the statement, which only reads, is about to be run again.
    package var runsAgainWithLinks = false
}
