/// A command as typed: its words read as the arguments and options of its signature.
struct Call {
    let spec: any Signature
    private var found: [String: [any AnyOccurrence]] = [:]
    /// Where each word that is no option stood among all words.
    private let places: [Int]

    /// - Throws: `UsageError` for a word that no argument takes, a missing argument, or a value that its type refuses.
    init(_ spec: any Signature, words: [String]) throws {
        try self.init(spec, try SortedWords(words, for: spec))
    }

    /// - Throws: `UsageError` as above.
    init(_ spec: any Signature, _ sorted: SortedWords) throws {
        self.spec = spec
        places = sorted.plain.map(\.place)
        for option in sorted.options {
            let flag = option.flag
            if spec.place == .prompt, !flag.repeats, found[flag.name] != nil {
                throw UsageError("\(flag.name) is there twice", spec)
            }
            let occurrence = try reading { try flag.occurrence(option.value, at: option.place) }
            found[flag.name, default: []].append(occurrence)
        }
        var words = sorted.plain.map(\.text)[...]
        for argument in spec.arguments { found[argument.label] = [try reading { try argument.take(&words) }] }
        if let extra = words.first { throw UsageError("“\(extra)” is one word too many", spec) }
    }

    private func reading<Result>(_ body: () throws -> Result) throws -> Result {
        do { return try body() } catch let failure as ArgumentFailure { throw UsageError(failure.message, spec) }
    }

    /// The value of one of the command's arguments.
    subscript<Value>(_ argument: Argument<Value>) -> Value {
        guard let occurrence = found[argument.label]?.first as? Occurrence<Value> else {
            preconditionFailure("\(spec.title) has no argument \(argument.label) of this type")
        }
        return occurrence.value
    }

    /// The value of an option; of one that the command does not have, as if it were not there.
    subscript<Value>(_ flag: Flag<Value>) -> Value { Value.value(of: uses(of: flag).map(\.value)) }

    func has(_ flag: any AnyFlag) -> Bool { found[flag.name] != nil }

    private func uses<Value>(of flag: Flag<Value>) -> [Occurrence<Value.Use>] {
        (found[flag.name] ?? []).compactMap { $0 as? Occurrence<Value.Use> }
    }

    /// What several options, and the words of an argument, mean in the order in which they were typed: where the later beats
    /// the earlier, or all are done one after another.
    func inOrder<Value>(_ flags: [Flag<Value>], and argument: Argument<[Value.Use]>? = nil) -> [Value.Use]
    where Value.Use: ArgumentValue {
        var all = flags.flatMap { uses(of: $0) }
        if let argument, let words = found[argument.label]?.first as? Occurrence<[Value.Use]> {
            // A word each.
            all += words.value.enumerated().map { .init(value: $1, place: places[words.place + $0]) }
        }
        return all.sorted { $0.place < $1.place }.map(\.value)
    }
}
