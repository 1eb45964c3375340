import Terminal

/// Offers to install the engine of the local workspace where it is needed and missing.
struct EngineOffer {
    let program: ProgramContext

    /// Installs it when the user agrees, or with `--yes`. Without anybody to ask, what needs it says what to type.
    /// - Throws: `UsageError` when the set-up fails; `CancellationError`.
    func make(isAgreed: Bool) async throws {
        let environment = program.environment
        // Whoever names another place has made it.
        guard environment["DBSH_ENGINE"]?.isEmpty ?? true, (try? program.describeEngine(environment)) == nil else {
            return
        }
        if !isAgreed {
            let asker = Asker(environment)
            let answer = await asker.ask(Setup.engineQuestion)
            await asker.close()
            guard Agreement.isGiven(answer, isDefault: true) else { return }
        }
        Interrupts.shared.start()
        try await Setup.run(.engine, environment, interrupts: .shared)
    }
}
