import Databricks
import Results
import System

/// `.events` — what happened to a cluster.
struct EventsCommand: MetaCommand {
    let cluster = Argument<ClusterReference?>("NAME|ID", "a cluster (default: the current one)")
    let limit = Flag<Int?>("--limit", value: "N", "at most N events, the newest (default 50)")
    let type = Flag<[String]>("--type", value: "TYPE", "only events of this type, such as STARTING; repeatable")

    var spec: CommandSpec {
        CommandSpec(
            "events", in: .clusters, "list what happened to a cluster, newest first", takes: [cluster],
            flags: [limit, type],
            examples: [
                .init(".events", "events of the current cluster"), .init(".events --limit 5", "the newest five"),
            ])
    }

    func run(_ call: Call, in session: Session) async throws {
        let client = try await session.workspace.connected()
        let id =
            if let named = call[cluster]?.text { try await session.workspace.findCluster(named, client).id } else {
                try await session.workspace.clusterID(client)
            }
        let events = try await client.clusters.events(
            id, limit: call[limit] ?? 50, types: call[type].map { $0.uppercased() })
        try session.presenter.show(
            [.whole("time"), .text("type"), .text("details"), .text("user").leaving(1)],
            rows: events.map { event in
                let time = event.timestamp.map { WallTime(seconds: Double($0) / 1000).text }
                return [time, event.type, event.summary, event.user]
            })
    }
}
