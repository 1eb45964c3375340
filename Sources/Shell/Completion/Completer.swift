import Databricks
import Glibc
import System
import Terminal
import Text

/// Answers Tab: commands and their arguments from the registry, files from the disk, names of the catalogs as `CatalogNames` gets
/// them. Names of clusters and warehouses, and those of Python, are what is known already.
final class Completer {
    private let session: Session
    let catalogNames: CatalogNames
    private let pythonNames: PythonNames
    private let remoteNames: RemoteNames

    init(_ session: Session) {
        self.session = session
        catalogNames = CatalogNames(session.workspace)
        pythonNames = PythonNames(session.workspace, session.jobs)
        remoteNames = RemoteNames(session.workspace)
    }

    /// Whether the shell waits for the user: then there is time to fetch names.
    var isIdle = false {
        didSet {
            catalogNames.isIdle = isIdle
            pythonNames.isIdle = isIdle
        }
    }

    /// Cells were entered: names that they may have changed are fetched again.
    func note(_ text: String) { catalogNames.note(text) }

    /// An SQL cell will run: fetches names that are likely to be needed.
    func prefetch() { catalogNames.prefetch() }

    func complete(_ text: String, at cursor: Int) async -> Completion {
        let bytes = Array(text.utf8.prefix(cursor))
        let before = String(decoding: bytes, as: UTF8.self)
        let line = before.split(separator: "\n", omittingEmptySubsequences: false).last.map(String.init) ?? ""
        let trimmed = line.drop { $0 == " " || $0 == "\t" }
        if trimmed.hasPrefix(".") {
            let typed = TypedWords(trimmed.dropFirst())
            let range = cursor - typed.lengthOfLast..<cursor
            // The dot belongs to the name.
            if typed.words.count <= 1 {
                return commands("." + (typed.words.first ?? ""), range.lowerBound - 1..<cursor)
            }
            let word = typed.words.last ?? ""
            let found = await catalogNames.completing(typed: SQLName.parts(of: word).last ?? "") { known in
                arguments(of: typed.words, word, known)
            }
            return Completion(replacing: range, found)
        }
        let wordStart = line.lastIndex { $0 == " " || $0 == "\t" }.map { line.index(after: $0) } ?? line.startIndex
        let word = String(line[wordStart...])
        let range = cursor - word.utf8.count..<cursor
        if trimmed.hasPrefix("%"), !trimmed.contains(" ") {
            return Completion(replacing: range, Magic.names.filter { $0.hasPrefix(word) }.map { Candidate($0) })
        }
        switch language(of: before) {
        case .sql: return await sql(text, cursor)
        case .python: return python(before, cursor)
        case .scala, .r: return .none
        }
    }

    /// The language of the cell: its magic's, else the session's.
    private func language(of text: String) -> Language {
        let first = text.trimmingBlanks().prefix { !$0.isWhitespace }
        guard first.hasPrefix("%") else { return session.language }
        return Language(name: String(first.dropFirst())) ?? session.language
    }

    private func commands(_ word: String, _ range: Range<Int>) -> Completion {
        let found = Registry.specs.filter { "." + $0.name >= word && ("." + $0.name).hasPrefix(word) }
        return Completion(replacing: range, found.map { Candidate("." + $0.name, note: $0.summary) })
    }

    private func arguments(of words: [String], _ word: String, _ known: KnownNames) -> [Candidate] {
        guard let spec = Registry.spec(named: words[0].lowercased()) else { return [] }
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
        case .commands:
            Registry.specs.filter { $0.name.hasPrefix(word) }.map { Candidate($0.name, note: $0.summary) }
                + Topic.all.filter { $0.name.hasPrefix(word) }.map { Candidate($0.name, note: $0.summary) }
        case .clusters: named(session.workspace.names.clusters.filter { suits($0.state) }, word)
        case .warehouses: named(session.workspace.names.warehouses.filter { suits($0.state) }, word)
        case .profiles:
            ConfigurationFile.profileNames(session.environment.variables, home: session.environment.home).filter {
                $0.hasPrefix(word)
            }.map { Candidate($0) }
        case .files: RemotePath(word) == nil ? files(word) : []
        case .remotePaths:
            remoteNames.candidates(word).map { Candidate(Words.quote($0.text), suffix: $0.isFolder ? "" : " ") }
        case .catalog(let level): CatalogPath(word, level).candidates(known)
        }
    }

    private func named(_ names: [(id: String, name: String, state: String)], _ word: String) -> [Candidate] {
        names.filter { $0.name.lowercased().hasPrefix(word.lowercased()) || $0.id.hasPrefix(word) }
            .map {
                Candidate(
                    Words.quote($0.id.hasPrefix(word) && !word.isEmpty ? $0.id : $0.name), note: "\($0.state) \($0.id)")
            }
    }

    private func files(_ word: String) -> [Candidate] {
        let slash = word.lastIndex(of: "/")
        let shown = slash.map { String(word[...$0]) } ?? ""
        let prefix = slash.map { String(word[word.index(after: $0)...]) } ?? word
        let directory = shown.isEmpty ? "." : session.paths.resolve(shown)
        return Files.entries(in: directory)
            .filter { $0.name.hasPrefix(prefix) && (!$0.name.hasPrefix(".") || prefix.hasPrefix(".")) }
            .map { Candidate(shown + $0.name + ($0.isDirectory ? "/" : ""), suffix: $0.isDirectory ? "" : " ") }
            .sorted { $0.text < $1.text }
    }

    /// Names that fit the place in the statement, and SQL keywords.
    private func sql(_ text: String, _ cursor: Int) async -> Completion {
        let place = SQLCompletion(text, cursor: cursor)
        let names = await catalogNames.completing(typed: place.typed) { place.candidates(known: $0) }.map {
            Candidate(place.written($0.name.text), note: $0.name.note, suffix: $0.suffix)
        }
        let keywords = place.keywords.map { Candidate($0) }
        return Completion(replacing: place.start..<cursor, names + keywords)
    }

    /// Live names of the context, and Python's keywords.
    private func python(_ before: String, _ cursor: Int) -> Completion {
        let (expression, typed) = PythonNames.split(before)
        guard !(expression.isEmpty && typed.isEmpty) else { return .none }
        let isAttribute = !expression.isEmpty
        let live = pythonNames.names(after: expression).filter { $0.hasPrefix(typed) }
        let keywords =
            isAttribute ? [] : KeywordLists.words(of: .python).filter { $0.hasPrefix(typed) && !live.contains($0) }
        return Completion(
            replacing: cursor - typed.utf8.count..<cursor,
            live.map { Candidate($0, suffix: "") } + keywords.sorted().map { Candidate($0) })
    }
}
