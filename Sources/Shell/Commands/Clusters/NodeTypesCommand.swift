import Databricks
import Results

/// `.nodetypes` — the machines that clusters can be made of.
struct NodeTypesCommand: MetaCommand {
    let filter = Argument<String?>("FILTER", "only those with this text in their id, category or description")
    let all = Flag("--all", "include deprecated and hidden ones")

    var spec: CommandSpec {
        CommandSpec(
            "nodetypes", in: .clusters, "list the node types that clusters can use", takes: [filter], flags: [all],
            examples: [
                .init(".nodetypes", "all of them"),
                .init(".nodetypes gpu", "those with gpu in id, category or description"),
            ])
    }

    func run(_ call: Call, in session: Session) async throws {
        let client = try await session.workspace.connected()
        let wanted = call[filter]?.lowercased()
        let showsAll = call[all]
        let types = try await client.clusters.nodeTypes().filter { type in
            guard showsAll || !(type.isDeprecated || type.isHidden) else { return false }
            guard let wanted else { return true }
            return [type.id, type.category, type.description].contains { $0?.lowercased().contains(wanted) == true }
        }
        try session.presenter.show(
            [
                .whole("id"), .number("cores"), .number("memory_mb"), .number("gpus").leaving(1),
                .text("category").leaving(2), .text("description").leaving(3),
            ],
            rows: types.map {
                [
                    $0.id, $0.cores, $0.memoryMegabytes.map(String.init), $0.gpus.map(String.init), $0.category,
                    $0.description,
                ]
            })
    }
}
