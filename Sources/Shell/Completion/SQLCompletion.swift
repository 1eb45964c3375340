import Databricks

/// What could stand at the cursor in an SQL statement, judged by the words around it: tables after FROM, columns after an
/// alias and a dot. Knows no names itself: it asks for them.
nonisolated struct SQLCompletion {
    /// What is asked for.
    enum Question: Hashable, Sendable {
        case catalogs
        /// Of the current catalog when nil.
        case schemas(catalog: String?)
        /// Of the current schema when empty.
        case tables(schema: [String])
        case columns(table: [String])
    }

    /// A name and what is said beside it.
    struct Name: Sendable, Equatable {
        var text: String
        var note = ""
    }

    enum Expectation: Equatable { case table, schema, expression }

    /// A table in the statement and the name it goes by.
    private struct Source {
        var path: [String]
        var alias: String
    }

    private enum Token: Equatable {
        case name(String, isQuoted: Bool)
        case symbol(UInt8)

        var keyword: String? { if case .name(let text, false) = self { text.uppercased() } else { nil } }
    }

    /// Where what is typed of the last part of the name begins, in the text's UTF-8.
    let start: Int
    /// The parts before it, without quotes: `["main", "default"]` in `main.default.sal`.
    let qualifier: [String]
    /// What is typed of it, without its quote.
    let typed: String
    let isQuoted: Bool
    let expectation: Expectation
    private let sources: [Source]

    /// - Parameter cursor: an offset into the text's UTF-8.
    init(_ text: String, cursor: Int) {
        let bytes = Array(text.utf8)
        let cursor = min(cursor, bytes.count)
        var at = cursor
        // What is typed of the name: to the left as far as it goes; an open backtick belongs to it.
        var before = Self.tokens(bytes[..<cursor])
        while at > 0, bytes[at - 1].isWordPart { at -= 1 }
        var quoted = false
        if let open = before.openQuote {
            quoted = true
            at = open + 1
        }
        let typed = String(decoding: bytes[at..<cursor], as: UTF8.self)
        if quoted { at -= 1 } else if !typed.isEmpty, !before.tokens.isEmpty { before.tokens.removeLast() }
        start = at
        self.typed = typed
        isQuoted = quoted
        var tokens = before.tokens
        var qualifier: [String] = []
        while tokens.count >= 2, tokens.last == .symbol(.dot), case .name(let part, _) = tokens[tokens.count - 2] {
            qualifier.insert(part, at: 0)
            tokens.removeLast(2)
        }
        self.qualifier = qualifier
        expectation = Self.expectation(after: tokens)
        sources = Self.sources(in: Self.tokens(bytes[...]).tokens)
    }

    // MARK: Answers

    /// Candidates for the name, in the order to show them.
    /// - Parameters:
    ///   - known: the names of a kind, as far as they are known; nil asks for them to be fetched.
    ///   - catalog, schema: where the session is.
    func candidates(known: (Question) -> [Name]?) -> [(name: Name, suffix: String)] {
        func all(_ question: Question, _ suffix: String) -> [(name: Name, suffix: String)] {
            (known(question) ?? []).map { ($0, suffix) }
        }
        var found: [(name: Name, suffix: String)] = []
        switch (expectation, qualifier.count) {
        case (.table, 0):
            found = all(.tables(schema: []), " ") + all(.schemas(catalog: nil), ".") + all(.catalogs, ".")
        case (.table, 1):
            found = all(.tables(schema: qualifier), " ")
            if isCatalog(qualifier[0], known) { found = all(.schemas(catalog: qualifier[0]), ".") }
        case (.table, _): found = all(.tables(schema: qualifier), " ")
        case (.schema, 0): found = all(.schemas(catalog: nil), "") + all(.catalogs, "")
        case (.schema, _): found = all(.schemas(catalog: qualifier[0]), "")
        case (.expression, 0):
            for source in sources {
                found += all(.columns(table: source.path), "")
                found.append((Name(text: source.alias, note: "table"), "."))
            }
        case (.expression, _):
            let table = sources.first { $0.alias.lowercased() == qualifier.last?.lowercased() && qualifier.count == 1 }
            found = all(.columns(table: table?.path ?? qualifier), "")
        }
        let wanted = typed.lowercased()
        var seen: Set<String> = []
        return found.filter {
            $0.name.text.lowercased().hasPrefix(wanted) && seen.insert($0.name.text + $0.suffix).inserted
        }
    }

    private func isCatalog(_ name: String, _ known: (Question) -> [Name]?) -> Bool {
        (known(.catalogs) ?? []).contains { $0.text.lowercased() == name.lowercased() }
    }

    /// The name as it has to be written: in backticks when it has other characters than a plain one, or they were typed.
    func written(_ name: String) -> String {
        let first = name.utf8.first ?? 0
        let isPlain =
            (first.isLetter || first == UInt8(ascii: "_")) && name.utf8.allSatisfy { $0.isWordPart && $0 < 0x80 }
        return isPlain && !isQuoted ? name : "`" + name.replacing("`", with: "``") + "`"
    }

    // MARK: The statement

    private static let beforeTable: Set<String> = [
        "FROM", "JOIN", "INTO", "TABLE", "UPDATE", "DESCRIBE", "DESC", "OPTIMIZE", "VACUUM", "VIEW", "TRUNCATE",
    ]
    private static let endOfSources: Set<String> = [
        "WHERE", "GROUP", "ORDER", "HAVING", "LIMIT", "SELECT", "SET", "VALUES", "ON", "USING", "UNION", "EXCEPT",
        "INTERSECT", "QUALIFY", "WINDOW", "WHEN", "LATERAL", "TABLESAMPLE", "PIVOT", "UNPIVOT", "CLUSTER", "SORT",
    ]
    private static let joins: Set<String> = [
        "JOIN", "INNER", "LEFT", "RIGHT", "FULL", "CROSS", "NATURAL", "SEMI", "ANTI",
    ]

    private static func expectation(after tokens: [Token]) -> Expectation {
        guard let last = tokens.last else { return .expression }
        if let word = last.keyword {
            if beforeTable.contains(word) { return .table }
            if ["USE", "SCHEMA", "DATABASE", "CATALOG"].contains(word) { return .schema }
            return .expression
        }
        guard last == .symbol(UInt8(ascii: ",")) else { return .expression }
        // A comma in a list of tables: nothing but names since FROM.
        var depth = 0
        for token in tokens.dropLast().reversed() {
            if token == .symbol(UInt8(ascii: ")")) { depth += 1 }
            if token == .symbol(UInt8(ascii: "(")) {
                if depth == 0 { return .expression }
                depth -= 1
            }
            guard depth == 0, let word = token.keyword else { continue }
            if word == "FROM" { return .table }
            if endOfSources.contains(word) { return .expression }
        }
        return .expression
    }

    private static func sources(in tokens: [Token]) -> [Source] {
        var found: [Source] = []
        var isList = false
        var at = 0
        while at < tokens.count {
            let token = tokens[at]
            at += 1
            if let word = token.keyword, endOfSources.contains(word) { isList = false }
            let begins = token.keyword.map { ["FROM", "JOIN", "UPDATE", "INTO"].contains($0) } ?? false
            guard begins || isList && token == .symbol(UInt8(ascii: ",")) else { continue }
            isList = true
            guard let path = path(tokens, &at) else { continue }
            if at < tokens.count, tokens[at].keyword == "AS" { at += 1 }
            var alias = path.last ?? ""
            if at < tokens.count, case .name(let name, let isQuoted) = tokens[at],
                isQuoted || !(endOfSources.union(joins).union(beforeTable).contains(name.uppercased()))
            {
                alias = name
                at += 1
            }
            found.append(Source(path: path, alias: alias))
        }
        return found
    }

    private static func path(_ tokens: [Token], _ at: inout Int) -> [String]? {
        guard at < tokens.count, case .name(let first, _) = tokens[at] else { return nil }
        var path = [first]
        at += 1
        while at + 1 < tokens.count, tokens[at] == .symbol(.dot), case .name(let next, _) = tokens[at + 1] {
            path.append(next)
            at += 2
        }
        return path
    }

    /// Names and symbols of the last statement; strings and comments are left out.
    private static func tokens(_ bytes: ArraySlice<UInt8>) -> (tokens: [Token], openQuote: Int?) {
        var tokens: [Token] = []
        var at = bytes.startIndex
        while at < bytes.endIndex {
            let byte = bytes[at]
            if byte == .backtick {
                let end = bytes[(at + 1)...].firstIndex(of: .backtick)
                guard let end else { return (tokens, at) }
                tokens.append(.name(String(decoding: bytes[(at + 1)..<end], as: UTF8.self), isQuoted: true))
                at = end + 1
            } else if byte == .quote || byte == .doubleQuote {
                at += 1
                while at < bytes.endIndex, bytes[at] != byte { at += bytes[at] == .backslash ? 2 : 1 }
                at += 1
                tokens.append(.symbol(.quote))
            } else if byte == .minus, at + 1 < bytes.endIndex, bytes[at + 1] == .minus {
                while at < bytes.endIndex, bytes[at] != .newline { at += 1 }
            } else if byte.isWordPart {
                let start = at
                while at < bytes.endIndex, bytes[at].isWordPart { at += 1 }
                tokens.append(.name(String(decoding: bytes[start..<at], as: UTF8.self), isQuoted: false))
            } else {
                if byte == UInt8(ascii: ";") {
                    tokens = []
                } else if !byte.isBlank, byte != .newline {
                    tokens.append(.symbol(byte))
                }
                at += 1
            }
        }
        return (tokens, nil)
    }
}
