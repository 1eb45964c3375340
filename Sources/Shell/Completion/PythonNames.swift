import Databricks

/// Live names of the Python context, for Tab. Nothing is asked until somebody presses Tab: then a tiny command fetches them
/// while the shell waits for the user and nothing runs in the context, and they are there at the next Tab. A cell that is
/// entered meanwhile does not wait for it: the command is cancelled.
final class PythonNames {
    private unowned let session: Session
    /// Names by the expression they are attributes of; the empty one has the globals.
    private var known: [String: [String]] = [:]
    private var wanted: [String] = []
    private var fetching: Task<Void, Never>?
    private var isIdle = false

    init(session: Session) { self.session = session }

    /// Names after `expression.`, or of globals when it is empty; empty while they are not known.
    func names(after expression: String) -> [String] {
        if let names = known[expression] { return names }
        if !wanted.contains(expression) { wanted.append(expression) }
        fetch()
        return []
    }

    /// Whether the shell waits for the user. When it does not, the context is needed for what the user has entered.
    func isIdle(_ isTrue: Bool) {
        isIdle = isTrue
        guard !isTrue else { return }
        fetching?.cancel()
        wanted = []
    }

    /// Code has run, or begins to: every name may be another now.
    func forget() { known = [:] }

    private func fetch() {
        guard isIdle, fetching == nil, session.jobs.running.allSatisfy({ $0.context == nil }),
            let client = session.workspace.client,
            let cluster = session.workspace.cluster?.id ?? session.workspace.cluster?.reference,
            session.workspace.contexts.known[cluster] != nil
        else { return }
        let context = session.workspace.contexts.session(on: cluster, client)
        fetching = Background.start { [self] in
            defer { fetching = nil }
            while let expression = wanted.first, isIdle, await context.id != nil {
                let names = await ask(expression, context)
                if Task.isCancelled { return }
                wanted.removeAll { $0 == expression }
                known[expression] = names
            }
        }
    }

    /// What cannot be had is none: these are suggestions, and not asked for again and again.
    private func ask(_ expression: String, _ context: ContextSession) async -> [String] {
        do { return Self.names(in: try await context.run(.python, Self.code(expression))) } catch {
            if let lost = error as? ContextLost { session.workspace.contexts.noteLoss(lost) }
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
