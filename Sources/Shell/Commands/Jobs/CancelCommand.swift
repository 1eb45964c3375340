import Databricks

/// `.cancel` — stop a background job.
struct CancelCommand: MetaCommand {
    let number = Argument<Int?>("N", "the job's number; not needed when only one is running", from: .jobs)

    var spec: CommandSpec {
        CommandSpec(
            "cancel", in: .jobs, "cancel a background job", takes: [number],
            details: "Cancels the remote work and waits up to 5 seconds for the service to confirm it.",
            examples: [.init(".cancel 1", "cancel job 1", runs: false)])
    }

    func run(_ call: Call, in session: Session) async throws {
        let job: Job
        if let number = call[number] {
            job = try session.jobs.job(number)
        } else {
            let running = session.jobs.running
            guard running.count <= 1 else {
                let all = running.map { String($0.number) }.joined(separator: ", ")
                throw UsageError("several jobs are running: \(all)", hint: "say which: .cancel \(running[0].number)")
            }
            guard let only = running.first else { throw UsageError("no job is running", hint: ".jobs lists all") }
            job = only
        }
        guard job.isRunning else { throw UsageError("job \(job.number) is over: \(job.stateText)") }
        await session.console.waiting(for: "cancelling job \(job.number)") { await job.cancel() }
        if let cancelled = job.failure as? RunCancelled, !cancelled.isConfirmed { throw cancelled }
    }
}
