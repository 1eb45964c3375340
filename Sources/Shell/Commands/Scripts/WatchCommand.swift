import Terminal

/// `.watch` — run the last cell again and again.
struct WatchCommand: MetaCommand {
    let seconds = Argument<Double>("SECONDS", "the pause between runs")
    let count = Argument<Int?>("TIMES", "how many times (default at a terminal: until Ctrl-C)")

    var spec: CommandSpec {
        CommandSpec(
            "watch", in: .scripts, "run the last cell repeatedly", takes: [seconds, count],
            examples: [
                .init(".watch 5", "every five seconds", runs: false), .init(".watch 1 10", "ten times", runs: false),
            ], isImmediate: true, traits: .runsCells)
    }

    private func pause(_ length: Duration, _ session: Session) async throws {
        try await session.interrupts.cancelling {
            try await session.limits.enforced(isCell: false) { try await Task.sleep(for: length) }
        }
    }

    func run(_ call: Call, in session: Session) async throws {
        let seconds = call[seconds]
        let count = call[count]
        guard count != nil || session.isInteractive else {
            throw UsageError("in a script .watch needs TIMES", spec)
        }
        let last = session.log.entries.last { entry in
            if case .code = entry.cell.content { return true }
            return false
        }
        guard let last, case var cell = last.cell else { throw UsageError("there is no cell to run again") }
        // Who watches wants to see the result: in the background each run would only add another job.
        if cell.ending == .background { cell.ending = .semicolon }
        var runs = 0
        do {
            while count.map({ runs < $0 }) ?? true {
                if runs > 0 {
                    try await pause(.seconds(seconds), session)
                }
                try await CellRunner(session: session).run(cell, from: last.source)
                runs += 1
            }
        } catch  where Report.isCancellation(error) && session.isInteractive {
            return  // Ctrl-C is how one stops watching
        }
    }
}
