import Databricks
import Results

/// `.command` — how a command on the cluster is doing, and what it gave back.
struct CommandCommand: MetaCommand {
    let id = Argument<String>("ID", "the command's id, as shown below results")
    let context = Flag<String?>("--context", value: "ID", "its execution context (default: the current one)")
    let cluster = Flag<ClusterReference?>("--cluster", value: "NAME|ID", "its cluster (default: the current one)")

    var spec: CommandSpec {
        CommandSpec(
            "command", in: .contexts, "show a command's state, and its result when there is one", takes: [id],
            flags: [context, cluster],
            details: """
                A command that failed fails this command too, with its traceback. For a command that is still running only the
                state is shown.
                """,
            examples: [
                .init(".command 8413022607", "a command of the current context", runs: false),
                .init(".command 8413022607 --context 6034211987", "one of another context", runs: false),
            ])
    }

    func run(_ call: Call, in session: Session) async throws {
        let workspace = session.workspace
        let connected = try await workspace.connected()
        let compute =
            if let named = call[cluster]?.text {
                Compute(client: connected, id: try await workspace.findCluster(named, connected).id)
            } else {
                try await workspace.compute(connected, directory: session.paths.directory)
            }
        let (client, clusterID) = (compute.client, compute.id)
        let own = await workspace.contexts.all().first { $0.cluster == clusterID }?.context
        guard let contextID = call[context] ?? own else {
            throw UsageError(
                "no context is in use on cluster \(clusterID)", hint: "name the command's with --context ID")
        }
        let commandID = call[id]
        let status = try await client.commands.status(
            clusterID: clusterID, contextID: contextID, commandID: commandID)
        switch CommandOutcome(status) {
        case nil:
            try session.presenter.show(record: [
                ("command_id", commandID), ("state", status.state.rawValue), ("context_id", contextID),
                ("cluster_id", clusterID),
            ])
        case .success(let result)?:
            let shown = try await CodeRunner(session: session).show(result, false)
            try session.presenter.footer(shown.drawn, cut: shown.cut, .init())
        case .failure(let summary, let cause, let output)?:
            // What it showed before it failed is a result.
            if let output { try await CodeRunner(session: session).show(before: output, false) }
            throw CommandError(
                summary: summary, cause: cause, language: nil, contextID: contextID, commandID: commandID)
        case .contextEnded(let summary)?:
            throw ContextLost(clusterID: clusterID, contextID: contextID, reason: .context(detail: summary))
        case .interrupted(let summary, let cause)?:
            throw CommandError(
                summary: summary, cause: cause, language: nil, contextID: contextID, commandID: commandID,
                isCancelled: true)
        }
    }
}
