/// Finds out what a command line is for: dbsh itself or one of its subcommands, and reads its words with that one's grammar.
struct CommandLineReader {
    /// dbsh itself.
    let shell: any Subcommand
    let subcommands: [any Subcommand]
    /// The signatures of the subcommands, in their order: each is made once.
    private let specs: [ProgramSpec]

    init(shell: any Subcommand, subcommands: [any Subcommand]) {
        self.shell = shell
        self.subcommands = subcommands
        specs = subcommands.map(\.spec)
    }

    /// A command line as it was meant.
    struct Reading {
        let subcommand: any Subcommand
        let words: SortedWords
    }

    /// - Throws: `UsageError` for an option that the subcommand does not have, or that lacks its value.
    func read(_ arguments: [String]) throws -> Reading {
        let (subcommand, words) = try split(arguments)
        do {
            return Reading(subcommand: subcommand, words: try SortedWords(words, for: subcommand.spec))
        } catch let error as UsageError where subcommand.spec.name.isEmpty {
            guard let owner = owner(of: arguments) else { throw error }
            throw UsageError(error.message, hint: "it is an option of \(owner.title)")
        }
    }

    /// The subcommand is the first word that is neither an option nor the value of one, so that options may stand on both sides of
    /// it. A script that is called so is written `./test`, or behind `--`.
    func split(_ arguments: [String]) throws -> (any Subcommand, words: [String]) {
        guard arguments.contains(where: { subcommand(named: $0) != nil }) else { return (shell, arguments) }
        let others = specs.flatMap(\.flags)
        let words = try SortedWords(arguments, for: shell.spec, knowing: others, isLenient: true)
        guard let first = words.plain.first, !first.isForced, let subcommand = subcommand(named: first.text) else {
            return (shell, arguments)
        }
        var rest = arguments
        rest.remove(at: first.place)
        return (subcommand, rest)
    }

    /// The value of an option, also when something else is wrong with the arguments.
    func value<Value: ArgumentValue>(of flag: Flag<Value?>, in arguments: [String]) throws -> Value? {
        guard arguments.contains(where: { $0.hasPrefix(flag.name) }) else { return nil }
        let (subcommand, words) = try split(arguments)
        let sorted = try SortedWords(words, for: subcommand.spec, isLenient: true)
        guard let option = sorted.options.last(where: { $0.flag.name == flag.name }) else { return nil }
        return try Value.read(word: option.value, flag.name)
    }

    func subcommand(named name: String) -> (any Subcommand)? {
        specs.firstIndex { $0.name == name }.map { subcommands[$0] }
    }

    /// The subcommand that has an option which dbsh itself has not.
    private func owner(of arguments: [String]) -> ProgramSpec? {
        for argument in arguments {
            let name = String(argument.prefix { $0 != "=" })
            guard name.hasPrefix("--"), !shell.spec.allFlags.contains(where: { $0.name == name }) else { continue }
            return specs.first { $0.flags.contains { $0.name == name } }
        }
        return nil
    }
}
