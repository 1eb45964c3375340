import Databricks
import SQL
import Text

/// What could stand at the cursor in an SQL statement, judged by the words around it: tables after FROM, columns after an
/// alias and a dot. Knows no names itself: it asks for them.
nonisolated struct SQLCompletion {
    typealias Question = CatalogQuestion
    typealias Name = CatalogName

    /// What can stand at the cursor.
    enum Expectation: Equatable {
        case table, schema, expression
        /// An operand stands there already: an operator or another keyword follows.
        case operation
        /// A table stands there already: one of these keywords follows, written as they are to be inserted.
        case clause([String])
        /// The cursor is inside a string or a comment.
        case nothing
    }

    /// A table in the statement and the name it goes by.
    struct Source {
        var path: [String]
        var alias: String
    }

    enum Token: Equatable {
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
    let sources: [Source]

    /// - Parameter cursor: an offset into the text's UTF-8.
    init(_ text: String, cursor: Int) {
        let bytes = Array(text.utf8)
        let cursor = min(cursor, bytes.count)
        var at = cursor
        // What is typed of the name: to the left as far as it goes; an open backtick belongs to it.
        let textBefore = SQLText(Array(bytes[..<cursor]))
        var before = Self.tokens(of: textBefore)
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
        // What comes before a dot is a name, whatever it stands behind.
        let expected = textBefore.endsHidden ? .nothing : Self.expectation(after: tokens)
        let takesNames = [.table, .schema, .nothing].contains(expected)
        expectation = qualifier.isEmpty || takesNames ? expected : .expression
        sources = Self.sources(in: Self.tokens(of: SQLText(bytes)).tokens).found
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
        case (.operation, _), (.clause, _), (.nothing, _): break
        }
        let wanted = typed.lowercased()
        var seen: Set<String> = []
        return found.filter {
            $0.name.text.lowercased().hasPrefix(wanted) && seen.insert($0.name.text + $0.suffix).inserted
        }
    }

    /// The keywords that fit the place, in the case in which the user writes.
    var keywords: [String] {
        guard qualifier.isEmpty, !isQuoted else { return [] }
        if case .clause(let words) = expectation {
            return words.filter { $0.lowercased().hasPrefix(typed.lowercased()) }
                .map { typed.isEmpty ? $0 : cased($0) }
        }
        // Elsewhere any of them may follow, which is no answer to somebody who has typed none of it.
        guard expectation == .expression || expectation == .operation, !typed.isEmpty else { return [] }
        return Keywords.common.filter { $0.hasPrefix(typed.uppercased()) }.sorted().map(cased)
    }

    private func cased(_ keyword: String) -> String {
        typed.first?.isLowercase == true ? keyword.lowercased() : keyword.uppercased()
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
}
