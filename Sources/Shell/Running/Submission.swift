import Databricks
import Results

/// Starts work and does not wait for it (`;&`): says by which id it can be asked after.
struct Submission {
    let session: Session

    func submit(_ code: String, in language: Language) async throws {
        let client = try await session.workspace.connected()
        if language == .sql, session.workspace.warehouse != nil || session.workspace.cluster == nil {
            return try await submit(statement: code, client)
        }
        let workspace = session.workspace
        let (cluster, context) = try await session.console.waiting(for: "cluster") {
            let cluster = try await ClusterReadiness(session: session).readyCluster(client)
            return (cluster, try await workspace.contexts.session(on: cluster, client).open(language: language))
        }
        let id = try await client.commands.execute(
            clusterID: cluster, contextID: context, language: language, code: code)
        try session.presenter.show(record: [("command_id", id), ("context_id", context), ("cluster_id", cluster)])
        if session.isInteractive { session.console.say(".command \(id) says how it is doing") }
    }

    private func submit(statement: String, _ client: Client) async throws {
        let reply = try await session.console.waiting(for: "submitting") {
            var request = StatementRequest(statement, warehouseID: try await session.workspace.warehouseID(client))
            request.parameters = session.parameters
            // Not in the server-side session, whose end would be the statement's end too: it is to live on after dbsh.
            request.catalog = session.workspace.catalog
            request.schema = session.workspace.schema
            return try await client.statements.submit(request)
        }
        try session.presenter.show(record: [("statement_id", reply.id), ("state", reply.state.rawValue)])
        if session.isInteractive {
            session.console.say(".statement \(reply.id) says how it is doing and shows the result")
        }
    }
}
