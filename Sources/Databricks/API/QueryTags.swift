/// A tag of a statement: the query history shows it, and `system.query.history` can be grouped by it.
package struct QueryTag: Sendable, Equatable {
    package let key: String
    package let value: String?

    /// Characters of a key or a value at most (API/README.md).
    package static let longest = 128

    /// Reads `KEY` or `KEY=VALUE`; blanks around them do not count.
    /// - Returns: nil without a key, or when a part is too long.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            .map { Self.trimmed(String($0)) }
        guard let key = parts.first, !key.isEmpty, parts.allSatisfy({ $0.count <= Self.longest }) else { return nil }
        self.key = key
        value = parts.count == 2 ? parts[1] : nil
    }

    private static func trimmed(_ text: String) -> String {
        var text = text[...]
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}

/// The tags that statements are sent with: one value for a key, the last one set.
package struct QueryTags: Sendable, Equatable {
    package private(set) var all: [QueryTag] = []
    /// The service drops what is more.
    package static let most = 20

    package init() {}

    /// Reads `team=data,nightly`, as a profile has it.
    /// - Returns: nil when a part is no tag, or when there are too many.
    package init?(_ text: String) {
        for part in text.split(separator: ",") {
            guard let tag = QueryTag(part), set(tag) else { return nil }
        }
    }

    /// - Returns: false when there are too many already.
    package mutating func set(_ tag: QueryTag) -> Bool {
        all.removeAll { $0.key == tag.key }
        guard all.count < Self.most else { return false }
        all.append(tag)
        return true
    }
}
