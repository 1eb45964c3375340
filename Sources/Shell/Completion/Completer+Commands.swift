import Databricks
import Results
import Terminal
import Text

/// Tab in a line of dbsh's own.
extension Completer {
    /// - Parameter line: from the dot to the cursor.
    func command(_ text: String, _ before: String, _ line: String, _ cursor: Int) async -> Completion {
        let typed = TypedWords(line.dropFirst())
        let range = cursor - typed.lengthOfLast..<cursor
        // The dot belongs to the name.
        guard typed.words.count > 1 else {
            return commands("." + (typed.words.first ?? ""), range.lowerBound - 1..<cursor)
        }
        let spec = Registry.spec(named: typed.words[0].lowercased())
        if let cell = spec.flatMap({ code($0, line) }) {
            // What follows the name is a cell of its own.
            let lead = before.utf8.count - cell.utf8.count
            let rest = String(decoding: Array(text.utf8).dropFirst(lead), as: UTF8.self)
            let completion = await complete(rest, at: cursor - lead)
            let moved = completion.range.lowerBound + lead..<completion.range.upperBound + lead
            return Completion(replacing: moved, completion.candidates, isPartial: completion.isPartial)
        }
        let word = typed.words.last ?? ""
        if let open = word.ranges(of: "${").last, !word[open.upperBound...].contains("}") {
            let name = String(word[open.upperBound...])
            return Completion(replacing: cursor - name.utf8.count..<cursor, variables(name))
        }
        guard let spec else { return Completion.none }
        await remoteNames.load(word)
        var isPartial = false
        let found = await catalogNames.completing(typed: SQLName.parts(of: word).last ?? "", within: Self.patience) {
            known in
            isPartial = false
            return arguments(spec, typed.words, word) { question in
                let names = known(question)
                if names == nil { isPartial = true }
                return names
            }
        }
        return Completion(replacing: range, found, isPartial: isPartial)
    }

    /// The cell that some commands take as it stands; nil when this is none.
    private func code(_ spec: CommandSpec, _ line: String) -> String? {
        let text = line.drop { !$0.isWhitespace }.drop { $0 == " " || $0 == "\t" }
        switch spec.name {
        case "bg": return String(text)
        case "summary": return text.contains(where: \.isWhitespace) ? String(text) : nil
        default: return nil
        }
    }

    private func commands(_ word: String, _ range: Range<Int>) -> Completion {
        let found = Registry.specs.filter { "." + $0.name >= word && ("." + $0.name).hasPrefix(word) }
        return Completion(replacing: range, found.map { Candidate("." + $0.name, note: $0.summary) })
    }

    /// The names that `${…}` takes.
    private func variables(_ word: String) -> [Candidate] {
        let environment = session.environment.variables.keys.sorted().map { ("env:" + $0, "environment") }
        let all =
            session.parameters.all.map(\.name).map { ($0, "parameter") }
            + (word.isEmpty ? [("env:", "environment")] : environment)
        return all.filter { $0.0.hasPrefix(word) }
            .map { Candidate($0.0 + ($0.0 == "env:" ? "" : "}"), note: $0.1, suffix: "") }
    }

    private func arguments(
        _ spec: CommandSpec, _ words: [String], _ word: String, _ known: KnownNames
    ) -> [Candidate] {
        if spec.takesText {
            return spec.arguments.first.map { candidates($0.candidates, word, known) { _ in true } } ?? []
        }
        let before = Array(words.dropFirst().dropLast())
        switch spec.expected(after: before, typing: word) {
        case .options(let flags):
            return flags.filter { $0.name.hasPrefix(word) && !$0.isHidden }.map { Candidate($0.name, note: $0.help) }
        case .inline(let source, let name, let typed):
            return candidates(source, typed, known) { _ in true }.map {
                Candidate(name + $0.text, note: $0.note, suffix: $0.suffix)
            }
        case .value(let source): return candidates(source, word, known) { _ in true }
        case .arguments(let sources, _):
            let operation = before.count == 1 ? before[0] : ""
            return sources.flatMap { candidates($0, word, known) { spec.suits?(operation, $0) ?? true } }
        }
    }

    /// - Parameter suits: whether a cluster or warehouse in that state is offered.
    private func candidates(
        _ source: CandidateSource, _ word: String, _ known: KnownNames, suits: (_ state: String) -> Bool
    ) -> [Candidate] {
        if let client = session.workspace.client { session.workspace.names.refresh(client) }
        return switch source {
        case .none, .subcommands: []
        case .either(let first, let second):
            candidates(first, word, known, suits: suits) + candidates(second, word, known, suits: suits)
        case .words(let words):
            words.filter { $0.text.hasPrefix(word.lowercased()) }.map { Candidate($0.text, note: $0.note) }
        case .commands: topics(word)
        case .clusters:
            named(
                session.workspace.names.clusters.filter { suits($0.state) }
                    // It is neither started nor terminated.
                    + (suits("RUNNING") && suits("TERMINATED")
                        ? [(ConnectCompute.serverlessID, ConnectCompute.serverlessID, "Python here, Spark there:")]
                        : []),
                word)
        case .warehouses: named(session.workspace.names.warehouses.filter { suits($0.state) }, word)
        case .profiles:
            ConfigurationFile.profileNames(session.environment.variables, home: session.environment.home).filter {
                $0.hasPrefix(word)
            }.map { Candidate($0) }
        case .files: RemotePath(word) == nil ? files(word) : []
        case .remotePaths:
            remoteNames.candidates(word).map { Candidate(Words.quote($0.text), suffix: $0.isFolder ? "" : " ") }
        case .catalog(let level): CatalogPath(word, level).candidates(known)
        case .jobs:
            session.jobs.all.reversed().filter { "\($0.number)".hasPrefix(word) }
                .map { Candidate("\($0.number)", note: "\($0.stateText) \($0.title)") }
        case .cells:
            session.log.entries.reversed().filter { "\($0.number)".hasPrefix(word) }.prefix(50)
                .map { Candidate("\($0.number)", note: $0.cell.firstLine) }
        case .columns:
            (session.last.content?.columns ?? []).filter { $0.name.lowercased().hasPrefix(word.lowercased()) }
                .map { Candidate(Words.quote($0.name), note: $0.typeText) }
        case .parameters:
            session.parameters.all.map(\.name).filter { $0.hasPrefix(word) }.map { Candidate($0) }
        }
    }

    private func topics(_ word: String) -> [Candidate] {
        let all =
            Registry.specs.map { ($0.name, $0.summary) } + Topic.all.map { ($0.name, $0.summary) }
            + (word.hasPrefix("%") ? MagicHelp.all.map { ($0.name, $0.summary) } : [])
        return all.filter { $0.0.hasPrefix(word) }.map { Candidate($0.0, note: $0.1) }
    }

    private func named(_ names: [(id: String, name: String, state: String)], _ word: String) -> [Candidate] {
        names.filter { $0.name.lowercased().hasPrefix(word.lowercased()) || $0.id.hasPrefix(word) }
            .map {
                Candidate(
                    Words.quote($0.id.hasPrefix(word) && !word.isEmpty ? $0.id : $0.name), note: "\($0.state) \($0.id)")
            }
    }
}
