import Databricks

/// Tags that statements on a warehouse are sent with; none unless somebody asked for them.
extension Workspace {
    /// What the session was told, before what the profile says.
    var queryTags: QueryTags {
        var tags = profileTags
        for tag in ownTags.all { _ = tags.set(tag) }
        return tags
    }

    /// - Throws: `UsageError` when there are too many.
    func add(_ tag: QueryTag) throws {
        var tags = queryTags
        guard tags.set(tag), ownTags.set(tag) else {
            throw UsageError("a statement has \(QueryTags.most) tags at most", hint: ".tag off removes them")
        }
    }

    func removeTags() {
        ownTags = QueryTags()
        profileTags = QueryTags()
    }

    /// What the profile of a new connection says.
    func configureTags(_ text: String?) {
        profileTags = QueryTags()
        guard let text else { return }
        guard let tags = QueryTags(text) else {
            return say(
                "dbsh_query_tags is not used: it is no list such as team=data,nightly of \(QueryTags.most) tags at most"
            )
        }
        profileTags = tags
    }
}
