/// What may stand where a word is being typed: for Tab, at the prompt and on the command line.
enum ExpectedWords {
    case options([any AnyFlag])
    /// The value of an option.
    case value(CandidateSource)
    /// An argument, and how many stand before it; one that may be left out is offered together with the one after it.
    case arguments([CandidateSource], position: Int)
    /// The value of an option behind its `=`; `name` is the option with the `=`.
    case inline(CandidateSource, name: String, typed: String)
}

extension Signature {
    /// - Parameters:
    ///   - before: the words of the command before the one being typed.
    ///   - word: what is there of that one.
    func expected(after before: [String], typing word: String) -> ExpectedWords {
        guard let sorted = try? SortedWords(before, for: self, isLenient: true) else {
            return .arguments([], position: 0)
        }
        if let open = sorted.open { return .value(open.candidates) }
        if word.hasPrefix("-"), !sorted.optionsEnded {
            if let equals = word.firstIndex(of: "="), let flag = allFlags.first(where: { $0.name == word[..<equals] }) {
                let typed = word.index(after: equals)
                return .inline(flag.candidates, name: String(word[..<typed]), typed: String(word[typed...]))
            }
            return .options(allFlags)
        }
        let position = sorted.plain.count
        if position >= arguments.count, let last = arguments.last, last.takesRest {
            return .arguments([last.candidates], position: position)
        }
        let fitting = arguments.dropFirst(position).prefix(position == 0 ? 2 : 1)
        return .arguments(fitting.map(\.candidates), position: position)
    }
}
