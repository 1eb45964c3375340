import Text

/// What stands after FROM, and how it ends.
nonisolated extension SQLScopeReader {
    /// A source after which the tokens end.
    struct End {
        /// The word that it stands after, as it is written: `from`.
        var opener: String
        var hasAlias: Bool
        /// Whether AS waits for the alias.
        var lacksAlias: Bool
    }

    /// The sources of a query or another statement, and how the last one ends if the range ends with it.
    func sources(in range: Range<Int>, _ definitions: Definitions) -> (found: [SQLSource], end: End?) {
        var found: [SQLSource] = []
        var end: End?
        var isList = false
        var opener = ""
        var at = range.lowerBound
        let isMerge = tokens.at(range.lowerBound)?.keyword == "MERGE"
        while at < range.upperBound {
            let token = tokens[at]
            let word = token.keyword
            if word == "LATERAL", tokens.at(at + 1)?.keyword == "VIEW" {
                found += view(&at, range.upperBound)
                continue
            }
            at = token.isOpen ? tokens.behind(at, within: range.upperBound) : at + 1
            let opens = word.map { Self.openers.contains($0) || isMerge && $0 == "USING" } ?? false
            if let word, Self.ends.contains(word), !opens { isList = false }
            guard opens || isList && token.isComma else { continue }
            isList = true
            if let name = token.name { opener = isMerge && word == "INTO" ? tokens[range.lowerBound].name ?? "" : name }
            let sources = source(&at, range.upperBound, definitions, mayCall: word != "INTO")
            guard let sources else { continue }
            found += sources.found
            if at == range.upperBound, at == tokens.count {
                end = End(opener: opener, hasAlias: sources.hasAlias, lacksAlias: sources.lacksAlias)
            }
        }
        return (found, end)
    }

    private func source(
        _ at: inout Int, _ limit: Int, _ definitions: Definitions, mayCall: Bool = true
    ) -> (found: [SQLSource], hasAlias: Bool, lacksAlias: Bool)? {
        while at < limit, ["LATERAL", "TABLE", "IF", "NOT", "EXISTS"].contains(tokens[at].keyword) { at += 1 }
        guard at < limit else { return nil }
        var columns: SQLColumns
        var alias = ""
        if tokens[at].isOpen {
            let inside = tokens.inside(at)
            at = tokens.behind(at, within: limit)
            if !tokens.beginsQuery(inside.lowerBound) {
                return (sources(inBrackets: inside, definitions), false, false)
            }
            columns = outputs(of: inside, definitions)
        } else if tokens[at].keyword == "VALUES" {
            let start = at
            at += 1
            while at < limit, tokens[at].isOpen || tokens[at].isComma {
                at = tokens[at].isOpen ? tokens.behind(at, within: limit) : at + 1
            }
            columns = outputs(of: start..<at, definitions)
        } else if let first = tokens[at].name, !(Self.ends.contains(tokens[at].keyword ?? "")) {
            var path = [first]
            at += 1
            while at + 1 < limit, tokens[at].isDot, let next = tokens[at + 1].name {
                path.append(next)
                at += 2
            }
            alias = path.last ?? ""
            let defined = path.count == 1 ? definitions.last { $0.name.lowercased() == first.lowercased() } : nil
            columns = defined?.columns ?? .table(path)
            if mayCall, at < limit, tokens[at].isOpen, tokens[at].range.lowerBound == tokens[at - 1].range.upperBound {
                at = tokens.behind(at, within: limit)
                columns = .listed(first.lowercased() == "range" ? [.name("id")] : [])
            }
        } else {
            return nil
        }
        skipVersion(&at, limit)
        let hasAs = at < limit && tokens[at].keyword == "AS"
        if hasAs { at += 1 }
        var hasAlias = false
        if at < limit, let name = tokens[at].name, !isClause(tokens[at]) {
            alias = name
            hasAlias = true
            at += 1
            if at < limit, tokens[at].isOpen {
                columns = .listed(names(tokens.inside(at)).map { .name($0) })
                at = tokens.behind(at, within: limit)
            }
        }
        return ([SQLSource(columns: columns, alias: alias, isAliased: hasAlias)], hasAlias, hasAs && !hasAlias)
    }

    /// Joins in brackets.
    private func sources(inBrackets range: Range<Int>, _ definitions: Definitions) -> [SQLSource] {
        var at = range.lowerBound
        let first = source(&at, range.upperBound, definitions)?.found ?? []
        return first + sources(in: at..<max(at, range.upperBound), definitions).found
    }

    private func isClause(_ token: SQLTokens.Token) -> Bool {
        token.keyword.map { Self.ends.contains($0) || Self.joins.contains($0) || Self.openers.contains($0) } ?? false
    }

    /// `VERSION AS OF 3`, `TIMESTAMP AS OF '…'`.
    private func skipVersion(_ at: inout Int, _ limit: Int) {
        guard at + 2 < limit, ["VERSION", "TIMESTAMP"].contains(tokens[at].keyword), tokens[at + 1].keyword == "AS",
            tokens[at + 2].keyword == "OF"
        else { return }
        at = min(limit, at + 4)
    }

    /// `LATERAL VIEW [OUTER] explode(x) t AS a, b`.
    private func view(_ at: inout Int, _ limit: Int) -> [SQLSource] {
        at += 2
        if tokens.at(at)?.keyword == "OUTER" { at += 1 }
        guard at + 1 < limit, tokens[at + 1].isOpen else { return [] }
        at = tokens.behind(at + 1, within: limit)
        var alias = ""
        if at < limit, let name = tokens[at].name, !isClause(tokens[at]), tokens[at].keyword != "AS" {
            alias = name
            at += 1
        }
        guard at < limit, tokens[at].keyword == "AS" else { return [] }
        at += 1
        var names: [String] = []
        while at < limit, let name = tokens[at].name {
            names.append(name)
            at += 1
            guard at + 1 < limit, tokens[at].isComma, tokens[at + 1].name != nil else { break }
            at += 1
        }
        return [SQLSource(columns: .listed(names.map { .name($0) }), alias: alias, isAliased: !alias.isEmpty)]
    }
}
