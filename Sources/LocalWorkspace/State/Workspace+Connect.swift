import System

/// Spark Connect: contexts whose Spark is elsewhere, and the endpoint of the engine's own.
extension Workspace {
    /// What contexts need to know when their Spark is elsewhere.
    struct Connect: Sendable {
        let target: ConnectTarget
        /// The working directory of Python.
        let directory: String
    }

    /// Makes the cluster run without an engine: contexts bring their own Spark.
    func runWithoutEngine() {
        try? cluster.start(by: facts.userName, at: .now)
        cluster.running(at: .now)
    }

    /// What there is in it to come back to.
    var use: IdleWatch<ContinuousClock>.Use {
        let living = contexts.values.filter { !$0.isLost }
        if living.contains(where: { $0.current != nil || $0.state == .pending }) { return .working }
        return living.isEmpty ? .empty : .kept
    }

    /// Starts the process of a context whose Spark is elsewhere. It lets go of its Spark session before it ends, also when this
    /// server was killed: the service would go on with its work for minutes.
    func launchConnect(_ connect: Connect, for id: String) throws -> ChildProcess {
        let process = try launch(
            "connect", [data.scratch + "/" + id], directory: connect.directory, mayFinish: true)
        process.send(EngineMessage.connect(connect.target).bytes)
        return process
    }

    /// A context's process tells of itself.
    func connectNotice(_ notice: ConnectNotice, from id: String) {
        guard let connect else { return }
        connect.target.notice(notice)
        guard case .signature(let refused) = notice else { return }
        Task {
            let answer: JSON
            do { answer = EngineMessage.signature(try await connect.target.sign(refused)) } catch {
                answer = EngineMessage.noSignature("\(error)")
            }
            contextProcesses[id]?.send(answer.bytes)
        }
    }

    /// The engine's own Spark Connect endpoint, which the first who asks opens.
    /// - Parameter tokens: who may use it from now on.
    /// - Throws: `APIError` when the engine does not run or cannot open it.
    @discardableResult
    func connectEndpoint(tokens: [String: WallTime?]) async throws -> EngineEvent.Endpoint {
        guard worker != nil else {
            throw APIError.invalidState("The cluster does not run, and Spark Connect is a part of it.")
        }
        let id = Random.hexadecimal(bytes: 8)
        tell(EngineMessage.serveConnect(tokens, id: id))
        let answer = await withCheckedContinuation { endpointWaiters[id] = $0 }
        guard let endpoint = answer.endpoint else {
            throw APIError.invalidState(answer.problem ?? "The engine has ended.")
        }
        connectIsOpen = true
        return endpoint
    }

    /// What runs there; nothing when nobody has asked for the endpoint.
    func connectOperations(tokens: [String: WallTime?]) async throws -> [EngineEvent.Operation] {
        connectIsOpen ? try await connectEndpoint(tokens: tokens).operations : []
    }

    /// A token was given out. It is told to the endpoint before anybody can use it.
    func connectTokensChanged(_ tokens: [String: WallTime?]) async {
        if connectIsOpen { _ = try? await connectEndpoint(tokens: tokens) }
    }

    /// The engine has answered.
    func endpointAnswered(_ id: String, _ answer: EngineEvent.EndpointAnswer) {
        endpointWaiters.removeValue(forKey: id)?.resume(returning: answer)
    }

    /// The engine has ended: nobody will be answered.
    func connectEndpointEnded() {
        connectIsOpen = false
        for id in Array(endpointWaiters.keys) { endpointAnswered(id, .init(endpoint: nil, problem: nil)) }
    }
}
