import Databricks
import Results

/// `.tag` — the tags that statements are sent with.
struct TagCommand: MetaCommand {
    let tags = Argument<[QueryTag]>("KEY[=VALUE]")

    var spec: CommandSpec {
        CommandSpec(
            "tag", in: .warehouses, "show or add query tags, which the query history keeps with each statement",
            takes: [tags],
            details: """
                Tags are sent with statements on a warehouse once you ask for them: here, with dbsh --tag, or with dbsh_query_tags in a
                profile (team=data,nightly). .tag off removes all of them. Query tags are a preview: a workspace without it refuses the
                statement.
                """,
            examples: [
                .init(".tag", "the tags in force"), .init(".tag team=data nightly", "add two", runs: false),
                .init(".tag off", "send none"),
            ], isImmediate: true)
    }

    func run(_ call: Call, in session: Session) async throws {
        let workspace = session.workspace
        let given = call[tags]
        if given.isEmpty {
            return try session.presenter.show(
                [.text("key"), .text("value")], rows: workspace.queryTags.all.map { [$0.key, $0.value] })
        }
        if given.count == 1, given[0].key == "off", given[0].value == nil { return workspace.removeTags() }
        for tag in given { try workspace.add(tag) }
    }
}

extension QueryTag: ArgumentValue {
    static func read(_ words: inout ArraySlice<String>, _ label: String) throws -> QueryTag {
        let word = try String.read(&words, label)
        guard let tag = QueryTag(word) else {
            throw ArgumentFailure(
                "“\(word)” is no tag: KEY or KEY=VALUE, \(QueryTag.longest) characters each at most")
        }
        return tag
    }
}
