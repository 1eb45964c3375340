import Databricks
import Glibc
import Results
import System
import Terminal
import Text

extension String: ArgumentValue {
    static func read(_ words: inout ArraySlice<String>, _ label: String) throws -> String {
        guard let word = words.popFirst() else { throw ArgumentFailure("\(label) is missing") }
        return word
    }
}

extension Int: ArgumentValue {
    static func read(_ words: inout ArraySlice<String>, _ label: String) throws -> Int {
        let number = try wholeNumber(&words, label)
        guard number >= 0 else { throw ArgumentFailure(label, "0 or more", not: "\(number)") }
        return number
    }

    /// - Throws: `ArgumentFailure` for a number outside the range, too.
    static func read(word: String?, _ label: String, within range: ClosedRange<Int>) throws -> Int {
        var words = (word.map { [$0] } ?? [])[...]
        let number = try wholeNumber(&words, label)
        guard range.contains(number) else {
            throw ArgumentFailure(
                label, "a number from \(range.lowerBound) to \(range.upperBound)", not: "\(number)")
        }
        return number
    }

    private static func wholeNumber(_ words: inout ArraySlice<String>, _ label: String) throws -> Int {
        let word = try String.read(&words, label)
        if let number = Int(word) { return number }
        let digits = word.hasPrefix("-") || word.hasPrefix("+") ? word.dropFirst() : word[...]
        let isTooLarge = !digits.isEmpty && digits.utf8.allSatisfy { (48...57).contains($0) }
        throw isTooLarge
            ? ArgumentFailure("\(label): “\(word)” is too large") : ArgumentFailure(label, "a whole number", not: word)
    }
}

extension Double: ArgumentValue {
    static func read(_ words: inout ArraySlice<String>, _ label: String) throws -> Double {
        let word = try String.read(&words, label)
        guard let number = Double(word), number.isFinite else {
            throw ArgumentFailure(label, "a number", not: word)
        }
        guard number >= 0 else { throw ArgumentFailure(label, "0 or more", not: word) }
        return number
    }
}

/// `30s`, `10m`, `1h30m`; a number alone counts seconds, with a fraction if need be.
extension Duration: ArgumentValue {
    static func read(_ words: inout ArraySlice<String>, _ label: String) throws -> Duration {
        let word = try String.read(&words, label)
        guard let seconds = Double(word) ?? seconds(in: word), seconds > 0, seconds < 1e7 else {
            throw ArgumentFailure(label, "a time such as 30s, 10m or 1h30m", not: word)
        }
        return .seconds(seconds)
    }

    private static func seconds(in word: String) -> Double? {
        guard let match = word.lowercased().wholeMatch(of: /(?:([0-9]{1,6})h)?(?:([0-9]{1,6})m)?(?:([0-9.]{1,9})s)?/)
        else { return nil }
        let parts = [(match.1, 3600.0), (match.2, 60), (match.3, 1)]
        var sum = 0.0
        for (digits, unit) in parts {
            guard let digits else { continue }
            guard let number = Double(digits) else { return nil }
            sum += number * unit
        }
        return sum
    }
}

extension Format: WordChoice {}

extension ColorChoice: WordChoice {}

extension Language: ArgumentValue {
    static func read(_ words: inout ArraySlice<String>, _ label: String) throws -> Language {
        let word = try String.read(&words, label)
        guard let language = Language(name: word) else {
            throw ArgumentFailure(label, among: allCases.map(\.rawValue), not: word)
        }
        return language
    }

    static var candidates: CandidateSource { .words(allCases.map { .init($0.rawValue, $0.title) }) }
}

/// A file to read or write.
struct FilePath: ArgumentValue {
    let path: String

    static func read(_ words: inout ArraySlice<String>, _ label: String) throws -> FilePath {
        FilePath(path: try String.read(&words, label))
    }
    static var candidates: CandidateSource { .files }
}

/// Where results go: a file, or `|COMMAND`.
struct ResultTarget: ArgumentValue {
    let text: String

    static func read(_ words: inout ArraySlice<String>, _ label: String) throws -> ResultTarget {
        ResultTarget(text: try String.read(&words, label))
    }
    static var candidates: CandidateSource { .files }
    static var takesCommand: Bool { true }
}

extension ErrorFormat: WordChoice {}

/// A file, or the number of a descriptor that the parent has opened.
extension ReportTarget: ArgumentValue {
    static func read(_ words: inout ArraySlice<String>, _ label: String) throws -> ReportTarget {
        let word = try String.read(&words, label)
        let number = Int32(word) ?? NamedDescriptor.number(in: word)
        if word == "-" || number == STDIN_FILENO || number == STDOUT_FILENO {
            throw ArgumentFailure(
                "\(label) takes a file, or a descriptor other than 0 and 1: stdout has the results alone")
        }
        return number.map { .descriptor($0) } ?? .file(word)
    }
    static var candidates: CandidateSource { .files }
}

/// A cluster by name or id.
struct ClusterReference: ArgumentValue {
    let text: String

    static func read(_ words: inout ArraySlice<String>, _ label: String) throws -> ClusterReference {
        ClusterReference(text: try String.read(&words, label))
    }
    static var candidates: CandidateSource { .clusters }
}

/// A warehouse by name or id.
struct WarehouseReference: ArgumentValue {
    let text: String

    static func read(_ words: inout ArraySlice<String>, _ label: String) throws -> WarehouseReference {
        WarehouseReference(text: try String.read(&words, label))
    }
    static var candidates: CandidateSource { .warehouses }
}

/// `NAME=VALUE`.
struct NamedValue: ArgumentValue {
    let name: String
    let value: String

    static func read(_ words: inout ArraySlice<String>, _ label: String) throws -> NamedValue {
        try NamedValue(try String.read(&words, label), "=", label, "NAME=VALUE")
    }

    /// - Throws: `ArgumentFailure` when there is no separator, or no name before it.
    init(_ text: String, _ separator: Character, _ label: String, _ syntax: String) throws {
        guard let at = text.firstIndex(of: separator), at > text.startIndex else {
            throw ArgumentFailure("\(label) is written \(syntax), not “\(text)”")
        }
        name = String(text[..<at])
        value = String(text[text.index(after: at)...])
    }
}

/// `NAME: VALUE`, a header of a request.
struct HeaderLine: ArgumentValue {
    let name: String
    let value: String

    static func read(_ words: inout ArraySlice<String>, _ label: String) throws -> HeaderLine {
        let pair = try NamedValue(try String.read(&words, label), ":", label, "'NAME: VALUE'")
        return HeaderLine(name: pair.name.trimmingBlanks(), value: pair.value.trimmingBlanks())
    }
}

/// A parameter of SQL statements, `NAME[:TYPE]=VALUE`. The type is any SQL type that Databricks takes for a parameter,
/// e.g. `DATE` or `DECIMAL(10,2)`.
extension StatementRequest.Parameter: ArgumentValue {
    static func read(_ words: inout ArraySlice<String>, _ label: String) throws -> StatementRequest.Parameter {
        let text = try String.read(&words, label)
        guard let equals = text.firstIndex(of: "=") else {
            throw ArgumentFailure("\(label) is written NAME=VALUE or NAME:TYPE=VALUE, not “\(text)”")
        }
        let name = text[..<equals].split(separator: ":", maxSplits: 1)
        guard let first = name.first else { throw ArgumentFailure("\(label) \(text) has no name") }
        return StatementRequest.Parameter(
            name: String(first), type: name.count > 1 ? name[1].uppercased() : nil,
            value: String(text[text.index(after: equals)...]))
    }
}
