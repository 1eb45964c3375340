/// The execution context of a session on one cluster: made on first use, kept, destroyed at the end.
package actor ContextSession {
    package nonisolated let clusterID: String
    private nonisolated let client: Client
    private nonisolated let clock: any Clock<Duration>
    private var contextID: String?
    private var opening: Task<String, any Error>?
    private var isClosed = false
    /// What has been let go of, and is being destroyed.
    private var pendingDestructions: [Task<Void, Never>] = []

    /// - Parameter clusterID: a cluster that runs: the service answers nothing for one that does not (databricks-vscode #92).
    package init(client: Client, clusterID: String, clock: any Clock<Duration> = ContinuousClock()) {
        self.client = client
        self.clusterID = clusterID
        self.clock = clock
    }

    /// Id of the context, if there is one.
    package var id: String? { contextID }

    /// Whether its cluster is reached through that client.
    package nonisolated func uses(_ client: Client) -> Bool { self.client === client }

    /// Uses a context that exists already, of this session or of an earlier one.
    /// - Throws: `ContextLost` when it is not running; else as `Client.json`.
    package func attach(_ id: String) async throws {
        let state: ContextState
        do { state = try await client.contexts.status(clusterID: clusterID, contextID: id) } catch let error as APIError
            where ![401, 403, 429, 503].contains(error.status)
        {
            // The service has no code for it; the cluster may say more.
            let cluster = try? await client.clusters.get(clusterID)
            guard let cluster, !cluster.state.acceptsCommands else {
                throw ContextLost(clusterID: clusterID, contextID: id, reason: .context(detail: error.message))
            }
            throw ContextLost(
                clusterID: clusterID, contextID: id,
                reason: .cluster(state: cluster.state, message: cluster.stateMessage))
        } catch let error as TransportError where error.kind == .gone {
            throw ContextLost(clusterID: clusterID, contextID: id, reason: .context(detail: error.message))
        }
        guard state == .running else {
            throw ContextLost(clusterID: clusterID, contextID: id, reason: .context(detail: "it is \(state)"))
        }
        contextID = id
    }

    /// Id of the context, which is made now if there is none. Callers at the same time get the same one.
    /// - Throws: `ContextFailed`; else as `Client.json`.
    package func open(language: Language) async throws -> String {
        if let contextID { return contextID }
        // One that was cancelled is no use to anybody else.
        while let opening, opening.isCancelled {
            _ = try? await opening.value
            if self.opening == opening { self.opening = nil }
        }
        if let contextID { return contextID }
        if isClosed { throw CancellationError() }
        let opening = opening ?? begin(language)
        do {
            let id = try await withTaskCancellationHandler {
                try await opening.value
            } onCancel: {
                opening.cancel()
            }
            if self.opening == opening { self.opening = nil }
            if isClosed { throw CancellationError() }
            contextID = id
            return id
        } catch {
            if self.opening == opening { self.opening = nil }
            throw error
        }
    }

    private func begin(_ language: Language) -> Task<String, any Error> {
        let opener = ContextOpener(
            client: client, clusterID: clusterID, clock: clock,
            late: { await self.destroy($0) })
        let task = Task { try await opener.open(language) }
        opening = task
        return task
    }

    /// Runs code in the context. A context that turns out to be lost, or that the code ends, is forgotten: the next run makes a new one.
    /// - Throws: as `open` and `CommandRun.run`.
    package nonisolated func run(
        _ language: Language, _ code: String, observing: (CommandProgress) -> Void = { _ in }
    ) async throws -> CommandResult {
        let id = try await open(language: language)
        do {
            return try await CommandRun(
                client: client, clusterID: clusterID, contextID: id, language: language, code: code, clock: clock
            ).run(observing: observing)
        } catch let error as ContextLost {
            await letGo(of: id, isDead: error.diedWithCluster)
            throw error
        } catch let error as CommandError where error.endedContext {
            await letGo(of: id, isDead: false)
            throw error
        }
    }

    /// The context is of no use any more. It is destroyed on the side, unless it is gone with its cluster: "lost" is what we make
    /// of an answer (API/README.md), and one that is alive after all would hold its place on the cluster for a day.
    private func letGo(of id: String, isDead: Bool) {
        guard contextID == id else { return }
        contextID = nil
        if !isDead { destroy(id) }
    }

    private func destroy(_ id: String) {
        let (client, clusterID, clock) = (client, clusterID, clock)
        pendingDestructions.append(
            Task {
                _ = try? await Shield.run(for: Shield.grace, on: clock) {
                    try await client.contexts.destroy(clusterID: clusterID, contextID: id, of: .session)
                }
            })
    }

    /// Destroys the context, if there is one or one is being made, also when the calling task is cancelled; gives up
    /// after 5 s. The session makes no other afterwards. Whoever calls it again waits for the same.
    package func close() async {
        isClosed = true
        opening?.cancel()
        let unfinished = try? await opening?.value
        if let id = contextID ?? unfinished {
            contextID = nil
            destroy(id)
        }
        for destruction in pendingDestructions { await destruction.value }
    }
}

