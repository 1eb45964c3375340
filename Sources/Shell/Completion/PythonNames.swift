import Databricks
import Text

/// Live names of the Python context, for Tab. Nothing is fetched until Tab is pressed: then a tiny command fetches them
/// while the shell waits for the user and nothing runs in the context, for the next Tab. A cell that is entered meanwhile
/// does not wait: the command is cancelled.
final class PythonNames {
    private let workspace: Workspace
    private let jobs: Jobs
    /// Names by the expression they are attributes of; the empty one has the globals.
    private var known: [String: [String]] = [:]
    private var wanted: [String] = []
    private var fetching: Task<Void, Never>?
    /// The version of the context's variables that `known` is about.
    private var version = 0
    /// Whether the shell waits for the user. When it does not, the context is needed for what the user has entered.
    var isIdle = false {
        didSet {
            guard !isIdle else { return }
            fetching?.cancel()
            wanted = []
        }
    }

    init(_ workspace: Workspace, _ jobs: Jobs) {
        self.workspace = workspace
        self.jobs = jobs
    }

    /// Names after `expression.`, or of globals when it is empty; empty while they are not known.
    func names(after expression: String) -> [String] {
        dropStaleNames()
        if let names = known[expression] { return names }
        if !wanted.contains(expression) { wanted.append(expression) }
        fetch()
        return []
    }

    /// Names are stale once code has run.
    private func dropStaleNames() {
        guard version != workspace.variablesVersion else { return }
        version = workspace.variablesVersion
        known = [:]
    }

    private func fetch() {
        guard isIdle, fetching == nil, jobs.running.allSatisfy({ $0.context == nil }),
            let client = workspace.client,
            let cluster = workspace.cluster?.id ?? workspace.cluster?.reference,
            workspace.contexts.known[cluster] != nil
        else { return }
        let context = workspace.contexts.session(on: cluster, client)
        fetching = Background.start { [self] in
            defer { fetching = nil }
            while let expression = wanted.first, isIdle, await context.id != nil {
                let names = await ask(expression, context)
                if Task.isCancelled { return }
                dropStaleNames()
                wanted.removeAll { $0 == expression }
                known[expression] = names
            }
        }
    }

    /// A failure counts as no names: these are suggestions, and not requested again and again.
    private func ask(_ expression: String, _ context: ContextSession) async -> [String] {
        do { return Self.names(in: try await context.run(.python, Self.code(expression))) } catch {
            if let lost = error as? ContextLost { workspace.contexts.noteLoss(lost) }
            return []
        }
    }

    /// Prints a name a line. It sets no variable, and fails only by printing nothing.
    private static func code(_ expression: String) -> String {
        let source = expression.isEmpty ? "globals()" : "dir(\(expression))"
        return #"print("\n".join(sorted(n for n in \#(source) if not n.startswith("_"))))"#
    }

    private static func names(in result: CommandResult) -> [String] {
        guard case .text(let text, _) = result else { return [] }
        return text.split(separator: "\n").map(String.init)
    }

    /// The name before the cursor: what it is an attribute of, and what is typed of it. Only names and dots are asked for
    /// in the context: a call could do anything.
    nonisolated static func split(_ text: String) -> (expression: String, typed: String) {
        let word = String(text.reversed().prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." }.reversed())
        guard let dot = word.lastIndex(of: ".") else { return ("", word) }
        return (String(word[..<dot]), String(word[word.index(after: dot)...]))
    }
}
