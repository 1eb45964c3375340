import Databricks
import Text

/// Live names of the Python context, for Tab. Nothing is fetched until Tab is pressed: then a small command fetches them
/// while the shell waits for the user and nothing runs in the context. A cell that is entered meanwhile
/// does not wait: the command is cancelled.
final class PythonNames {
    typealias Question = PythonInspection.Question
    typealias Name = PythonInspection.Name

    private let workspace: Workspace
    private let jobs: Jobs
    private var known: [Question: [Name]] = [:]
    private var fetching: (question: Question, task: Task<[Name]?, Never>)?
    /// The version of the context's variables that `known` is about.
    private var version = 0
    /// Whether the shell waits for the user. When it does not, the context is needed for what the user has entered.
    var isIdle = false {
        didSet {
            guard !isIdle else { return }
            fetching?.task.cancel()
            fetching = nil
        }
    }

    init(_ workspace: Workspace, _ jobs: Jobs) {
        self.workspace = workspace
        self.jobs = jobs
    }

    /// Whether there is a context that can have names.
    var hasContext: Bool { context != nil }

    private var context: Compute? {
        guard let compute = workspace.knownCompute, workspace.contexts.known[compute.id] != nil else { return nil }
        return compute
    }

    /// The names, which are fetched unless they are known; nil when they cannot be had now.
    func names(_ question: Question) async -> [Name]? {
        dropStaleNames()
        if let names = known[question] { return names }
        guard isIdle, jobs.running.allSatisfy({ $0.context == nil }), let compute = context else {
            return nil
        }
        if let fetching, fetching.question == question { return await fetching.task.value }
        fetching?.task.cancel()
        let context = workspace.contexts.session(on: compute.id, compute.client)
        let asked = workspace.variablesVersion
        let task = Task { [self] () -> [Name]? in
            guard await context.id != nil else { return nil }
            let names = await Background.$isWorking.withValue(true) { await ask(question, context) }
            if Task.isCancelled { return nil }
            dropStaleNames()
            // A failure counts as no names: these are suggestions, and not requested again and again.
            if asked == workspace.variablesVersion { known[question] = names ?? [] }
            return names
        }
        fetching = (question, task)
        let names = await task.value
        if fetching?.question == question { fetching = nil }
        return names
    }

    /// Names are stale once code has run.
    private func dropStaleNames() {
        guard version != workspace.variablesVersion else { return }
        version = workspace.variablesVersion
        known = [:]
    }

    private func ask(_ question: Question, _ context: ContextSession) async -> [Name]? {
        do {
            guard case .text(let text, _) = try await context.run(.python, PythonInspection.code(question)) else {
                return []
            }
            return PythonInspection.names(in: text)
        } catch {
            if let lost = error as? ContextLost { workspace.contexts.noteLoss(lost) }
            return nil
        }
    }
}
