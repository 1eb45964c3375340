import Databricks
import Synchronization
import Terminal
import Text

/// What the line editor asks about the text being typed, answered on its own thread: whether Enter runs it, what the
/// continuation prompts say and how it is coloured. Holds the language of plain cells, which is all it needs to know.
nonisolated final class InputLanguage: Sendable {
    static let shared = InputLanguage()

    private let language = Mutex(Language.sql)
    private let commands = Mutex<Set<String>>([])
    private let habits = Mutex<[String: String]>([:])

    func set(_ new: Language) { language.withLock { $0 = new } }

    /// - Parameters:
    ///   - names: of the meta commands.
    ///   - words: what is typed from habit at other prompts, and the line that each stands for.
    func set(commands names: Set<String>, habits words: [String: String]) {
        commands.withLock { $0 = names }
        habits.withLock { $0 = words }
    }

    /// What a text means: itself, or the line that a habit stands for.
    func meaning(of text: String) -> String {
        habits.withLock { $0[text.trimmingBlanks().lowercased()] } ?? text
    }

    func completeness(of text: String) -> Completeness {
        if habits.withLock({ $0[text.trimmingBlanks().lowercased()] }) != nil { return .complete }
        let language = language.withLock { $0 }
        guard let open = CellCompleteness.open(in: text, language: language, commands: commands.withLock { $0 }) else {
            return .complete
        }
        let indentation =
            open == .suite || open == .magic || language == .python
            ? CellCompleteness.indentation(after: text, language: .python) : ""
        return .incomplete(prompt: open.prompt + "> ", indentation: indentation.count)
    }

    /// One prompt for each line after the first, in one pass over the text.
    func continuationPrompts(for text: String) -> [String] {
        var reader = CellReader(language: language.withLock { $0 }, commands: commands.withLock { $0 })
        var prompts: [String] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            reader.append(Array(line.utf8))
            reader.append(CollectionOfOne(UInt8.newline))
            while reader.next() != nil {}
            prompts.append((reader.open?.prompt ?? "...") + "> ")
        }
        return prompts
    }

    func spans(in text: String) -> [Span] {
        Highlighter.spans(in: text, language: language.withLock { $0 })
    }
}
