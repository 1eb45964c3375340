import Databricks
import Results

/// `.clusters` — the workspace's clusters.
struct ClustersCommand: MetaCommand {
    let all = Flag("--all", "include clusters created by jobs")

    var spec: CommandSpec {
        CommandSpec(
            "clusters", in: .clusters, "list the clusters", flags: [all],
            examples: [.init(".clusters", "names, ids and states")])
    }

    func run(_ call: Call, in session: Session) async throws {
        let client = try await session.workspace.connected()
        let clusters = try await client.clusters.list(includingJobs: call[all])
        session.workspace.names.keep(clusters: clusters)
        try session.presenter.show(
            [
                .text("name"), .whole("id"), .text("state"), .text("runtime").leaving(1), .text("workers").leaving(2),
                .text("access_mode").leaving(3), .text("creator").leaving(4),
            ],
            rows: clusters.map {
                [
                    $0.name, $0.id, $0.state.rawValue, $0.sparkVersion, ClusterText.workers($0), $0.accessMode,
                    $0.creator,
                ]
            })
    }
}

/// How the parts of a cluster are written in lists and details.
enum ClusterText {
    static func workers(_ cluster: Cluster) -> String? {
        switch cluster.workers {
        case .fixed(let count): "\(count)"
        case .autoscale(let minimum, let maximum): "\(minimum)–\(maximum)"
        case nil: nil
        }
    }

    /// What was done to a cluster.
    static func sentence(_ operation: ClusterOperation, _ cluster: Cluster, hasActed: Bool) -> String {
        let subject = "cluster \(cluster.name) (\(cluster.id))"
        guard hasActed else { return "\(subject) is \(cluster.state) already" }
        return switch operation {
        case .get, .start: "\(subject) was started and is \(cluster.state)"
        case .restart: "\(subject) was restarted and is \(cluster.state)"
        case .terminate: "\(subject) was told to terminate and is \(cluster.state); its configuration is kept"
        }
    }

    /// What `.cluster` shows.
    static func record(_ cluster: Cluster) -> [(name: String, value: String?)] {
        [
            ("name", cluster.name), ("id", cluster.id), ("state", cluster.state.rawValue),
            ("message", cluster.stateMessage), ("terminated", cluster.termination),
            ("runtime", cluster.sparkVersion), ("node_type", cluster.nodeTypeID),
            ("driver_node_type", cluster.driverNodeTypeID), ("workers", workers(cluster)), ("cores", cluster.cores),
            ("memory_mb", cluster.memoryMegabytes.map(String.init)), ("access_mode", cluster.accessMode),
            ("creator", cluster.creator), ("stops_when_idle", idle(minutes: cluster.autoterminationMinutes)),
        ]
    }

    /// After how long something stops by itself; 0 is the API's way to say never.
    static func idle(minutes: Int?) -> String? {
        minutes.map { $0 == 0 ? "never" : $0 == 1 ? "after 1 minute" : "after \($0) minutes" }
    }
}
