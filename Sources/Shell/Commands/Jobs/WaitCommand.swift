/// `.wait` — wait for background jobs.
struct WaitCommand: MetaCommand {
    let number = Argument<Int?>("N", "the job's number (default: all jobs)", from: .jobs)

    var spec: CommandSpec {
        CommandSpec(
            "wait", in: .jobs, "wait for one background job, or all", takes: [number],
            details: """
                Ctrl-C stops waiting and leaves the jobs running. If a job failed, .wait fails too, so that a script stops.
                """,
            examples: [.init(".wait", "wait for all jobs"), .init(".wait 2", "wait for job 2", runs: false)])
    }

    func run(_ call: Call, in session: Session) async throws {
        let number = call[number]
        let jobs = try number.map { [try session.jobs.job($0)] } ?? session.jobs.running
        try await session.console.waiting(for: "waiting") {
            for job in jobs {
                session.console.nowWaiting(for: "job \(job.number): \(job.title)")
                try await job.ended()
            }
        }
        for job in jobs {
            guard let failure = job.failure, !job.wasShown else { continue }
            if Report.isCancellation(failure) { continue }
            job.wasShown = true
            throw failure
        }
    }
}
