import Databricks
import Glibc
import System
import Terminal
import Text

/// Answers Tab: commands and their arguments from the registry, files from the disk, names of the catalogs as `CatalogNames` gets
/// them, and those of Python from its context. It waits for names as long as the user does: the editor shows that it waits,
/// goes on with the keys, and gives up when something is typed.
final class Completer {
    /// When names do not come within it, candidates are shown without them.
    static let patience = Duration.seconds(10)

    let session: Session
    let catalogNames: CatalogNames
    let pythonNames: PythonNames
    let remoteNames: RemoteNames
    let functions: ServerFunctions
    private var watching: Task<Void, Never>?

    init(_ session: Session) {
        self.session = session
        catalogNames = CatalogNames(session.workspace)
        pythonNames = PythonNames(session.workspace, session.jobs)
        remoteNames = RemoteNames(session.workspace)
        functions = ServerFunctions(session.workspace)
    }

    /// Whether the shell waits for the user: then there is time to fetch names.
    var isIdle = false {
        didSet {
            catalogNames.isIdle = isIdle
            pythonNames.isIdle = isIdle
            if !isIdle { watching?.cancel() }
        }
    }

    /// Cells were entered: names that they may have changed are fetched again.
    func note(_ text: String) { catalogNames.note(text) }

    /// An SQL cell will run: fetches names that are likely to be needed.
    func prefetch() { catalogNames.prefetch() }

    /// The text has changed: the columns of the tables that it names are fetched, when nothing more is typed for a moment.
    func watch(_ text: String) {
        watching?.cancel()
        guard language(of: text) == .sql, text.contains(where: \.isWhitespace) else { return }
        watching = Task {
            try? await Task.sleep(for: .milliseconds(150))
            guard !Task.isCancelled, isIdle else { return }
            let text = Self.withoutMagic(text)
            if let function = SQLHint.function(in: text) { functions.expect(function) }
            let place = SQLCompletion(text, cursor: text.utf8.count)
            let tables = place.sources.compactMap(\.path).filter { $0 != place.qualifier }
            for table in tables where !Task.isCancelled {
                _ = await catalogNames.names(.columns(table: table), within: Self.patience)
            }
        }
    }

    func complete(_ text: String, at cursor: Int) async -> Completion {
        let before = String(decoding: Array(text.utf8.prefix(cursor)), as: UTF8.self)
        let line = before.split(separator: "\n", omittingEmptySubsequences: false).last.map(String.init) ?? ""
        let trimmed = line.drop { $0 == " " || $0 == "\t" }
        let language = language(of: before)
        // In Python a line may go on with a method.
        if trimmed.hasPrefix("."), language != .python || line.utf8.count == before.utf8.count {
            return await command(text, before, String(trimmed), cursor)
        }
        if trimmed.hasPrefix("%"), let completion = magic(String(trimmed), cursor) { return completion }
        switch language {
        case .sql: return await sql(Self.withoutMagic(text), cursor)
        case .python:
            let next = String(decoding: text.utf8.dropFirst(cursor), as: UTF8.self).first
            return await python(Self.withoutMagic(before), cursor, before: next)
        case .scala, .r: return .none
        }
    }

    /// The language of the cell: its magic's, else the session's.
    private func language(of text: String) -> Language {
        let first = text.trimmingBlanks().prefix { !$0.isWhitespace }
        guard first.hasPrefix("%") else { return session.language }
        return Language(name: String(first.dropFirst())) ?? session.language
    }

    /// The text with blanks in place of the cell's magic, so that places stay what they are.
    private static func withoutMagic(_ text: String) -> String {
        let lead = text.prefix { $0.isWhitespace }
        let rest = text.dropFirst(lead.count)
        guard rest.first == "%" else { return text }
        let magic = rest.prefix { !$0.isWhitespace }
        return lead + String(repeating: " ", count: magic.utf8.count) + rest.dropFirst(magic.count)
    }

    /// The names of magics, and the files that some take.
    private func magic(_ line: String, _ cursor: Int) -> Completion? {
        let typed = TypedWords(line)
        let range = cursor - typed.lengthOfLast..<cursor
        let word = typed.words.last ?? ""
        guard typed.words.count > 1 else {
            return Completion(replacing: range, Magic.names.filter { $0.hasPrefix(word) }.map { Candidate($0) })
        }
        switch typed.words[0] {
        case "%run", "%sh": return Completion(replacing: range, files(word))
        case "%pip", "%conda", "%uv", "%fs", "%md", "%skip": return Completion.none
        default: return nil
        }
    }

    func files(_ word: String) -> [Candidate] {
        let slash = word.lastIndex(of: "/")
        let shown = slash.map { String(word[...$0]) } ?? ""
        let prefix = slash.map { String(word[word.index(after: $0)...]) } ?? word
        let directory = shown.isEmpty ? "." : session.paths.resolve(shown)
        return Files.entries(in: directory)
            .filter { $0.name.hasPrefix(prefix) && (!$0.name.hasPrefix(".") || prefix.hasPrefix(".")) }
            .map {
                Candidate(
                    Words.quote(shown + $0.name) + ($0.isDirectory ? "/" : ""), suffix: $0.isDirectory ? "" : " ")
            }
            .sorted { $0.text < $1.text }
    }
}
