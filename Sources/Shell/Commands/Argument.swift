import Databricks
import Results

/// Why words do not fit an argument; the call adds the command's usage.
struct ArgumentFailure: Error {
    let message: String

    init(_ message: String) { self.message = message }
}

/// Where Tab finds values for an argument.
enum CandidateSource: Sendable {
    case none
    case words([Candidate])
    case commands
    case clusters
    case warehouses
    case profiles
    case files

    /// A word Tab offers and the note shown beside it.
    struct Candidate: Sendable {
        let text: String
        let note: String

        init(_ text: String, _ note: String = "") {
            self.text = text
            self.note = note
        }
    }
}

/// A type that can be the value of an argument. The type is the argument's grammar: what it reads, how usage shows it
/// and what Tab offers.
protocol ArgumentValue {
    /// Takes the words that make a value from the front.
    /// - Throws: `ArgumentFailure` when they do not.
    static func read(_ words: inout ArraySlice<String>, _ label: String) throws -> Self
    static func usage(_ label: String) -> String
    static var candidates: CandidateSource { get }
    /// Whether an optional argument takes this word; if not, it is left out and the word goes to the next argument.
    static func accepts(_ word: String) -> Bool
}

extension ArgumentValue {
    static func accepts(_ word: String) -> Bool { true }
    static func usage(_ label: String) -> String { label }
    static var candidates: CandidateSource { .none }
}

/// An argument without its type, as the spec lists it.
protocol AnyArgument {
    var label: String { get }
    var help: String { get }
    var usage: String { get }
    var candidates: CandidateSource { get }
    func check(_ words: inout ArraySlice<String>) throws
}

/// A positional argument: `Argument<Format>` is required, `Argument<Format?>` optional, `Argument<[String]>` the rest.
struct Argument<Value: ArgumentValue>: AnyArgument {
    let label: String
    let help: String
    private let source: CandidateSource?

    init(_ label: String, _ help: String = "", from source: CandidateSource? = nil) {
        self.label = label
        self.help = help
        self.source = source
    }

    var usage: String { Value.usage(label) }
    var candidates: CandidateSource { source ?? Value.candidates }

    func check(_ words: inout ArraySlice<String>) throws { _ = try Value.read(&words, label) }
}

extension Optional: ArgumentValue where Wrapped: ArgumentValue {
    static func read(_ words: inout ArraySlice<String>, _ label: String) throws -> Wrapped? {
        guard let first = words.first, Wrapped.accepts(first) else { return nil }
        return try Wrapped.read(&words, label)
    }
    static func usage(_ label: String) -> String { "[\(Wrapped.usage(label))]" }
    static var candidates: CandidateSource { Wrapped.candidates }
}

extension Array: ArgumentValue where Element: ArgumentValue {
    static func read(_ words: inout ArraySlice<String>, _ label: String) throws -> [Element] {
        var values: [Element] = []
        while !words.isEmpty { values.append(try Element.read(&words, label)) }
        return values
    }
    static func usage(_ label: String) -> String { "[\(Element.usage(label))…]" }
    static var candidates: CandidateSource { Element.candidates }
}

extension String: ArgumentValue {
    static func read(_ words: inout ArraySlice<String>, _ label: String) throws -> String {
        guard let word = words.popFirst() else { throw ArgumentFailure("\(label) is missing") }
        return word
    }
}

extension Int: ArgumentValue {
    static func read(_ words: inout ArraySlice<String>, _ label: String) throws -> Int {
        let word = try String.read(&words, label)
        guard let number = Int(word), number >= 0 else {
            throw ArgumentFailure("\(label) must be a whole number, not “\(word)”")
        }
        return number
    }
}

extension Double: ArgumentValue {
    static func read(_ words: inout ArraySlice<String>, _ label: String) throws -> Double {
        let word = try String.read(&words, label)
        guard let number = Double(word), number.isFinite, number >= 0 else {
            throw ArgumentFailure("\(label) must be a number, not “\(word)”")
        }
        return number
    }
}

/// `on` or `off`.
enum Switch: String, CaseIterable, WordChoice {
    case on, off
}

/// A value written as one of a few words.
protocol WordChoice: ArgumentValue, CaseIterable, RawRepresentable where RawValue == String {
    /// What Tab says beside each word.
    var note: String { get }
}

extension WordChoice {
    var note: String { "" }

    static func read(_ words: inout ArraySlice<String>, _ label: String) throws -> Self {
        let word = try String.read(&words, label)
        guard let value = Self(rawValue: word.lowercased()) else {
            let all = allCases.map(\.rawValue).joined(separator: ", ")
            throw ArgumentFailure("\(label) is one of \(all), not “\(word)”")
        }
        return value
    }

    static var candidates: CandidateSource { .words(allCases.map { .init($0.rawValue, $0.note) }) }
}

/// An operation that stands first and may be left out: any other word belongs to the argument after it.
protocol Operation: WordChoice {}

extension Operation {
    static func accepts(_ word: String) -> Bool { Self(rawValue: word) != nil }
}

extension Format: WordChoice {
    var note: String {
        switch self {
        case .box: "lines around cells; the default at a terminal"
        case .table: "the same in ASCII"
        case .markdown: "a Markdown table"
        case .vertical: "a line for each column"
        case .csv: "comma-separated, RFC 4180; the default elsewhere"
        case .tsv: "tab-separated"
        case .json: "one array of objects"
        case .jsonl: "an object a line"
        case .html: "an HTML table"
        case .insert: "INSERT statements"
        }
    }
}

extension Language: ArgumentValue {
    static func read(_ words: inout ArraySlice<String>, _ label: String) throws -> Language {
        let word = try String.read(&words, label)
        guard let language = Language(name: word) else {
            throw ArgumentFailure("\(label) is one of sql, python, scala, r, not “\(word)”")
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
