/// Answers Tab in other shells: what may stand where a word of the command line is being typed.
struct CommandLineCompletion {
    let reader: CommandLineReader
    let profiles: () -> [String]

    /// Given first, it makes the rest of the arguments the words typed so far, the last one perhaps unfinished.
    static let option = "--complete"
    /// The line that asks the shell for its files.
    static let files = ":files"

    /// A candidate a line, with a tab and a note behind it.
    func lines(for words: [String]) -> [String] {
        var before = words
        let word = before.popLast() ?? ""
        guard let (subcommand, rest) = try? reader.split(before) else { return [] }
        switch subcommand.spec.expected(after: rest, typing: word) {
        case .options(let flags):
            // What is only short for something else is offered when it is begun.
            return flags.filter { $0.name.hasPrefix(word) && (!$0.isHidden || word.count > 2) && !Self.isInternal($0) }
                .map { "\($0.name)\t\($0.help)" }
        case .value(let source): return candidates(source, word)
        case .inline(let source, let name, let typed):
            return candidates(source, typed).map { $0 == Self.files ? $0 : name + $0 }
        case .arguments(let sources, let position):
            let isFirst = subcommand.spec.name.isEmpty && position == 0 && !rest.contains("--")
            return (isFirst ? candidates(.subcommands, word) : []) + sources.flatMap { candidates($0, word) }
        }
    }

    private static func isInternal(_ flag: any AnyFlag) -> Bool {
        [Options.generate.name, Options.needsEngine.name].contains(flag.name)
    }

    private func candidates(_ source: CandidateSource, _ word: String) -> [String] {
        func fitting(_ all: [(text: String, note: String)]) -> [String] {
            all.filter { $0.text.hasPrefix(word) }.map { "\($0.text)\t\($0.note)" }
        }
        switch source {
        // Names of the workspace are not asked for: nothing here waits for a network. There is no session.
        case .none, .clusters, .warehouses, .catalog, .remotePaths, .jobs, .cells, .columns, .parameters:
            return []
        case .words(let words): return fitting(words.map { ($0.text, $0.note) })
        case .commands: return fitting(Registry.specs.map { (".\($0.name)", $0.summary) })
        case .subcommands: return fitting(reader.subcommands.map { ($0.spec.name, $0.spec.summary) })
        case .profiles: return fitting(profiles().map { ($0, "") })
        case .files: return [Self.files]
        case .either(let first, let second): return candidates(first, word) + candidates(second, word)
        }
    }
}
