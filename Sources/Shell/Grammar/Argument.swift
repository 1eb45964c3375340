/// An argument without its type, as a signature lists it.
protocol AnyArgument {
    var label: String { get }
    var help: String { get }
    var usage: String { get }
    var candidates: CandidateSource { get }
    /// Takes all words that are left.
    var takesRest: Bool { get }
    /// Takes `|` and the rest of the line as it stands.
    var takesCommand: Bool { get }
    /// Takes its words from the front and returns its value as an `Occurrence`.
    /// - Throws: `ArgumentFailure`.
    func take(_ words: inout ArraySlice<String>) throws -> any AnyOccurrence
}

/// A positional argument: `Argument<Format>` is required, `Argument<Format?>` optional, `Argument<[String]>` the rest.
/// `call[argument]` is its value.
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

    var takesRest: Bool { Value.takesRest }
    var takesCommand: Bool { Value.takesCommand }

    func take(_ words: inout ArraySlice<String>) throws -> any AnyOccurrence {
        let start = words.startIndex
        return Occurrence(value: try Value.read(&words, label), place: start)
    }
}

/// A value that was typed, and where; without its type.
protocol AnyOccurrence {}

/// A value that was typed.
struct Occurrence<Value>: AnyOccurrence {
    let value: Value
    /// How many words were typed before it.
    let place: Int
}
