import Databricks
import Glibc

/// `dbsh --resume`: goes on with the execution contexts of the last session that did not end cleanly.
struct Resumption {
    let session: Session

    /// Attaches to the contexts that still exist, and reports the others.
    /// - Throws: what connecting throws.
    func run() async throws {
        let workspace = session.workspace
        let client = try await workspace.connected()
        let host = client.connection.host
        let records = SessionRecord.abandoned(in: session.environment.stateDirectory + "/sessions")
            .filter { $0.content.host == host }
        for (path, content) in records {
            var isResumed = false
            for context in content.contexts where await attach(context.id, on: context.cluster, client) {
                isResumed = true
            }
            unlink(path)
            if isResumed { return }
        }
        if records.isEmpty { session.console.say("there is no session to resume on \(host)") }
    }

    private func attach(_ context: String, on cluster: String, _ client: Client) async -> Bool {
        let attached = ContextSession(client: client, clusterID: cluster)
        do { try await attached.attach(context) } catch {
            let why = session.report(error).headline
            session.console.say("context \(context) of the last session is gone, and its variables with it: \(why)")
            return false
        }
        await session.workspace.contexts.use(attached)
        if session.workspace.cluster == nil { session.workspace.cluster = .code(cluster) }
        session.console.say("resumed context \(context): the variables of the last session are there")
        return true
    }
}
