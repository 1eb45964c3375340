import Databricks

/// Live names of the Python context, for Tab. They are asked for with a tiny command while the shell waits for the user,
/// the context exists and nothing runs in it; a cell never waits for more than such a command's few milliseconds.
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

    /// Whether the shell waits for the user.
    func isIdle(_ isTrue: Bool) {
        isIdle = isTrue
        if isTrue { fetch() }
    }

    /// A cell of code has run: every name may be another now.
    func forget() {
        known = [:]
        wanted = [""]
    }

    private func fetch() {
        guard isIdle, fetching == nil, !wanted.isEmpty, session.jobs.running.allSatisfy({ $0.context == nil }),
            let client = session.workspace.client,
            let cluster = session.workspace.cluster?.id ?? session.workspace.cluster?.reference,
            session.workspace.contexts.known[cluster] != nil
        else { return }
        let context = session.workspace.contexts.session(on: cluster, client)
        fetching = Background.start { [self] in
            defer { fetching = nil }
            while let expression = wanted.first, isIdle {
                guard await context.id != nil else { return }
                let result = try? await context.run(.python, Self.code(expression))
                wanted.removeAll { $0 == expression }
                known[expression] = Self.names(in: result)
            }
        }
    }

    /// Prints a name a line. It sets no variable, and fails only by printing nothing.
    private static func code(_ expression: String) -> String {
        let source = expression.isEmpty ? "globals()" : "dir(\(expression))"
        return #"print("\n".join(sorted(n for n in \#(source) if not n.startswith("_"))))"#
    }

    private static func names(in result: CommandResult?) -> [String] {
        guard case .text(let text, _)? = result else { return [] }
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
