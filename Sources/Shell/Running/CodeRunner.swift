import Databricks
import Results
import Text

/// Runs code in the cluster's execution context (API 1.2) and shows what it gives back: text, tables, pictures.
struct CodeRunner {
    let session: Session

    func run(_ code: String, in language: Language, vertical: Bool = false) async throws {
        let client = try await session.workspace.connected()
        let clock = ContinuousClock()
        let start = clock.now
        var id: String?
        let result = try await session.console.waiting(for: "cluster") {
            let cluster = try await ClusterReadiness(session: session).readyCluster(client)
            session.console.nowWaiting(for: "execution context")
            return try await session.workspace.contexts.session(on: cluster, client).run(language, code) { progress in
                id = progress.commandID
                session.console.nowWaiting(for: progress.state.rawValue)
            }
        }
        let elapsed = clock.now - start
        let shown = try await show(result, client, vertical)
        session.presenter.footer(
            shown.drawn, truncated: shown.isTruncated,
            .init(elapsed: elapsed, place: session.workspace.clusterTitle, id: id))
    }

    /// Shows what a command gave back.
    func show(_ result: CommandResult, _ client: Client, _ vertical: Bool = false) async throws -> (
        drawn: ResultPresenter.Drawn?, isTruncated: Bool
    ) {
        let console = session.console
        switch result {
        case .text(let text, let truncated):
            try console.result(text: text)
            return (nil, truncated)
        case .html(let html):
            try console.result(text: HTMLText.plain(html))
            return (nil, false)
        case .table(let columns, let store, let truncated):
            if columns.isEmpty { return (nil, false) }
            return (
                try session.presenter.show(columns, store, as: vertical ? .vertical : nil, truncated: truncated),
                truncated
            )
        case .images(let images, let text):
            if let text { try console.result(text: text) }
            for image in images { try Pictures(session: session).show(await fetched(image, client)) }
            return (nil, false)
        }
    }

    /// A picture that was left in the workspace's FileStore. One that cannot be had is still said to be there.
    private func fetched(_ image: ImageReference, _ client: Client) async -> ImageReference {
        do {
            return try await session.console.waiting(for: "fetching a picture") { try await image.fetched(client) }
        } catch {
            session.console.say("a picture could not be fetched: \(Report(error, session).headline)")
            return image
        }
    }
}
