import Text

/// `.expect` — judge the result before it, so that a script is a test.
struct ExpectCommand: MetaCommand {
    enum Kind: String, WordChoice {
        case rows, value, columns, empty, error, match

        var note: String {
            switch self {
            case .rows: "N rows"
            case .value: "VALUE is the first cell, or the printed text"
            case .columns: "the column names are a,b,…"
            case .empty: "no rows and no text"
            case .error: "the cell fails; optionally with this error class, SQLSTATE or exception"
            case .match: "a row (cells separated by tabs) or a line of text matches this regular expression"
            }
        }
    }

    let kind = Argument<Kind>("WHAT")
    let rest = Argument<[String]>("VALUE")

    var spec: CommandSpec {
        CommandSpec(
            "expect", in: .scripts, "check the previous result, and fail if it differs", takes: [kind, rest],
            details: """
                An expected error does not stop a script. dbsh test runs scripts as tests.
                """,
            examples: [
                .init(".expect rows 3", "it has 3 rows", runs: false),
                .init(".expect value 42", "its first cell is 42", runs: false),
                .init(".expect columns id,name", "its columns, in this order", runs: false),
                .init(".expect error DIVIDE_BY_ZERO", "the statement failed with this error", runs: false),
                .init(".expect match '^a[0-9]+'", "a row or line matches", runs: false),
            ], isImmediate: true, traits: .judges)
    }

    func run(_ call: Call, in session: Session) async throws {
        let expectation = try expectation(call[kind], call[rest])
        guard let entry = session.log.lastResult else {
            throw UsageError("there is no result to judge yet", hint: "run a cell first")
        }
        try expectation.judge(entry)
        if case .error = expectation { try session.log.markExpected(entry.number) }
    }

    private func expectation(_ kind: Kind, _ words: [String]) throws -> Expectation {
        let text = words.joined(separator: " ")
        switch kind {
        case .rows:
            guard words.count == 1, let count = Int(text), count >= 0 else {
                throw UsageError("rows needs a number", spec)
            }
            return .rows(count)
        case .value:
            if words.isEmpty { throw UsageError("value needs a value, '' for the empty one", spec) }
            return .value(text)
        case .columns:
            let names = text.split(separator: ",", omittingEmptySubsequences: false).map { String($0).trimmingBlanks() }
            if words.isEmpty { throw UsageError("columns needs their names", spec) }
            return .columns(names)
        case .empty:
            if !words.isEmpty { throw UsageError("empty takes nothing", spec) }
            return .empty
        case .error:
            if words.count > 1 { throw UsageError("error takes one code", spec) }
            return .error(words.first)
        case .match:
            if words.isEmpty { throw UsageError("match needs a regular expression", spec) }
            return .match(text)
        }
    }
}
