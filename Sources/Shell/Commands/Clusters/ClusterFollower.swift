import Databricks

/// Shows how a cluster changes: its states, and the events behind them.
final class ClusterFollower {
    private let client: Client
    private let id: String
    private let console: Console
    private let isQuiet: Bool
    private var lastState: ClusterState?
    /// Events from this time on (milliseconds since 1970, by the service's clock) are new; nil before the first request.
    private var newFrom: Int?
    private var shown: Set<String> = []
    private var hasEvents = true

    init(client: Client, id: String, console: Console, isQuiet: Bool) {
        self.client = client
        self.id = id
        self.console = console
        self.isQuiet = isQuiet
    }

    func observe(_ cluster: Cluster) async {
        console.nowWaiting(for: ClusterReadiness.describe(cluster))
        guard !isQuiet else { return }
        if cluster.state != lastState {
            // The first state is no change.
            if lastState != nil { console.say(ClusterReadiness.describe(cluster)) }
            lastState = cluster.state
        }
        await showEvents()
    }

    /// Shows the events since the last request. Without permission to see them, or a service without events, only these are
    /// missing.
    private func showEvents() async {
        guard hasEvents else { return }
        guard let events = try? await client.clusters.events(id, limit: 20, since: newFrom) else {
            hasEvents = false
            return
        }
        let isFirst = newFrom == nil
        for event in events.reversed() {
            newFrom = max(newFrom ?? 0, event.timestamp ?? 0)
            guard shown.insert("\(event.timestamp ?? 0) \(event.type)").inserted, !isFirst else { continue }
            console.say("  \(event.type)" + (event.summary.map { " · \($0)" } ?? ""))
        }
        newFrom = newFrom ?? 0
    }
}
