import Databricks

/// How long work may take: `--timeout` for each cell, `--deadline` for all of a script. What takes longer is cancelled, in the
/// workspace too.
struct TimeLimits {
    /// What one cell may take; nil: as long as it needs.
    var cell: Duration?
    /// What the whole script may take, and when that is over.
    private(set) var script: (length: Duration, end: ContinuousClock.Instant)?

    /// The script may take so long from now on.
    mutating func begin(script length: Duration) { script = (length, .now + length) }

    /// Whether there is any limit.
    var isSet: Bool { cell != nil || script != nil }

    /// Whether the script's time is over.
    var scriptIsOver: Bool { script.map { $0.end <= .now } ?? false }

    /// - Throws: `TimeLimitPassed` when the script's time is over.
    func checkScript() throws {
        guard let script, script.end <= .now else { return }
        throw TimeLimitPassed(limit: .script(script.length), cancelled: nil)
    }

    /// Runs `body`, and cancels it when its time is over.
    /// - Parameter isCell: the limit for cells holds too.
    /// - Throws: what `body` throws; `TimeLimitPassed` when it was cancelled for its time.
    func enforced<T: Sendable>(
        isCell: Bool = true, _ body: @escaping @MainActor () async throws -> T
    ) async throws -> T {
        guard let (limit, rest) = next(isCell: isCell) else { return try await body() }
        guard rest > .zero else { throw TimeLimitPassed(limit: limit, cancelled: nil) }
        let task = Task { @MainActor in try await body() }
        var hasPassed = false
        let timer = Task { @MainActor in
            try await Task.sleep(for: rest)
            hasPassed = true
            task.cancel()
        }
        defer { timer.cancel() }
        do {
            return try await withTaskCancellationHandler {
                try await task.value
            } onCancel: {
                task.cancel()
            }
        } catch let error as RunCancelled where hasPassed {
            throw TimeLimitPassed(limit: limit, cancelled: error)
        } catch is CancellationError where hasPassed {
            throw TimeLimitPassed(limit: limit, cancelled: nil)
        }
    }

    /// The limit that comes first, and what is left until then.
    private func next(isCell: Bool) -> (TimeLimitPassed.Limit, Duration)? {
        let cell = isCell ? cell.map { (TimeLimitPassed.Limit.cell($0), $0) } : nil
        let script = script.map { (TimeLimitPassed.Limit.script($0.length), $0.end - .now) }
        guard let cell, let script else { return cell ?? script }
        return script.1 <= cell.1 ? script : cell
    }
}
