/// Why words do not fit an argument or an option; `Call` adds where to read more.
struct ArgumentFailure: Error {
    let message: String
    /// What the value had to be, and what was typed instead; nil where the message says something else.
    private var wanted: (kind: String, typed: String)?

    init(_ message: String) { self.message = message }

    /// A value that is not of its kind.
    /// - Parameter kind: as it stands behind “must be” or “is”: `a whole number`, `one of on, off`.
    init(_ label: String, verb: String = "must be", _ kind: String, not typed: String) {
        // A label that is a list of words says the same again.
        message = label.contains("|") ? "“\(typed)” is not \(kind)" : "\(label) \(verb) \(kind), not “\(typed)”"
        wanted = (kind, typed)
    }

    /// A word that is none of a few.
    init(_ label: String, among words: [String], not typed: String) {
        self.init(label, verb: "is", "one of " + words.joined(separator: ", "), not: typed)
    }

    /// The same failure where a few words would have fitted, too.
    func or(_ words: [String], _ label: String) -> ArgumentFailure {
        guard let wanted else { return self }
        return ArgumentFailure(label, wanted.kind + " or " + words.joined(separator: ", "), not: wanted.typed)
    }
}

/// Where Tab finds values for an argument or an option.
enum CandidateSource: Sendable {
    case none
    case words([Candidate])
    case commands
    case subcommands
    case clusters
    case warehouses
    case profiles
    case files
    case remotePaths
    /// Numbers of background jobs, and of cells of the history.
    case jobs, cells
    /// Columns of the last result.
    case columns
    /// Names of the session's parameters.
    case parameters
    /// Names of the catalogs, down to a level.
    case catalog(CatalogLevel)
    indirect case either(CandidateSource, CandidateSource)

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

/// How deep a name of the catalogs goes.
enum CatalogLevel: Sendable {
    case catalog, schema, table, volume, function
    /// A catalog, or a schema with its catalog.
    case place
}

/// A type that can be the value of an argument or an option. The type is the grammar: what it reads, how usage shows it
/// and what Tab offers.
protocol ArgumentValue {
    /// Takes the words that make a value from the front.
    /// - Parameter label: what messages call it: the label of an argument, the name of an option.
    /// - Throws: `ArgumentFailure` when they do not.
    static func read(_ words: inout ArraySlice<String>, _ label: String) throws -> Self
    static func usage(_ label: String) -> String
    static var candidates: CandidateSource { get }
    /// Whether an optional argument takes this word; if not, it is left out and the word goes to the next argument.
    static func accepts(_ word: String) -> Bool
    /// Whether it may be left out.
    static var isOptional: Bool { get }
    /// Whether it takes all words that are left.
    static var takesRest: Bool { get }
    /// Whether what begins with `|` is a command of the system's shell, to the end of the line as it stands.
    static var takesCommand: Bool { get }
}

extension ArgumentValue {
    static func accepts(_ word: String) -> Bool { true }
    static func usage(_ label: String) -> String { label }
    static var candidates: CandidateSource { .none }
    static var isOptional: Bool { false }
    static var takesRest: Bool { false }
    static var takesCommand: Bool { false }

    /// The value that one word is; without a word it is read from nothing.
    static func read(word: String?, _ label: String) throws -> Self {
        var words = (word.map { [$0] } ?? [])[...]
        return try read(&words, label)
    }
}

// MARK: How many

extension Optional: ArgumentValue where Wrapped: ArgumentValue {
    static func read(_ words: inout ArraySlice<String>, _ label: String) throws -> Wrapped? {
        guard let first = words.first, Wrapped.accepts(first) else { return nil }
        return try Wrapped.read(&words, label)
    }
    static func usage(_ label: String) -> String { "[\(Wrapped.usage(label))]" }
    static var candidates: CandidateSource { Wrapped.candidates }
    static var isOptional: Bool { true }
    static var takesCommand: Bool { Wrapped.takesCommand }
}

extension Array: ArgumentValue where Element: ArgumentValue {
    static func read(_ words: inout ArraySlice<String>, _ label: String) throws -> [Element] {
        var values: [Element] = []
        while !words.isEmpty { values.append(try Element.read(&words, label)) }
        return values
    }
    static func usage(_ label: String) -> String { "[\(Element.usage(label))…]" }
    static var candidates: CandidateSource { Element.candidates }
    static var isOptional: Bool { true }
    static var takesRest: Bool { true }
}

/// All the words that are left, of which there must be one.
struct OneOrMore<Element: ArgumentValue>: ArgumentValue {
    let values: [Element]

    static func read(_ words: inout ArraySlice<String>, _ label: String) throws -> OneOrMore {
        let first = try Element.read(&words, label)
        return OneOrMore(values: [first] + (try [Element].read(&words, label)))
    }
    static func usage(_ label: String) -> String { "\(Element.usage(label))…" }
    static var candidates: CandidateSource { Element.candidates }
    static var takesRest: Bool { true }
}

// MARK: Words with a meaning

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
            throw ArgumentFailure(label, among: allCases.map(\.rawValue), not: word)
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

/// One of a few words, or else a value of another kind: `auto` or a number, `off` or a file.
enum Either<Word: WordChoice, Other: ArgumentValue>: ArgumentValue {
    case word(Word)
    case other(Other)

    static func read(_ words: inout ArraySlice<String>, _ label: String) throws -> Either {
        if let word = words.first.flatMap({ Word(rawValue: $0.lowercased()) }) {
            words.removeFirst()
            return .word(word)
        }
        do {
            return .other(try Other.read(&words, label))
        } catch let failure as ArgumentFailure {
            throw failure.or(Word.allCases.map(\.rawValue), label)
        }
    }
    static var candidates: CandidateSource { .either(Word.candidates, Other.candidates) }
}

/// `on` or `off`.
enum Switch: String, WordChoice {
    case on, off
}
