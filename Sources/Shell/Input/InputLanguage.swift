import Databricks
import Synchronization
import Terminal
import Text

/// What the line editor asks about the text being typed, answered on its own thread: whether Enter runs it, what the
/// continuation prompts say and how it is coloured. Holds the language of plain cells, which is all it needs to know.
nonisolated final class InputLanguage: Sendable {
    static let shared = InputLanguage()

    /// Words typed from habit at other prompts, and the command each stands for.
    static let habits = [
        "exit": ".quit", "quit": ".quit", "help": ".help", "?": ".help", "\\q": ".quit", "exit()": ".quit",
        "quit()": ".quit",
    ]

    private let language = Mutex(Language.sql)
    private let commands = Mutex<Set<String>>([])

    func set(_ new: Language) { language.withLock { $0 = new } }

    func set(commands names: Set<String>) { commands.withLock { $0 = names } }

    func completeness(of text: String) -> Completeness {
        if Self.habits[text.trimmingBlanks().lowercased()] != nil { return .complete }
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
