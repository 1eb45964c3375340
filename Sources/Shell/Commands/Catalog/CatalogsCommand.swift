import Databricks
import Results

/// `.catalogs` — the catalogs one may see.
struct CatalogsCommand: MetaCommand {
    let pattern = Argument<String?>(
        "PATTERN", "only names that match; * matches any characters", from: .catalog(.catalog))

    var spec: CommandSpec {
        CommandSpec(
            "catalogs", in: .catalog, "list the catalogs", takes: [pattern],
            examples: [
                .init(".catalogs", "catalogs that you may see"), .init(".catalogs s*", "those that begin with s"),
            ])
    }

    func run(_ call: Call, in session: Session) async throws {
        let pattern = NamePattern(call[pattern] ?? "*")
        let found = try await session.catalogs().catalogs().filter { pattern.matches($0.name) }
        try session.presenter.show(
            [.text("name"), .text("type"), .text("owner"), .text("comment")],
            rows: found.map { [$0.name, $0.type, $0.owner, $0.comment] })
    }
}
