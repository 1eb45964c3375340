import Text

/// How two sides of a join can belong together.
nonisolated extension SQLCompletion {
    /// Conditions for the source joined last: a declared key, a column that is named after the other side and its key, as
    /// `customer_id` and `customers.id`, and columns of one name in it and in a source before it.
    func conditions(_ known: (Question) -> [Name]?) -> [Proposal] {
        guard let joined = scope.sources.last(where: { !$0.alias.isEmpty }), scope.sources.count > 1 else { return [] }
        let own = joined.names(known) ?? []
        var found: [(rank: Int, text: String)] = []
        for source in scope.sources.dropLast() where !source.alias.isEmpty {
            for name in source.names(known) ?? [] {
                for other in own {
                    guard let rank = Self.rank(name, of: source, other, of: joined) else { continue }
                    var sides = [(source, name), (joined, other)].map { "\(written($0.alias)).\(written($1.text))" }
                    // The side comes first whose name is typed already.
                    if qualifier.last?.lowercased() == joined.alias.lowercased() { sides.reverse() }
                    found.append((rank, sides.joined(separator: " = ")))
                }
            }
        }
        let lead = qualifier.map { $0 + "." }.joined()
        let fitting = found.filter { $0.text.lowercased().hasPrefix((lead + typed).lowercased()) }
        return (0...3).flatMap { rank in fitting.filter { $0.rank == rank } }
            .map {
                Proposal(text: String($0.text.dropFirst(lead.count)), note: $0.rank == 0 ? "key" : "join", suffix: " ")
            }
    }

    /// How likely two columns belong together, 0 is certain; nil when nothing says that they do.
    private static func rank(_ left: Name, of source: SQLSource, _ right: Name, of joined: SQLSource) -> Int? {
        func refers(_ name: Name, to table: SQLSource, _ other: Name) -> Bool {
            guard let reference = name.reference, let path = table.path else { return false }
            return reference.last?.lowercased() == other.text.lowercased()
                && reference.dropLast().suffix(path.count).map { $0.lowercased() } == path.map { $0.lowercased() }
        }
        if refers(left, to: joined, right) || refers(right, to: source, left) { return 0 }
        if isKey(left.text, of: joined, right.text) || isKey(right.text, of: source, left.text) { return 1 }
        guard left.text.lowercased() == right.text.lowercased() else { return nil }
        // An id of its own is in every table, and seldom the same in two.
        return left.text.lowercased() == "id" ? 3 : 2
    }

    /// Whether a column's name says that it holds the key of a source: `customer_id` that of `customers.id`.
    private static func isKey(_ name: String, of source: SQLSource, _ key: String) -> Bool {
        let name = name.lowercased()
        let table = (source.path?.last ?? source.alias).lowercased()
        var singular = table
        if singular.hasSuffix("ies") {
            singular = singular.dropLast(3) + "y"
        } else if singular.hasSuffix("s") {
            singular.removeLast()
        }
        return [table, singular].contains { name == "\($0)_\(key.lowercased())" || name == $0 + key.lowercased() }
    }

    /// Columns of the source joined last that one before it has, too.
    func sharedColumns(_ known: (Question) -> [Name]?) -> [Name]? {
        guard let joined = scope.sources.last, let own = joined.names(known) else { return nil }
        let others = scope.sources.dropLast().flatMap { $0.names(known) ?? [] }.map { $0.text.lowercased() }
        return own.filter { others.contains($0.text.lowercased()) }
    }
}
