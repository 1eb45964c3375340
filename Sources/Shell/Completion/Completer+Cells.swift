import Databricks
import Terminal
import Text

/// Tab in SQL and Python.
extension Completer {
    /// Names that fit the place in the statement, and keywords.
    func sql(_ text: String, _ cursor: Int) async -> Completion {
        let place = SQLCompletion(text, cursor: cursor)
        let (proposals, isPartial) = await proposals(for: place)
        return Completion(
            replacing: place.start..<cursor,
            proposals.map { Candidate($0.text, note: $0.note, suffix: $0.suffix) }, isPartial: isPartial)
    }

    private func proposals(for place: SQLCompletion) async -> (found: [SQLCompletion.Proposal], isPartial: Bool) {
        var proposed = await knownProposals(for: place)
        if place.isFunction, let asking = functions.prefetch(), proposed.found.isEmpty {
            // Only the server can know what begins so.
            await asking.value
            proposed = await knownProposals(for: place)
        }
        return proposed
    }

    private func knownProposals(for place: SQLCompletion) async -> (found: [SQLCompletion.Proposal], isPartial: Bool) {
        let parameters = session.parameters.all.map(\.name)
        let builtIn = functions.names
        var isPartial = false
        let found = await catalogNames.completing(typed: place.typed, within: Self.patience) { known in
            isPartial = false
            return place.proposals(parameters: parameters) { question in
                // Nothing waits for them.
                if question == .builtInFunctions { return builtIn }
                let names = known(question)
                switch question {
                // Without somebody's own functions there is still enough to offer.
                case .functions: break
                // A table without columns is one that cannot be seen.
                case .columns: if names?.isEmpty ?? true { isPartial = true }
                default: if names == nil { isPartial = true }
                }
                return names
            }
        }
        return (found, isPartial)
    }

    /// Live names of the context, Python's own, and tables and SQL in strings.
    /// - Parameters:
    ///   - text: up to the cursor.
    ///   - next: the character behind it.
    func python(_ text: String, _ cursor: Int, before next: Character?) async -> Completion {
        let place = PythonPlace(text)
        let range = place.start..<cursor
        // What is closed already is not closed twice.
        let closing = next == nil || next == "\n" ? place.closing : ""
        func answer(
            _ live: [PythonNames.Name]?, _ suffix: String = "", _ more: [Candidate] = [],
            without fallback: [String] = []
        ) -> Completion {
            let names = live ?? (pythonNames.hasContext ? [] : fallback.map { .init(text: $0, note: "") })
            let hidden = place.typed.hasPrefix("_")
            let found =
                names.filter { $0.text.hasPrefix(place.typed) && (hidden || !$0.text.hasPrefix("_")) }
                .map { Candidate($0.text, note: $0.note, suffix: suffix) }
                + more.filter { $0.text.hasPrefix(place.typed) }
            var seen: Set<String> = []
            return Completion(
                replacing: range, found.filter { seen.insert($0.text).inserted },
                isPartial: live == nil && pythonNames.hasContext)
        }
        switch place.expectation {
        case .nothing: return Completion.none
        case .name(nil) where place.typed.isEmpty: return Completion.none
        case .name(let call):
            var arguments: [PythonNames.Name] = []
            if let call { arguments = await pythonNames.names(.arguments(call)) ?? [] }
            if place.typed.isEmpty { return answer(arguments) }
            let live = await pythonNames.names(.globals)
            let first = arguments.map { Candidate($0.text, note: $0.note, suffix: "") }
                .filter { $0.text.hasPrefix(place.typed) }
            var completion = answer(live, "", Self.words)
            completion.candidates.insert(contentsOf: first, at: 0)
            return completion
        case .attribute(let expression): return answer(await pythonNames.names(.attributes(expression)))
        case .column(let expression): return answer(await pythonNames.names(.columns(expression)), closing)
        case .module(let package):
            let modules = await pythonNames.names(.modules(package))
            return answer(modules, without: package.isEmpty ? PythonWords.modules : [])
        case .member(let module): return answer(await pythonNames.names(.members(module)))
        case .table: return await quoted(place, after: "SELECT * FROM ", closing, cursor)
        case .sql: return await quoted(place, after: "", "", cursor)
        }
    }

    private static let words: [Candidate] = {
        var words = PythonWords.session.map { Candidate($0, note: "session", suffix: "") }
        words += PythonWords.builtins.map { Candidate($0, note: "built-in", suffix: "") }
        return words + KeywordLists.words(of: .python).sorted().map { Candidate($0) }
    }()

    /// What SQL has at the end of a string of Python's.
    /// - Parameters:
    ///   - start: what comes before it in a statement.
    ///   - closing: what follows a name behind which there is no dot.
    private func quoted(_ place: PythonPlace, after start: String, _ closing: String, _ cursor: Int) async -> Completion
    {
        let text = start + place.typed
        let inside = SQLCompletion(text, cursor: text.utf8.count)
        let (proposals, isPartial) = await proposals(for: inside)
        let lower = cursor - (text.utf8.count - inside.start)
        return Completion(
            replacing: lower..<cursor,
            proposals.map {
                Candidate($0.text, note: $0.note, suffix: start.isEmpty || $0.suffix == "." ? $0.suffix : closing)
            },
            isPartial: isPartial)
    }
}
