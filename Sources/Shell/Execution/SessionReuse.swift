import Databricks
import Terminal

/// `dbsh --session NAME` and `.session`: takes a kept session, and finds out what is left of it.
struct SessionReuse {
    let session: Session

    /// What was given on the command line, which beats what the session had.
    struct Given {
        var language = false
        var cluster = false
        var warehouse = false
        var place = false
    }

    private var directory: String { session.environment.stateDirectory + "/sessions" }

    /// Goes on with the session of that name, or begins it. Contexts are asked after, all at once.
    /// - Throws: `KeptSessionLost` when a context is gone and nobody is there to be told; `UsageError`; what connecting throws.
    func begin(_ name: String, isRenewed: Bool, isInteractive: Bool, given: Given) async throws {
        try refuseLocal()
        let client = try await session.workspace.connected()
        let (record, content) = try await take(name)
        guard let content else {
            if !session.settings.isQuiet { session.console.say("session \(name) is new") }
            return hold(KeptSession(name, record, made: nil, isRenewed: isRenewed, in: session))
        }
        guard content.host == client.connection.host else {
            throw UsageError(
                "session \(name) is one at \(content.host), and this is \(client.connection.host)",
                hint: "take another name, or connect there: --host \(content.host)")
        }
        // From here on nothing of it is destroyed, however this ends.
        session.workspace.isKept = true
        let lost = try await attach(content, client)
        if let loss = lost.first {
            guard isRenewed || isInteractive else { throw KeptSessionLost(name: name, loss: loss) }
            for loss in lost {
                session.console.say("session \(name): \(loss); the next cell makes a new one, without its variables")
            }
        }
        let kept = KeptSession(name, record, made: content.made, isRenewed: isRenewed, in: session)
        try restore(content, given)
        hold(kept)
        if given.place { try await usePlace(client) }
    }

    private func hold(_ kept: KeptSession) {
        session.kept = kept
        session.workspace.contextsChanged()
    }

    private func refuseLocal() throws {
        guard session.workspace.isLocal else { return }
        throw UsageError(
            "a session cannot be kept here: the local workspace ends with dbsh, and with it all variables",
            hint: "dbsh serve keeps a workspace running for --host")
    }

    /// Takes the session's file. While another dbsh has it, this one waits and says so.
    private func take(_ name: String) async throws -> (SessionRecord, SessionContent?) {
        var hasSaid = false
        while true {
            switch try SessionRecord.take(name, in: directory) {
            case .success(let taken): return taken
            case .failure(let taken):
                if !hasSaid {
                    session.console.say(
                        "session \(name) is in use\(Self.words(taken.holder)); waiting until it is free (Ctrl-C gives up)"
                    )
                }
                hasSaid = true
                let limits = session.limits
                try await session.interrupts.cancelling {
                    try await limits.enforced(isCell: false) { try await Task.sleep(for: .milliseconds(100)) }
                }
            }
        }
    }

    private static func words(_ holder: SessionRecord.Holder) -> String {
        holder.process.map { " by process \($0)" } ?? ""
    }

    /// Attaches to the contexts that are there, and returns those that are lost.
    /// - Throws: what says nothing about the contexts, such as no network.
    private func attach(_ content: SessionContent, _ client: Client) async throws -> [ContextLost] {
        let bridges = session.workspace.bridges
        let gone = try await session.workspace.adopt(content.pythons, client)
        var lost = content.contexts.filter { gone.contains($0.cluster) }.map {
            ContextLost(clusterID: $0.cluster, contextID: $0.id, reason: .context(detail: KeptPython.ending))
        }
        let asked = content.contexts.filter { !gone.contains($0.cluster) }.map { context in
            let client =
                bridges.kept.contains { $0.compute == context.cluster }
                ? bridges.client(of: .cluster(context.cluster)) ?? client : client
            let attached = ContextSession(client: client, clusterID: context.cluster)
            return (attached, Task { try await attached.attach(context.id) })
        }
        for (attached, task) in asked {
            do {
                try await withTaskCancellationHandler {
                    try await task.value
                } onCancel: {
                    task.cancel()
                }
                await session.workspace.contexts.use(attached)
            } catch let error as ContextLost {
                lost.append(error)
            }
        }
        return lost
    }

