import Databricks
import Results

/// `.cluster` — show, choose, start, restart or terminate a cluster.
struct ClusterCommand: MetaCommand {
    let operation = Argument<ClusterOperation?>("get|start|restart|terminate")
    let cluster = Argument<ClusterReference?>("NAME|ID", "a cluster (default: the current one)")
    let waiting = WaitFlags("start and restart")
    let connect = Flag("--connect", "use it by Spark Connect: Python on this machine, Spark there")
    let user = Flag<String?>("--restart-user", value: "NAME", "with restart: the user to record for it")

    var spec: CommandSpec {
        CommandSpec(
            "cluster", in: .clusters, "show, use, start, restart or terminate a cluster", takes: [operation, cluster],
            flags: waiting.all + [user, connect],
            details: """
                A name or id alone selects the cluster where code runs; .cluster alone shows the current one.
                Use the id of a cluster that is named like an operation. serverless is compute without a cluster: .help serverless.
                Terminating or restarting a cluster ends its execution
                contexts, and their variables are lost.
                Any state will do: starting a running cluster does nothing, and one that is terminating is started again once it
                has terminated. While waiting, its states and events are shown.
                """,
            examples: [
                .init(".cluster", "show the current cluster"), .init(".cluster dev", "run code on dev", runs: false),
                .init(".cluster serverless", "Python on this machine, Spark on serverless compute", runs: false),
                .init(".cluster start dev", "start it and wait until it runs", runs: false),
                .init(".cluster terminate dev --wait", "terminate it and wait until it has ended", runs: false),
            ], suits: { ClusterOperation(rawValue: $0)?.applies(inState: $1) ?? true })
    }

    func run(_ call: Call, in session: Session) async throws {
        let client = try await session.workspace.connected()
        let named = call[cluster]?.text
        guard let operation = call[operation] else {
            return try await use(named, byConnect: call[connect], client, session)
        }
        let waits = try waiting.isSet(in: call, otherwise: operation != .terminate)
        let id =
            if let named { try await session.workspace.findCluster(named, client).id } else {
                try await session.workspace.clusterID(client)
            }
        if operation == .get { return try await show(id, client, session) }
        try await change(id, client, session, to: operation, waits: waits, user: call[user])
    }

    /// Shows the current compute, or chooses another.
    private func use(_ named: String?, byConnect: Bool, _ client: Client, _ session: Session) async throws {
        let workspace = session.workspace
        guard let named else {
            guard workspace.cluster?.isServerless == true else {
                return try await show(workspace.clusterID(client), client, session)
            }
            return try session.presenter.show(record: [
                ("compute", workspace.cluster?.title), ("python", workspace.connectSummary),
            ])
        }
        let before = (cluster: workspace.cluster, sql: workspace.sqlTarget)
        let place: String
        if named == ConnectCompute.serverlessID {
            workspace.cluster = .serverless
            place = "serverless compute"
        } else {
            let chosen = try await workspace.useCluster(named, client)
            workspace.cluster?.isConnect = byConnect
            place = "cluster \(chosen.name) (\(chosen.state))"
        }
        session.console.say(news(of: workspace, at: place, sqlBefore: before.sql))
        // A context is one of Python there or of Python here.
        if let id = before.cluster?.id, id == workspace.cluster?.id,
            before.cluster?.isConnect != workspace.cluster?.isConnect
        {
            await workspace.contexts.close(on: id)
        }
    }

    /// Where cells go from now on: SQL too may go elsewhere than before (`Workspace.sqlTarget`).
    private func news(of workspace: Workspace, at place: String, sqlBefore: SQLTarget) -> String {
        let takesSQL = workspace.sqlTarget == .cluster
        var news = "\(takesSQL ? "code and SQL go" : "code goes") to \(place)"
        if workspace.cluster?.isConnect == true { news += ": Python runs on this machine, Spark there" }
        if !takesSQL, sqlBefore == .cluster, let warehouse = workspace.warehouseTitle {
            news += "; SQL goes to warehouse \(warehouse)"
        }
        return news
    }

    private func show(_ id: String, _ client: Client, _ session: Session) async throws {
        let cluster = try await client.clusters.get(id)
        if session.workspace.cluster?.id == id { session.workspace.cluster?.name = cluster.name }
        try session.presenter.show(record: ClusterText.record(cluster))
    }

    private func change(
        _ id: String, _ client: Client, _ session: Session, to operation: ClusterOperation, waits: Bool, user: String?
    ) async throws {
        let change = ClusterChange(client: client, id: id)
        let follower = ClusterFollower(client: client, id: id, console: session.console, isQuiet: !waits)
        let outcome = try await session.console.waiting(for: "cluster \(id)") {
            switch operation {
            case .get, .start: try await change.start(waits: waits, observing: follower.observe)
            case .restart: try await change.restart(waits: waits, user: user, observing: follower.observe)
            case .terminate: try await change.terminate(waits: waits, observing: follower.observe)
            }
        }
        if outcome.hasActed, operation != .start { session.workspace.contexts.forget(on: id) }
        let cluster = outcome.resource
        try session.presenter.show(
            change: ClusterText.sentence(operation, cluster, hasActed: outcome.hasActed),
            [("name", cluster.name), ("id", cluster.id), ("state", cluster.state.rawValue)])
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
