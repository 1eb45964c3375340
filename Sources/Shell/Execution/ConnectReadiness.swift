import Databricks
import Terminal

/// Makes sure that Python on this machine is there for compute that is reached by Spark Connect: installs it, when the user
/// agrees, starts it, and says once where things are.
struct ConnectReadiness {
    let session: Session

    /// Before a cell: refuses a language that there is none of, and installs what is missing. Not while something is shown to be
    /// waited for, as the user is asked, and the set-up says what it does.
    /// - Throws: `UsageError` when it is not installed and may not be; `CancellationError`.
    func prepare(for language: Language, _ client: Client) async throws {
        guard let compute = try await session.workspace.connectCompute(client) else { return }
        guard language == .python || language == .sql else {
            throw UsageError(
                "\(language.title) does not run over Spark Connect, which has Python and SQL",
                hint: ".cluster NAME chooses a cluster, whose execution contexts have all languages")
        }
        guard session.workspace.bridges.client(of: compute) == nil else { return }
        try await install()
    }

    /// - Throws: as `Workspace.compute`.
    func ready(_ compute: ConnectCompute, _ client: Client) async throws -> Compute {
        let workspace = session.workspace
        let isNew = workspace.bridges.client(of: compute) == nil
        if isNew { session.console.nowWaiting(for: "Python on this machine") }
        let ready = try await workspace.compute(client, directory: session.paths.directory)
        if isNew, session.isInteractive, !session.settings.isQuiet, !workspace.saidWhereConnectRuns {
            workspace.saidWhereConnectRuns = true
            session.console.say(
                "Python runs on this machine, and Spark on \(workspace.clusterTitle ?? "the workspace"): "
                    + "%sh, open() and os.environ are this machine's")
        }
        return ready
    }

    private func install() async throws {
        guard let service = session.workspace.connectService else { return }
        let installed = service.installation(session.environment)
        if let installed, !installed.isStale { return }
        if installed == nil, !session.settings.installs {
            // Without anybody to ask, what starts it says what to type.
            guard let ask = session.prompter?.ask else { return }
            guard Agreement.isGiven(await ask(Setup.question), isDefault: true) else { throw CancellationError() }
        }
        do {
            try await Setup.run(.connect, session.environment, interrupts: session.interrupts)
        } catch let error as UsageError where installed != nil {
            // What is there may do: the network may be away.
            session.console.say("Python for Spark Connect is not of this version of dbsh: \(error.message)")
        }
    }
}
