import Databricks

/// The execution context that a cell runs in. A cluster that refuses to make one can still be reached by Spark Connect, which is
/// offered: UNCONFIRMED on a live workspace that clusters in standard access mode refuse, so the context is always tried first.
struct ContextOffer {
    let session: Session

    /// A context that exists, and the id of its compute.
    /// - Throws: as `ClusterReadiness.ready` and `ContextSession.open`; `ContextRefused`.
    func context(
        for language: Language, _ client: Client, isSecond: Bool = false
    ) async throws -> (ContextSession, compute: String) {
        let workspace = session.workspace
        let compute = try await ClusterReadiness(session: session).ready(client)
        session.console.nowWaiting(for: "execution context")
        let context = workspace.contexts.session(on: compute.id, compute.client)
        do { _ = try await context.open(language: language) } catch let refusal as APIError
            where workspace.cluster?.isConnect == false && Self.isAboutTheCluster(refusal)
        {
            let refused = ContextRefused(cluster: workspace.clusterTitle ?? compute.id, cause: refusal)
            try await offer(instead: refused, for: language)
            await workspace.contexts.close(on: compute.id)
            workspace.cluster?.isConnect = true
            return try await self.context(for: language, client)
        } catch let error as TransportError where error.kind == .gone && !isSecond {
            // It has ended while it had no context, so nothing is lost.
            return try await self.context(for: language, client, isSecond: true)
        }
        return (context, compute.id)
    }

    /// - Throws: `refused` when nobody can be asked, or says no.
    private func offer(instead refused: ContextRefused, for language: Language) async throws {
        guard language == .python || language == .sql, let ask = session.prompter?.ask else { throw refused }
        let answer = await ask(
            "\(refused.description) Run Python on this machine and Spark there, by Spark Connect? [Y/n] ")
        guard Agreement.isGiven(answer, isDefault: true) else { throw refused }
    }

    /// Whether a refusal will be the same the next time: not one of the credential, of load, of a cluster that is not there or
    /// not ready, or of one that is full of contexts.
    private static func isAboutTheCluster(_ refusal: APIError) -> Bool {
        guard refusal.path.hasSuffix("/contexts/create"), !refusal.isUnauthenticated, !refusal.isNotFound else {
            return false
        }
        let passing = [
            "ClusterNotReadyException", "ClusterNotFoundException", "IllegalStateException", "ContextLimitExceeded",
        ]
        return (400..<500).contains(refusal.status) && refusal.status != 429 && !passing.contains(refusal.code)
            || refusal.status == 500 && refusal.code.hasSuffix("Exception") && !passing.contains(refusal.code)
    }
}
