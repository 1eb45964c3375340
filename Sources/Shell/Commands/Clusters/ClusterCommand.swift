import Databricks
import Results

/// `.cluster` — show, choose, start, restart or terminate a cluster.
struct ClusterCommand: MetaCommand {
    let operation = Argument<ClusterOperation?>("get|start|restart|terminate")
    let cluster = Argument<ClusterReference?>("NAME|ID", "a cluster; the current one when left out")
    let noWait = Flag("--no-wait", "start and restart return at once")

    var spec: CommandSpec {
        CommandSpec(
            "cluster", in: .clusters, "show, use, start, restart or terminate a cluster", takes: [operation, cluster],
            flags: [noWait],
            details: """
                With a name or id alone, code goes to that cluster from now on; without anything, the current one is shown.
                A cluster called like an operation is chosen by its id. Terminating a cluster ends its execution contexts,
                and their variables are lost.
                """,
            examples: [
                .init(".cluster", "the current cluster"), .init(".cluster dev", "use dev", runs: false),
                .init(".cluster start dev", "start it and wait, showing its state", runs: false),
            ])
    }

    func run(_ call: Call, in session: Session) async throws {
        let client = try await session.workspace.connected()
        let named = try call(cluster)?.text
        guard let operation = try call(operation) else {
            guard let named else { return try await show(session.workspace.clusterID(client), client, session) }
            let chosen = try await session.workspace.useCluster(named, client)
            return session.console.say("code goes to cluster \(chosen.name) (\(chosen.state))")
        }
        let id =
            if let named { try await session.workspace.findCluster(named, client).id } else {
                try await session.workspace.clusterID(client)
            }
        switch operation {
        case .get: try await show(id, client, session)
        case .start: try await start(id, client, session, waits: !call.has(noWait))
        case .restart: try await restart(id, client, session, waits: !call.has(noWait))
        case .terminate: try await terminate(id, client, session)
        }
    }

    private func show(_ id: String, _ client: Client, _ session: Session) async throws {
        let cluster = try await client.clusters.get(id)
        if session.workspace.cluster?.id == id { session.workspace.cluster?.name = cluster.name }
        try session.presenter.show(record: ClusterText.record(cluster))
    }

    private func start(_ id: String, _ client: Client, _ session: Session, waits: Bool) async throws {
        var cluster = try await client.clusters.get(id)
        if cluster.state.acceptsCommands {
            return session.console.say("cluster \(cluster.name) is \(cluster.state) already")
        }
        let change = ClusterChange(client: client, console: session.console)
        if cluster.state == .terminating { cluster = try await change.wait(id) { $0.state != .terminating } }
        if cluster.state == .terminated { try await change.start(id) }
        guard waits else { return session.console.say("cluster \(cluster.name) is starting") }
        cluster = try await change.wait(id) { !$0.state.isChanging }
        guard cluster.state.acceptsCommands else { throw ClusterFailed(cluster: cluster) }
        session.console.say("cluster \(cluster.name) is \(cluster.state)")
    }

    private func restart(_ id: String, _ client: Client, _ session: Session, waits: Bool) async throws {
        let before = try await client.clusters.get(id)
        if before.state == .terminated { return try await start(id, client, session, waits: waits) }
        try await client.clusters.restart(id)
        session.workspace.contexts.forget(on: id)
        guard waits else { return session.console.say("cluster \(before.name) is restarting") }
        let change = ClusterChange(client: client, console: session.console)
        let cluster = try await change.wait(id) { !$0.state.isChanging }
        guard cluster.state.acceptsCommands else { throw ClusterFailed(cluster: cluster) }
        session.console.say("cluster \(cluster.name) was restarted and is \(cluster.state)")
    }

    private func terminate(_ id: String, _ client: Client, _ session: Session) async throws {
        let cluster = try await client.clusters.get(id)
        if cluster.state == .terminated {
            return session.console.say("cluster \(cluster.name) is terminated already")
        }
        try await client.clusters.terminate(id)
        session.workspace.contexts.forget(on: id)
        session.console.say("cluster \(cluster.name) (\(id)) is being terminated; its configuration is kept")
    }
}

/// What `.cluster` can do to one.
enum ClusterOperation: String, Operation {
    case get, start, restart, terminate

    /// Whether it makes sense for a cluster in this state.
    func applies(inState state: String) -> Bool {
        switch self {
        case .get: true
        case .start: state == "TERMINATED" || state == "TERMINATING"
        case .restart, .terminate: state != "TERMINATED" && state != "TERMINATING"
        }
    }
}

/// Waits for a cluster to change its state, showing how it does.
struct ClusterChange {
    let client: Client
    let console: Console

    /// Starts a terminated cluster. Somebody else's start is as good: `INVALID_STATE` then is no error (api-contract §2).
    func start(_ id: String) async throws {
        do { try await client.clusters.start(id) } catch let error as APIError where error.code == "INVALID_STATE" {}
    }

    /// Asks until `isDone`, every two seconds.
    func wait(_ id: String, until isDone: (Cluster) -> Bool) async throws -> Cluster {
        try await console.waiting(for: "cluster \(id)") {
            while true {
                let cluster = try await client.clusters.get(id)
                if isDone(cluster) { return cluster }
                console.nowWaiting(for: ClusterReadiness.describe(cluster))
                try await Task.sleep(for: .seconds(2))
            }
        }
    }
}
