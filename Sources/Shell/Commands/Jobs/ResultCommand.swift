import Databricks

/// `.result` — show what a background job brought.
struct ResultCommand: MetaCommand {
    let number = Argument<Int?>("N", "the job's number (default: the newest)", from: .jobs)

    var spec: CommandSpec {
        CommandSpec(
            "result", in: .jobs, "show a background job's result", takes: [number],
            details: """
                Waits until the job has finished; Ctrl-C stops waiting and leaves the job running. A warehouse keeps results
                for one hour.
                """,
            examples: [.init(".result 1", "the result of job 1", runs: false)])
    }

    func run(_ call: Call, in session: Session) async throws {
        let job = try session.jobs.job(call[number])
        try await session.console.waiting(for: "job \(job.number): \(job.title)") { try await job.ended() }
        job.wasShown = true  // its end needs no notice any more
        switch job.outcome {
        case .success(.statement(let result))?:
            try await SQLRunner(session: session).show(result, of: job.text, job.elapsed, isJob: true)
        case .success(.command(let result))?:
            let shown = try await CodeRunner(session: session).show(result, false)
            try session.presenter.footer(
                shown.drawn, cut: shown.cut, .init(elapsed: job.elapsed, id: job.id, isJob: true))
        case .failure(let error)?:
            if Report.isCancellation(error) { return session.console.say("job \(job.number) was cancelled") }
            throw error
        case nil: break
        }
    }
}
