import Databricks

/// Tells how a cluster changes: its states, and the events behind them.
final class ClusterFollower {
    private let client: Client
    private let id: String
    private let console: Console
    private let isQuiet: Bool
    private var lastState: ClusterState?
    /// Events of this time (milliseconds since 1970, by the service's clock) and later are news; nil before the first look.
    private var newsFrom: Int?
    private var told: Set<String> = []
    private var hasEvents = true

    init(client: Client, id: String, console: Console, isQuiet: Bool) {
        self.client = client
        self.id = id
        self.console = console
        self.isQuiet = isQuiet
    }

    func saw(_ cluster: Cluster) async {
        console.nowWaiting(for: ClusterReadiness.describe(cluster))
        guard !isQuiet else { return }
        if cluster.state != lastState {
            // The first state is no change.
            if lastState != nil { console.say(ClusterReadiness.describe(cluster)) }
            lastState = cluster.state
        }
        await tellEvents()
    }

    /// Tells the events since the last look. Who may not see them, or a service without them, loses nothing else.
    private func tellEvents() async {
        guard hasEvents else { return }
        guard let events = try? await client.clusters.events(id, limit: 20, since: newsFrom) else {
            hasEvents = false
            return
        }
        let isFirstLook = newsFrom == nil
        for event in events.reversed() {
            newsFrom = max(newsFrom ?? 0, event.timestamp ?? 0)
            guard told.insert("\(event.timestamp ?? 0) \(event.type)").inserted, !isFirstLook else { continue }
            console.say("  \(event.type)" + (event.summary.map { " · \($0)" } ?? ""))
        }
        newsFrom = newsFrom ?? 0
    }
}
