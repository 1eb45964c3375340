/// `.target` — whether SQL goes to the warehouse or to the cluster.
struct TargetCommand: MetaCommand {
    let target = Argument<SQLTarget?>("warehouse|cluster", "where SQL runs from now on")

    var spec: CommandSpec {
        CommandSpec(
            "target", in: .contexts, "show or set where SQL runs: on the warehouse or on the cluster", takes: [target],
            details: """
                SQL runs on the warehouse if one is selected, otherwise on the cluster. On the cluster it shares the execution context \
                with the other languages: they see its temporary views, and _sqldf is its last result. \
                .warehouse NAME makes SQL run on that warehouse again.
                """,
            examples: [
                .init(".target", "show where SQL runs"),
                .init(".target cluster", "on the cluster, with the Python cells"),
                .init(".target warehouse", "on the warehouse again"),
            ])
    }

    func run(_ call: Call, in session: Session) async throws {
        let workspace = session.workspace
        let client = try await workspace.connected()
        if let chosen = call[target] {
            // Refused here rather than at the next statement: nothing to send SQL to is a mistake of this line.
            if chosen == .warehouse {
                _ = try await workspace.warehouseID(client)
            } else if try await workspace.connectCompute(client) == nil {
                _ = try await workspace.clusterID(client)
            }
            workspace.chosenSQLTarget = chosen
            return session.console.say("SQL goes to \(chosen.rawValue) \(workspace.sqlTargetTitle ?? "")")
        }
        let current = workspace.sqlTarget == .warehouse ? workspace.warehouse : workspace.cluster
        try session.presenter.show(record: [
            ("target", workspace.sqlTarget.rawValue), ("name", workspace.sqlTargetTitle), ("id", current?.id),
        ])
    }
}

extension SQLTarget: WordChoice {
    var note: String {
        switch self {
        case .warehouse: "a SQL warehouse (Execute SQL)"
        case .cluster: "the cluster's execution context (Run Command)"
        }
    }
}
