import Databricks

/// The newest event of a starting cluster, in words, for the status line. Requested at most every 2 s; after a refusal (no
/// permission, or a service without events) not again.
final class ClusterNews {
    private let client: Client
    private let id: String
    private var hasEvents = true
    private var asked: ContinuousClock.Instant?
    private var words: String?

    init(client: Client, id: String) {
        self.client = client
        self.id = id
    }

    /// The newest event; nil when none is known.
    func newest() async -> String? {
        guard hasEvents, asked.map({ $0.duration(to: .now) >= .seconds(2) }) ?? true else { return words }
        asked = .now
        do {
            words = try await client.clusters.events(id, limit: 1).first.flatMap { Self.words(for: $0) }
        } catch { hasEvents = false }
        return words
    }

    /// What an event of a start means for the user (docs: Clusters API, event types); nil for other events.
    static func words(for event: ClusterEvent) -> String? {
        switch event.type {
        case "CREATING": "machines are requested"
        case "STARTING", "RESTARTING": "starting"
        case "INIT_SCRIPTS_STARTED": "init scripts run"
        case "INIT_SCRIPTS_FINISHED": "init scripts are done"
        case "RESIZING", "UPSIZE_COMPLETED", "AUTOSCALING_STATS_REPORT":
            event.summary.map { "adding nodes, \($0)" } ?? "adding nodes"
        case "ADD_NODES_FAILED": "nodes could not be added" + (event.summary.map { ": \($0)" } ?? "")
        case "DRIVER_HEALTHY", "RUNNING": "the driver is up"
        case "DRIVER_NOT_RESPONDING": "the driver does not respond"
        case "DRIVER_UNAVAILABLE": "the driver is not available"
        case "METASTORE_DOWN": "the metastore does not answer"
        case "SPARK_EXCEPTION": "Spark failed to start"
        default: nil
        }
    }
}
