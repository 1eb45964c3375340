import Databricks
import System
import Terminal
import Text

/// What the line editor asks about the text being typed, answered on its own thread: whether Enter runs it, what the
/// continuation prompts say and how it is coloured. Holds the language of plain cells, which is all it needs to know.
nonisolated final class InputLanguage: Sendable {
    static let shared = InputLanguage()

    private let language = Locked(Language.sql)
    private let commands = Locked<Set<String>>([])
    private let habits = Locked(Habits())
    private let state = Locked(Habits.State())

    /// - Parameters:
    ///   - new: of plain cells.
    ///   - now: what is on and off.
    func set(_ new: Language, _ now: Habits.State = Habits.State()) {
        language.withLock { $0 = new }
        state.withLock { $0 = now }
    }

    func set(_ new: Habits) {
        commands.withLock { $0 = new.commands }
        habits.withLock { $0 = new }
    }

    /// What a text means that was typed from habit at another prompt; nil for all others.
    func meaning(of text: String) -> Habits.Meaning? {
        habits.withLock { $0 }.meaning(
            of: text, in: language.withLock { $0 }, state.withLock { $0 })
    }

    /// What to say when Enter has opened a line behind one that was meant for dbsh, and is part of a statement now.
    func remark(on text: String) -> String? {
        guard let newline = text.lastIndex(of: "\n") else { return nil }
        let line = String(text[text.index(after: newline)...])
        guard habits.withLock({ $0 }).looksLikeCommand(line) else { return nil }
        let open = CellCompleteness.open(
            in: String(text[..<newline]), language: language.withLock { $0 }, commands: commands.withLock { $0 })
        switch open {
        case nil: return nil
        case .quote(let quote): return "a text in \(quote) is open: \(quote) closes it, Ctrl-C drops all that is typed"
        case .comment: return "a comment is open: */ closes it, Ctrl-C drops all that is typed"
        case .suite: return "a block is open: an empty line runs it, Ctrl-C drops it"
        case .bracket(let bracket): return "a \(bracket) is open: close it, or Ctrl-C drops all that is typed"
        default: return "a statement is open: ; runs it, Ctrl-C drops it"
        }
    }

    func completeness(of text: String) -> Completeness {
        switch meaning(of: text) {
        case .advice: return .complete
        case .text(let meant) where meant != text && !meant.contains("\n") && !meant.hasPrefix("%"): return .complete
        case .text(let meant): return openness(of: meant)
        case nil: return openness(of: text)
        }
    }

    private func openness(of text: String) -> Completeness {
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

    /// Whether the text is an SQL cell.
    func isSQL(_ text: String) -> Bool {
        let first = text.drop { $0.isWhitespace }.prefix { !$0.isWhitespace }
        if first.hasPrefix(".") { return false }
        guard first.hasPrefix("%") else { return language.withLock { $0 } == .sql }
        return Language(name: String(first.dropFirst())) == .sql
    }

    func spans(in text: String) -> [Span] {
        Highlighter.spans(in: text, language: language.withLock { $0 })
    }
}
