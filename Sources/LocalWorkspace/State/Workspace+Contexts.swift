import System

/// What the 1.2 API does with execution contexts and their commands.
extension Workspace {
    /// The most contexts a cluster has (API README).
    static let contextLimit = 145

    /// Makes a context and starts its process, which Python and R run in. Returns its id.
    /// - Throws: `APIError` in 1.2 form when the cluster takes none.
    func createContext(_ language: Language) throws -> String {
        guard facts.makesContexts else {
            throw APIError.execution(
                "SecurityException", "Execution contexts are not available in this cluster's access mode")
        }
        guard cluster.takesContexts else {
            // The first name makes SDKs try again for minutes, so it is for what passes by itself.
            throw cluster.usesEngine
                ? APIError.execution(
                    "ClusterNotReadyException",
                    "Cluster \(facts.clusterID) not currently ready for driver client (currently \(stateWord))")
                : APIError.execution(
                    "IllegalStateException",
                    "Cluster \(facts.clusterID) is not in a usable state (currently \(stateWord))")
        }
        let lost = contexts.values.filter(\.isLost)
        guard contexts.count - lost.count < Self.contextLimit else {
            throw APIError.execution(
                "ContextLimitExceeded",
                "Too many execution contexts are open right now. (Limit set to \(Self.contextLimit))")
        }
        // Lost ones stay to tell why, but not without end.
        if lost.count >= Self.contextLimit { lost.forEach { contexts[$0.id] = nil } }
        let id = Random.decimalID()
        contexts[id] = ContextLifeCycle(id: id, language: language)
        startProcess(of: id)
        return id
    }

    private var stateWord: String {
        let name = cluster.state.rawValue
        return name.prefix(1) + name.dropFirst().lowercased()
    }

    private func startProcess(of id: String) {
        do {
            let process =
                try connect.map { try launchConnect($0, for: id) } ?? launch("context", [id, data.root])
            contextProcesses[id] = process
            livingContextProcesses += 1
            if let gateway { process.send(EngineMessage.attach(gateway).bytes) }
            readers[process.pid] = Task {
                for await event in process.events {
                    switch event {
                    case .line(let line): EngineEvent(line: line).map { handle($0, from: id) }
                    case .ended(let reason): contextProcessEnded(id, reason)
                    }
                }
                readers[process.pid] = nil
            }
        } catch {
            contexts[id]?.lost("The process of this context cannot be started: \(error)")
        }
    }

    private func handle(_ event: EngineEvent, from id: String) {
        switch event {
        case .contextReady: contexts[id]?.ready()
        case .running(let command): contexts[id]?.started(command)
        case .connect(let notice): connectNotice(notice, from: id)
        case .commandDone(let command, let canceled, let results):
            finish(command, in: id, canceled: canceled, results: results)
        default: break
        }
    }

    private func contextProcessEnded(_ id: String, _ reason: ExitStatus) {
        livingContextProcesses -= 1
        contextProcesses[id] = nil
        if let context = contexts[id] {
            contexts[id]?.lost(
                context.state == .pending
                    ? "Its Python did not start (\(reason))\(lastError.map { ": " + $0 } ?? "")."
                    : "The Python process of this context is gone: \(reason). Its variables are lost.")
            tell(EngineMessage.closeSession(id))
        }
        settle()
    }

    /// The last line that a process of the engine has written to standard error.
    private var lastError: String? {
        guard let bytes = try? Files.read(data.log) else { return nil }
        let line = bytes.suffix(4096).split(separator: UInt8(ascii: "\n")).last { !$0.allSatisfy { $0 == 0x20 } }
        return line.map { String(decoding: $0, as: UTF8.self) }
    }

    /// The context called `id` on the cluster.
    /// - Throws: `APIError` in 1.2 form when there is none.
    func context(_ id: String) throws -> ContextLifeCycle {
        guard let context = contexts[id] else {
            throw APIError.execution("ContextNotFoundException", "Execution context \(id) does not exist")
        }
        return context
    }

    /// Ends a context and its process.
    func destroyContext(_ id: String) throws {
        _ = try context(id)
        remove(id)
    }

    private func remove(_ id: String) {
        contexts[id] = nil
        contextProcesses[id]?.end()
        tell(EngineMessage.closeSession(id))
    }

    /// Ends every context, as a cluster that stops does.
    func closeContexts() {
        for id in Array(contexts.keys) { remove(id) }
    }

    /// Makes every context unusable, as an engine that died does: what a context knows of Spark was in the engine.
    func loseContexts(_ why: String) {
        for id in Array(contexts.keys) {
            contexts[id]?.lost(why)
            contextProcesses[id]?.send(EngineMessage.unavailable(why).bytes)
            contextProcesses[id]?.end()
        }
    }
}
