import SQL

/// At a terminal, what destroys data at one stroke is asked about before it is sent.
struct DestructionQuestion {
    let session: Session

    /// - Throws: `CancellationError` when the user says no.
    func ask(about statement: String) async throws {
        guard session.isInteractive, session.paths.scripts.isEmpty, let ask = session.prompter?.ask,
            let destruction = SQLText(statement).destruction
        else { return }
        let answer = await ask("\(destruction): run it? [y/N] ")
        guard Agreement.isGiven(answer) else { throw CancellationError() }
    }
}
