/// A clock that stands still until a test moves it.
package final class ManualClock: Clock {
    package struct Instant: InstantProtocol {
        /// Since the clock was made.
        package var offset: Duration

        package func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
        package func duration(to other: Instant) -> Duration { other.offset - offset }
        package static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
    }

    private struct Sleeper {
        let id: Int
        let length: Duration
        let deadline: Instant
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct Watcher {
        let id: Int
        let longest: Duration?
        let continuation: CheckedContinuation<Instant, Never>
    }

    private struct State {
        var now = Instant(offset: .zero)
        var sleepers: [Sleeper] = []
        var watchers: [Watcher] = []
        var cancelled: Set<Int> = []
        var nextID = 0

        func earliest(_ longest: Duration?) -> Instant? {
            sleepers.filter { sleeper in longest.map { sleeper.length <= $0 } ?? true }.map(\.deadline).min()
        }
    }

    private let state = Guarded(State())

    package init() {}

    package var now: Instant { state.withLock { $0.now } }
    package var minimumResolution: Duration { .zero }

    /// Time since the clock was made.
    package var elapsed: Duration { now.offset }

    package func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                add(Sleeper(id: id, length: now.duration(to: deadline), deadline: deadline, continuation: continuation))
            }
        } onCancel: {
            let sleeper = state.withLock { state -> Sleeper? in
                guard let index = state.sleepers.firstIndex(where: { $0.id == id }) else {
                    state.cancelled.insert(id)
                    return nil
                }
                return state.sleepers.remove(at: index)
            }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
    }

    private func add(_ sleeper: Sleeper) {
        enum Outcome { case sleeping, over, cancelled }
        let (outcome, watchers) = state.withLock { state -> (Outcome, [(Watcher, Instant)]) in
            if state.cancelled.remove(sleeper.id) != nil { return (.cancelled, []) }
            if sleeper.deadline <= state.now { return (.over, []) }
            state.sleepers.append(sleeper)
            var ready: [(Watcher, Instant)] = []
            let waiting = state.watchers
            state.watchers = waiting.filter { watcher in
                guard let instant = state.earliest(watcher.longest) else { return true }
                ready.append((watcher, instant))
                return false
            }
            return (.sleeping, ready)
        }
        switch outcome {
        case .sleeping: break
        case .over: sleeper.continuation.resume()
        case .cancelled: sleeper.continuation.resume(throwing: CancellationError())
        }
        for (watcher, instant) in watchers { watcher.continuation.resume(returning: instant) }
    }

    /// Waits until something sleeps, for `longest` at most when given, and says until when; the present when cancelled.
    package func nextSleep(ofAtMost longest: Duration? = nil) async -> Instant {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let instant = state.withLock { state -> Instant? in
                    if let instant = state.earliest(longest) { return instant }
                    if state.cancelled.remove(id) != nil { return state.now }
                    state.watchers.append(Watcher(id: id, longest: longest, continuation: continuation))
                    return nil
                }
                if let instant { continuation.resume(returning: instant) }
            }
        } onCancel: {
            let (watcher, now) = state.withLock { state -> (Watcher?, Instant) in
                guard let index = state.watchers.firstIndex(where: { $0.id == id }) else {
                    state.cancelled.insert(id)
                    return (nil, state.now)
                }
                return (state.watchers.remove(at: index), state.now)
            }
            watcher?.continuation.resume(returning: now)
        }
    }

    /// Moves the time and wakes whoever slept until then.
    package func advance(to instant: Instant) {
        let due = state.withLock { state in
            state.now = max(state.now, instant)
            let now = state.now
            let due = state.sleepers.filter { $0.deadline <= now }
            state.sleepers.removeAll { $0.deadline <= now }
            return due
        }
        due.sorted { $0.deadline < $1.deadline }.forEach { $0.continuation.resume() }
    }

    package func advance(by duration: Duration) {
        advance(to: now.advanced(by: duration))
    }

    /// Lets every sleep pass at once for as long as `body` runs: however it ends, nobody waits for a sleep that does
    /// not come.
    package func passingSleeps<T: Sendable>(_ body: @Sendable () async throws -> T) async rethrows -> T {
        let pump = Task { while !Task.isCancelled { await passNextSleep() } }
        defer { pump.cancel() }
        return try await body()
    }

    /// Waits for the next sleep and lets it pass.
    @discardableResult
    package func passNextSleep(ofAtMost longest: Duration? = nil) async -> Duration {
        let before = now
        let deadline = await nextSleep(ofAtMost: longest)
        advance(to: deadline)
        return before.duration(to: deadline)
    }
}
