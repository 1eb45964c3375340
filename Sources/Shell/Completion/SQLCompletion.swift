import SQL
import Text

/// What could stand at the cursor in an SQL statement, judged by the words around it: tables after FROM, columns after an
/// alias and a dot. Knows no names itself: it asks for them.
nonisolated struct SQLCompletion {
    typealias Question = CatalogQuestion
    typealias Name = CatalogName

    /// What can stand at the cursor.
    enum Expectation: Equatable {
        case table, schema, expression, type
        /// The name of something that is to be made, which catalog and schema can stand before.
        case created
        /// One of these keywords follows, written as they are to be inserted.
        case clause([String])
        /// An operand stands there already: one of these words follows, or when nil any keyword.
        case operation([String]?)
        /// The condition of a join.
        case condition
        /// Columns that both sides of a join have.
        case shared
        /// `:name`
        case parameter
        /// A name that does not exist yet, a string or a comment.
        case nothing
    }

    /// Something that can be put in.
    struct Proposal: Equatable {
        /// As it is to be inserted.
        var text: String
        var note = ""
        var suffix = ""
    }

    /// Where what is typed of the last part of the name begins, in the text's UTF-8.
    let start: Int
    /// The parts before it, without quotes: `["main", "default"]` in `main.default.sal`.
    let qualifier: [String]
    /// What is typed of it, without its quote.
    let typed: String
    let isQuoted: Bool
    let expectation: Expectation
    let scope: SQLScope
    /// Keywords that can begin what is expected.
    let beginnings: [String]
    private let isLowercase: Bool
    /// Whether a bracket stands right behind the cursor.
    let isCall: Bool

    /// Whether the name of a function is being typed, as far as one can tell.
    var isFunction: Bool {
        [.expression, .condition].contains(expectation) && qualifier.isEmpty && !typed.isEmpty && !isQuoted
    }

    /// The sources that the place can see, those of its own query first.
    var sources: [SQLSource] { scope.sources + scope.outer }

    /// - Parameter cursor: an offset into the text's UTF-8.
    init(_ text: String, cursor: Int) {
        let bytes = Array(text.utf8)
        let cursor = min(cursor, bytes.count)
        let textBefore = SQLText(Array(bytes[..<cursor]))
        var start = cursor
        while start > 0, bytes[start - 1].isWordPart { start -= 1 }
        isQuoted = textBefore.open == .quote("`")
        if isQuoted, let last = textBefore.tokens.last { start = last.range.lowerBound + 1 }
        typed = String(decoding: bytes[start..<cursor], as: UTF8.self)
        if isQuoted { start -= 1 }
        self.start = start
        isCall = cursor < bytes.count && bytes[cursor] == .leftParenthesis
        let tokens = SQLTokens(SQLText(bytes), around: start, without: start..<cursor)
        scope = SQLScope(tokens, at: start)
        var before = tokens.before(start)
        var qualifier: [String] = []
        while let last = before.all.last, last.isDot, let name = before.at(before.count - 2)?.name {
            qualifier.insert(name, at: 0)
            before = before.before(before[before.count - 2].range.lowerBound)
        }
        self.qualifier = qualifier
        let place = SQLPlace(before)
        // What comes before a dot is a name, whatever it stands behind.
        var expected = textBefore.endsHidden && !isQuoted ? .nothing : place.expectation
        let colon = start > 0 && bytes[start - 1] == UInt8(ascii: ":")
        if colon, expected != .nothing {
            let before = start > 1 ? bytes[start - 2] : .space
            // `a:b` is a field of a VARIANT.
            expected = before == UInt8(ascii: ":") ? .type : before.isWordPart ? .nothing : .parameter
        }
        let takesNames = [.table, .schema, .created, .nothing, .condition].contains(expected)
        expectation = qualifier.isEmpty || takesNames ? expected : .expression
        beginnings = [.expression, .condition, .created].contains(expectation) ? place.beginnings : []
        isLowercase = typed.first.map(\.isLowercase) ?? place.isLowercase ?? false
    }

    // MARK: Answers

    /// What can be put in, in the order to show it.
    /// - Parameters:
    ///   - parameters: the names of the session's parameters.
    ///   - known: the names of a kind, as far as they are known; nil asks for them to be fetched.
    func proposals(parameters: [String] = [], known: (Question) -> [Name]?) -> [Proposal] {
        var found: [Proposal] = []
        switch expectation {
        case .table: found = tables(known)
        case .schema:
            found =
                qualifier.isEmpty
                ? named(known(.schemas(catalog: nil))) + named(known(.catalogs))
                : named(known(.schemas(catalog: qualifier[0])))
        case .created: found = places(known)
        case .expression: found = qualifier.isEmpty ? operands(known) : named(columns(behind: qualifier, known))
        case .condition:
            found = conditions(known)
            found += qualifier.isEmpty ? operands(known) : named(columns(behind: qualifier, known))
        case .shared: found = named(sharedColumns(known))
        case .type: found = matching(SQLWords.types).map { Proposal(text: $0, suffix: $0.hasSuffix("<") ? "" : " ") }
        case .parameter: found = parameters.filter(begins).map { Proposal(text: $0, note: "parameter") }
        case .clause, .operation, .nothing: break
        }
        var seen: Set<String> = []
        return (found + keywords.map { Proposal(text: $0, suffix: " ") }).filter { seen.insert($0.text).inserted }
    }

    private func begins(_ name: String) -> Bool { name.lowercased().hasPrefix(typed.lowercased()) }

    private func named(_ names: [Name]?, suffix: String = "") -> [Proposal] {
        (names ?? []).filter { begins($0.text) }.map { Proposal(text: written($0.text), note: $0.note, suffix: suffix) }
    }

    private func tables(_ known: (Question) -> [Name]?) -> [Proposal] {
        switch qualifier.count {
        case 0:
            let defined = scope.definitions.reversed().map { Name(text: $0.name, note: "WITH") }
            return named(defined, suffix: " ") + named(known(.tables(schema: [])), suffix: " ")
                + named(known(.schemas(catalog: nil)), suffix: ".") + named(known(.catalogs), suffix: ".")
        case 1 where (known(.catalogs) ?? []).contains { $0.text.lowercased() == qualifier[0].lowercased() }:
            return named(known(.schemas(catalog: qualifier[0])), suffix: ".")
        default: return named(known(.tables(schema: qualifier)), suffix: " ")
        }
    }

    /// Where something new can be made.
    private func places(_ known: (Question) -> [Name]?) -> [Proposal] {
        switch qualifier.count {
        case 0: return named(known(.schemas(catalog: nil)), suffix: ".") + named(known(.catalogs), suffix: ".")
        case 1 where (known(.catalogs) ?? []).contains { $0.text.lowercased() == qualifier[0].lowercased() }:
            return named(known(.schemas(catalog: qualifier[0])), suffix: ".")
        default: return []
        }
    }

    /// Columns, one that several sources have with the source's name; the names of the sources; functions.
    private func operands(_ known: (Question) -> [Name]?) -> [Proposal] {
        let columns = scope.sources.map { ($0, $0.names(known) ?? []) }
        var uses: [String: Int] = [:]
        for (_, names) in columns {
            for name in Set(names.map { $0.text.lowercased() }) { uses[name, default: 0] += 1 }
        }
        var found: [Proposal] = []
        for (source, names) in columns {
            for name in names where begins(name.text) {
                let isShared = uses[name.text.lowercased(), default: 0] > 1 && !source.alias.isEmpty && !isQuoted
                let lead = isShared ? written(source.alias) + "." : ""
                found.append(Proposal(text: lead + written(name.text), note: name.note))
            }
        }
        for source in sources where !source.alias.isEmpty && begins(source.alias) {
            found.append(Proposal(text: written(source.alias), note: "table", suffix: "."))
        }
        for source in scope.outer { found += named(source.names(known)) }
        return found + (typed.isEmpty || isQuoted ? [] : functions(known))
    }

    /// What SHOW FUNCTIONS lists and is not called like one.
    private static let operators: Set<String> = [
        "and", "or", "not", "between", "case", "when", "in", "like", "ilike", "rlike", "regexp", "div",
    ]

    private func functions(_ known: (Question) -> [Name]?) -> [Proposal] {
        let server = (known(.builtInFunctions) ?? []).map { ($0.text, $0.note) }
        let signatures = FunctionSignatures.all.merging(server) { written, _ in written }
        let all = Functions.builtin.union(signatures.keys).subtracting(Self.operators)
        let builtin = all.filter(begins).sorted().map { name -> Proposal in
            let signature = signatures[name].flatMap { $0.isEmpty ? nil : $0 }
            let takesNothing = signature?.hasSuffix("()") ?? false
            let text = typed.first?.isUppercase == true ? name.uppercased() : name
            return Proposal(text: text + (isCall ? "" : takesNothing ? "()" : "("), note: signature ?? "function")
        }
        let own = (known(.functions(schema: [])) ?? []).filter { begins($0.text) }
        return builtin + own.map { Proposal(text: written($0.text) + (isCall ? "" : "("), note: $0.note) }
    }

    /// The columns of a source of that name, or of a table that is named as a whole.
    private func columns(behind qualifier: [String], _ known: (Question) -> [Name]?) -> [Name]? {
        if qualifier.count == 1,
            let source = sources.first(where: { $0.alias.lowercased() == qualifier[0].lowercased() })
        {
            return source.names(known)
        }
        return known(.columns(table: qualifier))
    }

    /// The keywords that fit the place, in the case in which the user writes.
    var keywords: [String] {
        guard qualifier.isEmpty, !isQuoted else { return [] }
        switch expectation {
        case .clause(let words): return matching(words)
        case .operation(let words?): return matching(words)
        // Any of them may follow, which is no answer to somebody who has typed none of it.
        case .operation(nil): return typed.isEmpty ? [] : matching(Keywords.common.sorted())
        case .expression, .condition: return typed.isEmpty ? [] : matching(beginnings)
        case .created: return matching(beginnings)
        case .table, .schema, .type, .shared, .parameter, .nothing: return []
        }
    }

    private func matching(_ words: [String]) -> [String] {
        words.filter(begins).map { isLowercase ? $0.lowercased() : $0 }
    }

    /// The name as it has to be written: in backticks when it has other characters than a plain one, or they were typed.
    func written(_ name: String) -> String {
        let first = name.utf8.first ?? 0
        let isPlain =
            (first.isLetter || first == UInt8(ascii: "_")) && name.utf8.allSatisfy { $0.isWordPart && $0 < 0x80 }
        return isPlain && !isQuoted ? name : "`" + name.replacing("`", with: "``") + "`"
    }
}
