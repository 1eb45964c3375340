import Databricks
import Results

/// `.context` — the execution context that code runs in.
struct ContextCommand: MetaCommand {
    let operation = Argument<ContextOperation?>("new|close|attach")
    let detail = Argument<String?>("LANGUAGE|ID", "new: a language; attach: a context's id")

    var spec: CommandSpec {
        CommandSpec(
            "context", in: .contexts, "show, make, attach or close the execution context", takes: [operation, detail],
            details: """
                A context holds the variables of all languages on one cluster. It is made with the first cell of code and
                destroyed when dbsh ends. A new one is made beside nothing: the old one and its variables go.
                """,
            examples: [
                .init(".context", "the context in use"), .init(".context new python", "start afresh", runs: false),
                .init(".context attach 6034211987", "one that was left running", runs: false),
            ])
    }

    func run(_ call: Call, in session: Session) async throws {
        let workspace = session.workspace
        guard let operation = try call(operation) else {
            return try session.presenter.show(
                [.text("cluster"), .text("context")], rows: workspace.contexts.all.map { [$0.cluster, $0.context] })
        }
        let detail = try call(detail)
        let client = try await workspace.connected()
        switch operation {
        case .new:
            var language = session.language
            if let detail {
                guard let chosen = Language(name: detail) else {
                    throw UsageError("“\(detail)” is not a language: sql, python, scala or r", call.spec)
                }
                language = chosen
            }
            try await session.console.waiting(for: "cluster") {
                let cluster = try await ClusterReadiness(session: session).readyCluster(client)
                try await workspace.contexts.destroy(on: cluster, client)
                let context = try await client.contexts.open(clusterID: cluster, language: language.rawValue)
                workspace.contexts.keep(context, on: cluster)
                session.console.say("context \(context) on \(workspace.cluster?.title ?? cluster)")
            }
        case .attach:
            guard let context = detail else { throw UsageError(".context attach needs a context's id", call.spec) }
            let cluster = try await workspace.clusterID(client)
            let state = try await client.contexts.status(clusterID: cluster, contextID: context)
            guard state == .running else {
                throw UsageError("context \(context) is \(state), not Running", hint: ".context new makes another")
            }
            workspace.contexts.keep(context, on: cluster)
            session.console.say("code goes to context \(context)")
        case .close:
            let cluster = try await workspace.clusterID(client)
            guard workspace.contexts.context(on: cluster) != nil else {
                return session.console.say("there is no context to close")
            }
            try await workspace.contexts.destroy(on: cluster, client)
            session.console.say("the context is closed; its variables are gone")
        }
    }
}

/// What `.context` can do.
enum ContextOperation: String, Operation {
    case new, close, attach
}
