import Databricks
import Results

/// `.session` — the session that the next dbsh goes on with.
struct SessionCommand: MetaCommand {
    enum Kind: String, Operation { case keep, forget }

    let operation = Argument<Kind?>("keep|forget")
    let name = Argument<String?>("NAME", "the session's name (default: default for keep, the current one for forget)")
    let force = Flag("--force", "with forget: remove the record even if the workspace cannot be asked")

    var spec: CommandSpec {
        CommandSpec(
            "session", in: .contexts, "show, keep or forget a session that outlives dbsh", takes: [operation, name],
            flags: [force],
            details: """
                A kept session has its execution contexts with their variables, its SQL session (catalog, schema, settings,
                temporary views), its parameters and its language when dbsh --session NAME comes back. dbsh sessions lists them.
                A cluster holds about 145 contexts: forget a session that is not needed any more.
                """,
            examples: [
                .init(".session", "this session"),
                .init(".session keep etl", "dbsh --session etl goes on with it", runs: false),
                .init(".session forget etl", "destroy its contexts and close its SQL session", runs: false),
            ])
    }

    func run(_ call: Call, in session: Session) async throws {
        let reuse = SessionReuse(session: session)
        switch call[operation] {
        case nil:
            if let word = call[name] { throw UsageError("“\(word)” is neither keep nor forget", call.spec) }
            try await show(session)
        case .keep?:
            _ = try await session.workspace.connected()
            let name = call[name] ?? session.kept?.name ?? "default"
            try reuse.keep(name)
            session.console.say("session \(name) is kept: dbsh --session \(name) goes on with it")
        case .forget?:
            if let kept = session.kept, call[name] == nil || call[name] == kept.name {
                kept.forget()
                return session.console.say("session \(kept.name) is forgotten: it ends with this dbsh")
            }
            guard let name = call[name] else {
                throw UsageError("this session is not kept", hint: ".session forget NAME forgets another")
            }
            try await reuse.forget(name, isForced: call[force])
            session.console.say("session \(name) is forgotten")
        }
    }

    private func show(_ session: Session) async throws {
        let workspace = session.workspace
        try session.presenter.show(record: [
            ("session", session.kept?.name ?? "not kept"), ("host", workspace.host),
            (
                "contexts",
                await workspace.contexts.all().map { "\($0.context) on \($0.cluster)" }.joined(separator: ", ")
            ),
            ("sql_session", workspace.sessions.current?.id), ("catalog", workspace.catalog),
            ("schema", workspace.schema), ("language", session.language.rawValue),
            ("parameters", session.parameters.all.map(\.name).joined(separator: ", ")),
        ])
    }
}
