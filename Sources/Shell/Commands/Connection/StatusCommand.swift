import Databricks
import Results
import System

/// `.status` — where the session is and what it uses.
struct StatusCommand: MetaCommand {
    var spec: CommandSpec {
        CommandSpec(
            "status", in: .connection, "show the connection, cluster, warehouse and context",
            details: "Makes no request, so it answers at once, even without a network.",
            examples: [.init(".status", "what this session uses")])
    }

    func run(_ call: Call, in session: Session) async throws {
        let workspace = session.workspace
        let connection = workspace.client?.connection
        let contexts = await workspace.contexts.all().map(\.context).joined(separator: ", ")
        let sources = (connection?.sources ?? []).map { "\($0.attribute) from \($0.source)" }.joined(separator: ", ")
        try session.presenter.show(record: [
            ("host", connection?.host ?? "not connected"), ("workspace_id", workspace.client?.workspaceID),
            ("authentication", connection?.authType.rawValue),
            ("token_expires", await connection?.credential.expiry?.text),
            ("profile", connection?.profile), ("configured", sources),
            ("warehouse", describe(workspace.warehouse, workspace.warehouseTitle)),
            ("cluster", describe(workspace.cluster, workspace.clusterTitle)), ("python", workspace.connectSummary),
            ("sql_goes_to", workspace.sqlTarget.rawValue),
            ("catalog", workspace.catalog), ("schema", workspace.schema),
            ("session", session.kept?.name), ("context", contexts), ("last_id", session.lastID),
            ("language", session.language.rawValue),
            ("notebook_environment", session.notebookEnvironment?.summary), ("mode", session.presenter.format.rawValue),
            ("read_only", readOnly(workspace.gate)),
        ])
    }

    private func readOnly(_ gate: RequestGate) -> String {
        switch gate.readOnly {
        case nil: "off"
        case .commandLine?: "on, by --read-only"
        case .command?: "on, by .readonly"
        case .profile?: "on, by the profile"
        }
    }

    /// The name, as the prompt has it, and the id.
    private func describe(_ target: Target?, _ title: String?) -> String? {
        guard let id = target?.id, let title, id != title else { return title }
        return "\(title) (\(id))"
    }
}
