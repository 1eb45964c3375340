import Databricks
import Results

/// `.status` — where the session is and what it uses.
struct StatusCommand: MetaCommand {
    var spec: CommandSpec {
        CommandSpec(
            "status", in: .connection, "show the connection, cluster, warehouse and context",
            details: "Reads nothing from the workspace, so it answers at once, also while the network is away.",
            examples: [.init(".status", "what the session uses")])
    }

    func run(_ call: Call, in session: Session) async throws {
        let workspace = session.workspace
        var rows: [[String?]] = []
        if let connection = workspace.client?.connection {
            rows.append(["host", connection.host])
            rows.append(["authentication", connection.authType])
            rows.append(["profile", connection.profile])
            for (attribute, source) in connection.sources { rows.append(["\(attribute) from", source]) }
        } else {
            rows.append(["host", nil])
        }
        rows.append(["warehouse", describe(workspace.warehouse)])
        rows.append(["cluster", describe(workspace.cluster)])
        rows.append(["catalog", workspace.catalog])
        rows.append(["schema", workspace.schema])
        for (cluster, context) in await workspace.contexts.all() { rows.append(["context on \(cluster)", context]) }
        rows.append(["language", session.language.rawValue])
        rows.append(["mode", session.presenter.format.rawValue])
        try session.presenter.show([.text("what"), .text("value")], rows: rows)
    }

    private func describe(_ target: Target?) -> String? {
        target.map { target in target.id.map { $0 == target.title ? $0 : "\(target.title) (\($0))" } ?? target.title }
    }
}