/// Makes a context and waits until it is ready.
private struct ContextOpener: Sendable {
    /// A cluster that has just started says RUNNING a few seconds before contexts work (API/README.md).
    private static let attempts = 5
    private static let pause = Duration.seconds(2)
    /// As long as the official SDKs wait.
    private static let timeLimit = Duration.seconds(20 * 60)

    let client: Client
    let clusterID: String
    let clock: any Clock<Duration>
    /// Gets a context that the service made after its maker was cancelled and had left.
    let late: @Sendable (String) async -> Void

    func open(_ language: Language) async throws -> String {
        var attempt = 1
        while true {
            let id = try await create(language)
            if try await becomesReady(id) { return id }
            guard attempt < Self.attempts else {
                let reason = await reason(id, language)
                await destroy(id)
                throw ContextFailed(
                    clusterID: clusterID, detail: "\(attempt) contexts in a row ended in state ERROR", reason: reason)
            }
            await destroy(id)
            attempt += 1
            try await clock.sleep(for: Self.pause)
        }
    }

    /// Why a context is in state ERROR, in the service's words; nil when it does not say. `contexts/status` has no reason: what
    /// tells it is the refusal of a command.
    private func reason(_ id: String, _ language: Language) async -> String? {
        do {
            _ = try await client.commands.execute(clusterID: clusterID, contextID: id, language: language, code: "1")
            return nil
        } catch { return (error as? APIError)?.message }
    }

    private func create(_ language: Language) async throws -> String {
        let (client, clusterID, late) = (client, clusterID, late)
        let id = try await Shield.finish(on: clock) {
            try await client.contexts.create(clusterID: clusterID, language: language)
        } late: {
            await late($0)
        }
        if Task.isCancelled {
            await destroy(id)
            throw CancellationError()
        }
        return id
    }

    /// Waits while the context is PENDING; false when it fails.
    private func becomesReady(_ id: String) async throws -> Bool {
        let elapsed = clock.stopwatch()
        do {
            while true {
                let state = try await client.contexts.status(clusterID: clusterID, contextID: id)
                if state == .running { return true }
                if state == .error { return false }
                guard elapsed() < Self.timeLimit else {
                    throw ContextFailed(clusterID: clusterID, detail: "the context is still \(state) after 20 minutes")
                }
                try await clock.sleep(for: Polling.wait(elapsed: elapsed()))
            }
        } catch {
            await destroy(id)
            throw error
        }
    }

    private func destroy(_ id: String) async {
        let (client, clusterID) = (client, clusterID)
        _ = try? await Shield.run(for: Shield.grace, on: clock) {
            try await client.contexts.destroy(clusterID: clusterID, contextID: id, of: .session)
        }
    }
}
