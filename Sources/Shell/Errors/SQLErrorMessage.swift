import Text

/// What Spark says about an SQL error, taken apart: what happened, what it suggests, and what is the same every time.
///
/// Facts: Spark's errors are `[CONDITION.SUB] message SQLSTATE: 42P01`, and behind that the place (`; line 1 pos 14`,
/// ` (line 1, pos 0)`), the plan, or sections such as `== SQL (line 1, position 8) ==` (org.apache.spark.SparkThrowable).
nonisolated struct SQLErrorMessage {
    /// What could not be found.
    enum Missing: Equatable {
        case table([String])
        case column([String])
        case function([String])
    }

    /// Such as `TABLE_OR_VIEW_NOT_FOUND`.
    var condition: String
    var sqlState: String?
    /// The first sentence, and those after it.
    var headline: String
    var rest: [String] = []
    /// What is said about every error of the kind.
    var boilerplate: [String] = []
    /// Names that the engine proposes, without quotes.
    var proposals: [String] = []
    var missing: Missing?
    /// Sections behind the message, but for those that repeat the statement.
    var sections: String?

    /// Nil when the text has no error condition.
    init?(_ text: String) {
        let start = /(?:Error in SQL statement: )?(?:[\w.]*Exception: )?\[([A-Z][A-Z0-9_.]+)\]\s*/
        guard let head = text.prefixMatch(of: start) else { return nil }
        condition = String(head.1)
        let body = text[head.range.upperBound...]
        let end =
            [
                body.firstRange(of: /\s*SQLSTATE: [0-9A-Z]{5}/)?.lowerBound,
                body.firstRange(of: /;? \(?line [0-9]+,? pos [0-9]+/)?.lowerBound,
                body.firstRange(of: /\n==\s/)?.lowerBound,
            ].compactMap(\.self).min() ?? body.endIndex
        let tail = body[end...]
        sqlState = tail.firstMatch(of: /SQLSTATE: ([0-9A-Z]{5})/).map { String($0.1) }
        var message = String(body[..<end])
        if let proposal = message.firstMatch(of: /\s*Did you mean one of the following\? \[([^\]]*)\]\.?/) {
            proposals = proposal.1.split(separator: ", ").map { Self.parts(of: String($0)).joined(separator: ".") }
            message.removeSubrange(proposal.range)
        }
        if let path = message.firstMatch(of: /\son search path (\[[^\]]*\])/) {
            boilerplate.append("search path: \(path.1)")
            message.removeSubrange(path.range)
        }
        let sentences = message.split(separator: "\n").flatMap(Self.sentences)
        let isUsual = { (sentence: String) in Self.usual.contains { sentence.hasPrefix($0) } }
        let said = sentences.filter { !isUsual($0) }
        boilerplate += sentences.filter(isUsual)
        headline = said.first ?? sentences.first ?? condition
        rest = Array(said.dropFirst())
        missing = Self.missing(condition, message)
        sections = Self.sections(in: tail)
    }

    /// How sentences begin that are the same for every error of their kind.
    private static let usual = [
        "Verify the spelling", "If you did not qualify", "To tolerate the error on drop", "If necessary set",
        "To bypass this error", "Search path:",
    ]

    private static func missing(_ condition: String, _ message: String) -> Missing? {
        let names = /((?:`[^`]*`\.?)+|'[^']*') cannot be (?:found|resolved)/
        if condition.hasPrefix("UNRESOLVED_ROUTINE"),
            let name = message.firstMatch(of: /resolve routine ((?:`[^`]*`\.?)+)/)
        {
            return .function(parts(of: String(name.1)))
        }
        guard let name = message.firstMatch(of: names) else { return nil }
        let parts = parts(of: String(name.1))
        if condition.hasPrefix("TABLE_OR_VIEW_NOT_FOUND") { return .table(parts) }
        return condition.hasPrefix("UNRESOLVED_COLUMN") ? .column(parts) : nil
    }

    /// The parts of a name in backticks: `` `a`.`b` ``.
    private static func parts(of name: String) -> [String] {
        guard name.contains("`") else { return [name.filter { $0 != "'" }] }
        return name.split(separator: "`", omittingEmptySubsequences: true).map(String.init).filter { $0 != "." }
    }

    /// Sentences end with a full stop and a blank, outside of quotes, before a capital letter.
    private static func sentences(in line: Substring) -> [String] {
        var sentences: [String] = []
        var current = ""
        var quote: Character?
        var last: Character = " "
        for (index, character) in zip(line.indices, line) {
            if character == quote { quote = nil } else if quote == nil, "`\"".contains(character) { quote = character }
            if quote == nil, character == " ", ".!?".contains(last) {
                let next = line[line.index(after: index)...].first { $0 != " " }
                if let next, next.isUppercase {
                    sentences.append(current)
                    current = ""
                    last = character
                    continue
                }
            }
            current.append(character)
            last = character
        }
        sentences.append(current)
        return sentences.map { $0.trimmingBlanks() }.filter { !$0.isEmpty }
    }

    /// `== SQL … ==` repeats the statement, which is shown with a mark; that of a view's text is news.
    private static func sections(in tail: Substring) -> String? {
        var kept: [Substring] = []
        var isKept = false
        for line in tail.split(separator: "\n", omittingEmptySubsequences: false).dropFirst() {
            if line.hasPrefix("== ") { isKept = line.wholeMatch(of: /== SQL( \(.*\))? ==/) == nil }
            if isKept { kept.append(line) }
        }
        while kept.last?.allSatisfy(\.isWhitespace) == true { kept.removeLast() }
        return kept.isEmpty ? nil : kept.joined(separator: "\n")
    }
}
