import Results

/// One command from its submission to its result, in a context that exists.
package struct CommandRun: Sendable {
    private let client: Client
    private let clusterID: String
    private let contextID: String
    private let language: Language
    private let code: String
    private let clock: any Clock<Duration>

    package init(
        client: Client, clusterID: String, contextID: String, language: Language, code: String,
        clock: any Clock<Duration> = ContinuousClock()
    ) {
        self.client = client
        self.clusterID = clusterID
        self.contextID = contextID
        self.language = language
        self.code = code
        self.clock = clock
    }

    /// Submits the command, waits for it and returns its result.
    /// - Parameter observing: called once the id is known, and after every poll.
    /// - Throws: `CommandError` when the code fails; `ContextLost`; `SubmissionLost` when it may have run, and the connection was
    ///   lost before its id came; `RunCancelled` when the task is cancelled (after
    ///   asking the cluster to interrupt the command, for 5 s at most); else as `Client.json`.
    package func run(observing: (CommandProgress) -> Void = { _ in }) async throws -> CommandResult {
        try Task.checkCancellation()
        let elapsed = clock.stopwatch()
        let id = try await submit()
        var status = CommandStatus(json: .object([]))
        do {
            observing(progress(id, .queued, elapsed()))
            var pause = Polling.firstWait(elapsed: elapsed())
            while !status.state.isFinal {
                try await clock.sleep(for: pause)
                status = try await client.commands.status(
                    clusterID: clusterID, contextID: contextID, commandID: id, retry: .patient)
                observing(progress(id, status.state, elapsed()))
                pause = Polling.wait(elapsed: elapsed())
            }
        } catch {
            if Task.isCancelled { throw await cancelled(id) }
            throw await explained(error)
        }
        return try await result(of: status, id)
    }

    private func progress(_ id: String, _ state: CommandState, _ elapsed: Duration) -> CommandProgress {
        CommandProgress(contextID: contextID, commandID: id, state: state, elapsed: elapsed)
    }

    private func submit() async throws -> String {
        let run = self
        do {
            return try await Shield.finish(on: clock) {
                try await run.client.commands.execute(
                    clusterID: run.clusterID, contextID: run.contextID, language: run.language, code: run.code)
            } late: {
                try? await run.client.commands.cancel(
                    clusterID: run.clusterID, contextID: run.contextID, commandID: $0, of: .session)
            }
        } catch {
            if Task.isCancelled { throw RunCancelled(id: nil, isConfirmed: false) }
            if let lost = error as? TransportError, lost.mayHaveArrived {
                throw SubmissionLost(work: .command(contextID: contextID), cause: lost)
            }
            let reason = await explained(error)
            guard var lost = reason as? ContextLost else { throw reason }
            lost.cameBefore = true
            throw lost
        }
    }

    private func result(of status: CommandStatus, _ id: String) async throws -> CommandResult {
        switch CommandOutcome(status, of: CommandSource(language, code)) {
        case .success(let result)?:
            return result
        case .failure(let summary, let cause, let output)?:
            // Code that fails leaves a traceback. One line alone may be about the end of the process that ran it.
            let mayHaveEnded = cause?.contains("\n") != true
            let endedContext = mayHaveEnded ? (try? await contextLoss()) != nil : false
            throw CommandError(
                summary: summary, cause: cause, output: output, language: language, contextID: contextID,
                commandID: id, endedContext: endedContext)
        case .interrupted(let summary, let cause)?:
            // Nobody here has cancelled it. The end of its context looks the same.
            if let lost = try? await contextLoss() { throw lost }
            throw CommandError(
                summary: summary, cause: cause, language: language, contextID: contextID, commandID: id,
                isCancelled: true)
        case .contextEnded(let summary)?:
            if let lost = try? await contextLoss() { throw lost }
            throw ContextLost(
                clusterID: clusterID, contextID: contextID, reason: .context(detail: "it was shut down: \(summary)"))
        case nil:
            preconditionFailure("polling ends with a final state only")
        }
    }

    /// What an error of execute or status really means: `ContextLost`, or the error itself.
    ///
    /// The service has no code for a lost context. The rule (API/README.md): after any refusal except those about
    /// credentials and load, ask for the cluster, then for the context.
    private func explained(_ error: any Error) async -> any Error {
        if let error = error as? TransportError, error.kind == .gone {
            return ContextLost(clusterID: clusterID, contextID: contextID, reason: .context(detail: error.message))
        }
        guard let refusal = error as? APIError, ![401, 403, 429, 503].contains(refusal.status),
            !refusal.isUnauthenticated
        else { return error }
        return (try? await contextLoss(after: refusal)) ?? error
    }

    /// Why the context is lost; nil when it is not.
    private func contextLoss(after refusal: APIError? = nil) async throws -> ContextLost? {
        let cluster = try await client.clusters.get(clusterID)
        func lost(_ reason: ContextLost.Reason) -> ContextLost {
            ContextLost(clusterID: clusterID, contextID: contextID, reason: reason)
        }
        guard cluster.state.acceptsCommands else {
            // The local workspace runs Python while its Spark is still starting.
            if cluster.state == .pending,
                (try? await client.contexts.status(clusterID: clusterID, contextID: contextID)) == .running
            {
                return nil
            }
            return lost(.cluster(state: cluster.state, message: cluster.stateMessage))
        }
        do {
            let state = try await client.contexts.status(clusterID: clusterID, contextID: contextID)
            return state == .running ? nil : lost(.context(detail: "it is \(state)"))
        } catch let error as APIError where ![401, 403, 429, 503].contains(error.status) {
            return lost(.context(detail: (refusal ?? error).message))
        }
    }

    /// Asks the cluster to interrupt the command and waits until it has ended.
    private func cancelled(_ id: String) async -> RunCancelled {
        let run = self
        let isConfirmed = try? await Shield.run(for: Shield.grace, on: clock) {
            let elapsed = run.clock.stopwatch()
            let (clusterID, contextID) = (run.clusterID, run.contextID)
            try await run.client.commands.cancel(
                clusterID: clusterID, contextID: contextID, commandID: id, of: .session)
            while true {
                let status = try await run.client.commands.status(
                    clusterID: clusterID, contextID: contextID, commandID: id)
                if status.state.isFinal { return true }
                try await run.clock.sleep(for: Polling.wait(elapsed: elapsed()))
            }
        }
        return RunCancelled(id: id, isConfirmed: isConfirmed ?? false)
    }
}

/// How a command is doing.
package struct CommandProgress: Sendable, Equatable {
    package let contextID: String
    package let commandID: String
    package let state: CommandState
    /// Since the submission.
    package let elapsed: Duration
}