    private func restore(_ content: SessionContent, _ given: Given) throws {
        let workspace = session.workspace
        if !given.cluster, let cluster = content.cluster {
            workspace.cluster = .code(cluster)
            if content.clusterIsConnect { workspace.cluster?.isConnect = true }
        }
        if !given.warehouse, let warehouse = content.warehouse { workspace.warehouse = Target(reference: warehouse) }
        if let sql = content.sqlSession {
            workspace.sessions.resume(
                id: sql.id, warehouse: sql.warehouse, transaction: sql.transaction,
                commitsByItself: sql.commitsByItself)
        }
        workspace.chosenSQLTarget = content.target
        if !given.place { (workspace.catalog, workspace.schema) = (content.catalog, content.schema) }
        workspace.user = workspace.user ?? content.user
        if !given.language, let language = content.language { session.language = language }
        // Those given now come last, so they win.
        let now = session.parameters.all
        var parameters = Parameters()
        for parameter in content.parameters + now { try parameters.set(parameter) }
        session.parameters = parameters
    }

    /// `--catalog` and `--schema` with a SQL session that is somewhere else.
    private func usePlace(_ client: Client) async throws {
        let workspace = session.workspace
        guard workspace.sessions.current != nil else { return }
        let runner = SQLRunner(session: session)
        let (catalog, schema) = (workspace.catalog, workspace.schema)
        if let catalog { _ = try await runner.execute("USE CATALOG \(SQLName.quoted(catalog))", client) }
        if let schema { _ = try await runner.execute("USE SCHEMA \(SQLName.quoted(schema))", client) }
        (workspace.catalog, workspace.schema) = (catalog, schema)
    }

    // MARK: .session

    /// Keeps the session that is running.
    func keep(_ name: String) throws {
        try refuseLocal()
        guard session.workspace.host != nil else {
            throw UsageError("there is no connection yet", hint: "run a cell first")
        }
        guard session.workspace.bridges.areAllKept else {
            throw UsageError(
                "Python on this machine runs already, and ends with this dbsh",
                hint: "dbsh --session \(name) keeps it from the start")
        }
        if let kept = session.kept {
            if kept.name == name { return kept.save() }
            throw UsageError("this is session \(kept.name) already", hint: ".session forget ends that")
        }
        switch try SessionRecord.take(name, in: directory) {
        case .failure(let taken):
            throw UsageError("session \(name) is in use\(Self.words(taken.holder))", hint: "take another name")
        case .success((let record, let content)):
            guard content == nil else {
                throw UsageError(
                    "there is a session \(name) already",
                    hint: "dbsh --session \(name) goes on with it, "
                        + ".session forget \(name) ends it")
            }
            hold(KeptSession(name, record, made: nil, isRenewed: false, in: session))
        }
    }

    /// Ends a session that is kept, and what it has in the workspace.
    /// - Parameter isForced: its file goes, whatever the workspace says.
    func forget(_ name: String, isForced: Bool) async throws {
        guard SessionRecord.exists(name, in: directory) else {
            throw UsageError("there is no session \(name)", hint: "dbsh sessions lists them")
        }
        switch try SessionRecord.take(name, in: directory) {
        case .failure(let taken): throw UsageError("session \(name) is in use\(Self.words(taken.holder))")
        case .success((let record, let content)):
            if let content {
                if !isForced { try await end(name, content) }
                for python in content.pythons { try await end(python) }
            }
            record.remove()
        }
    }

    /// It lets go of Spark's session, and ends.
    private func end(_ python: KeptPython) async throws {
        let bridge = try session.workspace.bridge(to: python)
        await bridge.stop()
        await bridge.client.shutdown()
    }

    private func end(_ name: String, _ content: SessionContent) async throws {
        let client = try await session.workspace.connected()
        guard content.host == client.connection.host else {
            throw UsageError(
                "session \(name) is one at \(content.host)",
                hint: "connect there, or --force: its contexts then stay until the cluster ends them")
        }
        let here = content.pythons.map(\.compute)
        for context in content.contexts where !here.contains(context.cluster) {
            do {
                try await client.contexts.destroy(clusterID: context.cluster, contextID: context.id, of: .session)
            } catch let error as APIError where error.status < 500 && !error.isUnauthenticated {
                continue  // it is gone already
            }
        }
        if let sql = content.sqlSession { try? await client.sqlSessions.close(sql.id, warehouseID: sql.warehouse) }
    }
}
