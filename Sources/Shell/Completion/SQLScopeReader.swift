import SQL
import Text

/// Reads queries out of tokens.
nonisolated struct SQLScopeReader {
    typealias Definitions = [(name: String, columns: SQLColumns)]

    let tokens: SQLTokens

    /// Words that end the list of sources.
    static let ends: Set<String> = [
        "WHERE", "GROUP", "ORDER", "HAVING", "LIMIT", "SELECT", "SET", "VALUES", "ON", "USING", "UNION", "EXCEPT",
        "INTERSECT", "MINUS", "QUALIFY", "WINDOW", "WHEN", "LATERAL", "TABLESAMPLE", "PIVOT", "UNPIVOT", "CLUSTER",
        "SORT",
        "DISTRIBUTE", "OFFSET", "VERSION", "TIMESTAMP", "WITH", "PARTITION", "FOR", "BY",
    ]
    static let joins: Set<String> = [
        "JOIN", "INNER", "LEFT", "RIGHT", "FULL", "CROSS", "NATURAL", "SEMI", "ANTI", "OUTER",
    ]
    static let openers: Set<String> = ["FROM", "JOIN", "UPDATE", "INTO", "TABLE"]
    private static let unions: Set<String> = ["UNION", "EXCEPT", "INTERSECT", "MINUS"]

    // MARK: Scopes

    func scope(
        at place: Int, in range: Range<Int>, definitions: Definitions, outer: [SQLSource]
    ) -> SQLScope {
        func holds(_ inside: Range<Int>) -> Bool {
            let start = inside.lowerBound > 0 ? tokens[inside.lowerBound - 1].range.upperBound : 0
            let end = tokens.at(inside.upperBound)?.range.lowerBound ?? Int.max
            return start <= place && place <= end
        }
        var definitions = definitions
        let (own, start) = self.definitions(in: range, definitions)
        for definition in own {
            if holds(definition.inside) {
                return scope(at: place, in: definition.inside, definitions: definitions, outer: [])
            }
            definitions.append((definition.name, definition.columns))
        }
        let branch = branches(start..<range.upperBound).last {
            tokens.at($0.lowerBound).map { $0.range.lowerBound <= place } ?? true
        }
        let part = branch ?? start..<range.upperBound
        let sources = self.sources(in: part, definitions).found
        if let query = query(in: part, where: holds) {
            let before = tokens.at(query.lowerBound - 2)
            // A query after FROM does not see what stands beside it, unless it is LATERAL.
            let isSource = before.map { ["FROM", "JOIN"].contains($0.keyword) || $0.isComma } ?? false
            return scope(
                at: place, in: query, definitions: definitions, outer: isSource ? outer : sources + outer)
        }
        let isGuess = sources.isEmpty && tokens.surface(part).contains { tokens[$0].keyword == "SELECT" }
        return SQLScope(
            sources: isGuess ? likelySources(own) : sources, outer: outer, definitions: definitions)
    }

    /// Before FROM is typed: what WITH defines, if only one definition is left that no other one uses.
    private func likelySources(_ definitions: [Definition]) -> [SQLSource] {
        let unused = definitions.filter { one in
            !definitions.contains { other in
                other.inside.contains { tokens.at($0)?.name?.lowercased() == one.name.lowercased() }
            }
        }
        guard let only = unused.first, unused.count == 1 else { return [] }
        return [SQLSource(columns: only.columns, alias: only.name, isAliased: false)]
    }

    /// The query in brackets that the place is in, however deep.
    private func query(in range: Range<Int>, where holds: (Range<Int>) -> Bool) -> Range<Int>? {
        for index in tokens.surface(range) where tokens[index].isOpen {
            let inside = tokens.inside(index)
            guard inside.upperBound <= range.upperBound, holds(inside) else { continue }
            if tokens.beginsQuery(inside.lowerBound) { return inside }
            if let deeper = query(in: inside, where: holds) { return deeper }
        }
        return nil
    }

    /// The parts between UNION and the like.
    private func branches(_ range: Range<Int>) -> [Range<Int>] {
        var parts: [Range<Int>] = []
        var start = range.lowerBound
        for index in tokens.surface(range) where tokens[index].keyword.map(Self.unions.contains) ?? false {
            parts.append(start..<index)
            start = index + 1
        }
        return parts + [start..<max(start, range.upperBound)]
    }

    // MARK: WITH

    private struct Definition {
        let name: String
        let inside: Range<Int>
        let columns: SQLColumns
    }

    /// What WITH defines at the start of a range, and where the query itself begins.
    private func definitions(in range: Range<Int>, _ known: Definitions) -> (found: [Definition], start: Int) {
        var at = range.lowerBound
        while at < range.upperBound, ["EXPLAIN", "EXTENDED", "FORMATTED"].contains(tokens[at].keyword) { at += 1 }
        guard at < range.upperBound, tokens[at].keyword == "WITH" else { return ([], range.lowerBound) }
        at += 1
        if tokens.at(at)?.keyword == "RECURSIVE" { at += 1 }
        var found: [Definition] = []
        var known = known
        while at < range.upperBound, let name = tokens[at].name {
            at += 1
            var renamed: [String]?
            if at < range.upperBound, tokens[at].isOpen {
                renamed = names(tokens.inside(at))
                at = tokens.behind(at, within: range.upperBound)
            }
            if tokens.at(at)?.keyword == "AS" { at += 1 }
            guard at < range.upperBound, tokens[at].isOpen else { break }
            let inside = tokens.inside(at)
            let columns = renamed.map { .listed($0.map { .name($0) }) } ?? outputs(of: inside, known)
            found.append(Definition(name: name, inside: inside, columns: columns))
            known.append((name, columns))
            at = tokens.behind(at, within: range.upperBound)
            guard at < range.upperBound, tokens[at].isComma else { break }
            at += 1
        }
        return (found, at)
    }

    func names(_ range: Range<Int>) -> [String] { range.compactMap { tokens.at($0)?.name } }

    // MARK: The columns of a query

    func outputs(of range: Range<Int>, _ known: Definitions) -> SQLColumns {
        var definitions = known
        let (own, start) = self.definitions(in: range, known)
        for definition in own { definitions.append((definition.name, definition.columns)) }
        var part = branches(start..<max(start, range.upperBound))[0]
        while part.lowerBound < part.upperBound, tokens[part.lowerBound].isOpen {
            part = tokens.inside(part.lowerBound)
        }
        guard let first = tokens.at(part.lowerBound), part.contains(part.lowerBound) else { return .listed([]) }
        switch first.keyword {
        case "TABLE":
            return .listed([.all(sources(in: part, definitions).found)])
        case "FROM" where !tokens.surface(part).contains(where: { tokens[$0].keyword == "SELECT" }):
            return .listed([.all(sources(in: part, definitions).found)])
        case "VALUES":
            let row = tokens.at(part.lowerBound + 1)?.isOpen == true ? tokens.inside(part.lowerBound + 1) : 0..<0
            let count = row.isEmpty ? 1 : tokens.surface(row).count { tokens[$0].isComma } + 1
            return .listed((1...count).map { .name("col\($0)") })
        default: break
        }
        guard let select = tokens.surface(part).first(where: { tokens[$0].keyword == "SELECT" }) else {
            return .listed([])
        }
        let sources = sources(in: part, definitions).found
        return .listed(items(select + 1..<part.upperBound).flatMap { item($0, sources) })
    }

    /// The expressions of a SELECT list.
    private func items(_ range: Range<Int>) -> [Range<Int>] {
        var items: [Range<Int>] = []
        var start = range.lowerBound
        var end = range.upperBound
        for index in tokens.surface(range) {
            if let word = tokens[index].keyword, word == "FROM" || word != "SELECT" && Self.endsList.contains(word) {
                end = index
                break
            }
            if index == start, ["DISTINCT", "ALL"].contains(tokens[index].keyword) { start = index + 1 }
            if tokens[index].isComma {
                items.append(start..<index)
                start = index + 1
            }
        }
        return start < end ? items + [start..<end] : items
    }

    private static let endsList: Set<String> = [
        "WHERE", "GROUP", "ORDER", "HAVING", "LIMIT", "LATERAL", "WINDOW", "QUALIFY",
    ]

    private func item(_ range: Range<Int>, _ sources: [SQLSource]) -> [SQLColumns.Item] {
        guard let last = tokens.at(range.upperBound - 1), !range.isEmpty else { return [] }
        if last.isSymbol(UInt8(ascii: "*")) {
            if range.count == 1 { return [.all(sources)] }
            guard range.count == 3, let name = tokens[range.lowerBound].name else { return [] }
            return [.all(sources.filter { $0.alias.lowercased() == name.lowercased() })]
        }
        guard let name = last.name else { return [] }
        if range.count == 1 { return [.name(name)] }
        let before = tokens[range.upperBound - 2]
        if before.keyword == "AS" || before.isDot { return [.name(name)] }
        // An alias without AS stands behind an operand.
        let isOperand =
            switch before.kind {
            case .name(_, let isQuoted):
                isQuoted || !Keywords.common.contains(before.keyword ?? "") || before.keyword == "END"
            case .number, .string: true
            case .symbol(let byte): byte == .rightParenthesis
            }
        return isOperand && !(last.keyword.map(Keywords.common.contains) ?? false) ? [.name(name)] : []
    }
}
