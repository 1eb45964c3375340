import Databricks
import Results

/// `.context` — the execution context that code runs in.
struct ContextCommand: MetaCommand {
    let operation = Argument<ContextOperation?>("new|status|close|attach")
    let detail = Argument<String?>("LANGUAGE|ID", "for new: a language; for status, close and attach: a context's id")

    var spec: CommandSpec {
        CommandSpec(
            "context", in: .contexts, "show, create, attach to, check or close the execution context",
            takes: [operation, detail],
            details: """
                A context holds the variables of all languages on one cluster. It is created with the first cell of code and
                destroyed when dbsh ends. .context new destroys the current context, with its variables, and creates another.
                """,
            examples: [
                .init(".context", "show the current context"),
                .init(".context new python", "create a new one", runs: false),
                .init(".context status 6034211987", "show its state", runs: false),
                .init(".context attach 6034211987", "use one that was left running", runs: false),
            ])
    }

    func run(_ call: Call, in session: Session) async throws {
        let workspace = session.workspace
        guard let operation = call[operation] else {
            return try session.presenter.show(
                [.text("cluster"), .whole("context")],
                rows: await workspace.contexts.all().map { [$0.cluster, $0.context] })
        }
        let detail = call[detail]
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
            try await ConnectReadiness(session: session).prepare(for: language, client)
            try await session.console.waiting(for: "cluster") {
                let known = try await ClusterReadiness(session: session).ready(client)
                await workspace.contexts.close(on: known.id)
                let (context, compute) = try await ContextOffer(session: session).context(for: language, client)
                let id = try await context.open(language: language)
                workspace.contexts.note(id, on: compute)
                session.console.say("context \(id) on \(workspace.clusterTitle ?? compute)")
            }
        case .attach:
            guard let context = detail else { throw UsageError(".context attach needs a context's id", call.spec) }
            let compute = try await workspace.compute(client, directory: session.paths.directory)
            let attached = ContextSession(client: compute.client, clusterID: compute.id)
            try await attached.attach(context)
            await workspace.contexts.use(attached)
            session.console.say("code goes to context \(context)")
        case .status:
            let compute = try await workspace.compute(client, directory: session.paths.directory)
            let (client, cluster) = (compute.client, compute.id)
            let own = await workspace.contexts.all().first { $0.cluster == cluster }?.context
            guard let context = detail ?? own else {
                throw UsageError("there is no context yet", hint: ".context status ID asks after any other")
            }
            let state = try await client.contexts.status(clusterID: cluster, contextID: context)
            try session.presenter.show(record: [
                ("context_id", context), ("cluster_id", cluster), ("state", state.rawValue),
            ])
        case .close:
            let compute = try await workspace.compute(client, directory: session.paths.directory)
            let (client, cluster) = (compute.client, compute.id)
            if let other = detail, await !workspace.contexts.all().contains(where: { $0.context == other }) {
                try await client.contexts.destroy(clusterID: cluster, contextID: other, of: .anyone)
                return session.console.say("context \(other) is closed; its variables are gone")
            }
            guard await workspace.contexts.isOpen(on: cluster) else {
                return session.console.say("there is no context to close")
            }
            await workspace.contexts.close(on: cluster)
            session.console.say("the context is closed; its variables are gone")
        }
    }
}

/// What `.context` can do.
enum ContextOperation: String, Operation {
    case new, status, close, attach
}
