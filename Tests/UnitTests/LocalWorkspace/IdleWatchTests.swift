import Support
import Testing

@testable import LocalWorkspace

/// When a server that nobody waits for ends.
@Suite struct IdleWatchTests {
    private let clock = ManualClock()
    private let use = Guarded(IdleWatch<ManualClock>.Use.kept)

    /// How long it waits when `change` is done at each of its looks, which are a minute apart at most.
    private func lifetime(_ change: @escaping @Sendable (Duration, IdleWatch<ManualClock>) -> Void) async throws
        -> Duration
    {
        let (clock, use) = (clock, use)
        let watch = IdleWatch(limit: .seconds(3600), clock: clock)
        try await clock.passingSleeps {
            try await watch.wait {
                change(clock.elapsed, watch)
                return use.withLock { $0 }
            }
        }
        return clock.elapsed
    }

    @Test func whatIsNotUsedEndsAfterTheLimit() async throws {
        #expect(try await lifetime { _, _ in } == .seconds(3600))
    }

    @Test func whatIsEmptyEndsAfterAMinute() async throws {
        let use = use
        #expect(
            try await lifetime { now, _ in if now >= .seconds(600) { use.withLock { $0 = .empty } } } == .seconds(600))
        use.withLock { $0 = .empty }
    }

    @Test func theLimitCountsFromTheLastUse() async throws {
        let use = use
        let end = try await lifetime { now, watch in
            if now == .seconds(1200) { watch.note() }
            use.withLock { $0 = (.seconds(1800)..<(.seconds(2400))).contains(now) ? .working : .kept }
        }
        #expect(end == .seconds(2340 + 3600))
    }
}
