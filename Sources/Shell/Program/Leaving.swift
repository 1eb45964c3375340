import Terminal

/// Leaving the prompt cancels the running jobs and gives an open transaction up, so the user is asked first.
struct Leaving {
    private let session: Session

    init(_ session: Session) { self.session = session }

    /// Whether the shell ends now; if not, it goes on as if nobody had wanted to leave.
    /// - Parameter ask: asks a question; nil when there was no answer.
    func isAgreed(asking ask: (String) async -> String?) async -> Bool {
        for question in questions {
            let answer = await ask(question)
            session.wantsToQuit = Agreement.isGiven(answer) || session.interrupts.termination != nil
            guard session.wantsToQuit else { return false }
        }
        return true
    }

    private var questions: [String] {
        var questions: [String] = []
        if let transaction = session.workspace.sessions.transaction, session.kept == nil {
            let state = transaction == .aborted ? "aborted" : "not committed"
            questions.append("A transaction is \(state). Leave and roll it back? [y/N] ")
        }
        switch session.jobs.running.count {
        case 0: break
        case 1: questions.append("1 job is running. Leave and cancel it? [y/N] ")
        case let count: questions.append("\(count) jobs are running. Leave and cancel them? [y/N] ")
        }
        return questions
    }
}
