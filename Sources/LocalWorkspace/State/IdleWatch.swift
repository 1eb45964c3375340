import System

/// When a server that nobody waits for is of no use any more.
final class IdleWatch<C: Clock>: Sendable where C.Duration == Duration {
    enum Use: Sendable {
        case working
        /// Nothing runs, but there is something in it to come back to.
        case kept
        case empty
    }

    private let limit: Duration
    private let emptyLimit: Duration
    private let clock: C
    private let lastUse: Locked<C.Instant>

    /// - Parameters:
    ///   - limit: how long it is kept without being used.
    ///   - emptyLimit: the same while it is empty: whoever started it has ended, or has let go of it.
    init(limit: Duration, emptyLimit: Duration = .seconds(60), clock: C) {
        self.limit = limit
        self.emptyLimit = emptyLimit
        self.clock = clock
        lastUse = Locked(clock.now)
    }

    /// It is used now.
    func note() {
        let now = clock.now
        lastUse.withLock { $0 = now }
    }

    /// Returns once it was not used for so long.
    /// - Parameter use: asked now and then.
    /// - Throws: `CancellationError`.
    func wait(_ use: @Sendable () async -> Use) async throws {
        while true {
            let use = await use()
            if use == .working { note() }
            let idle = lastUse.withLock { $0 }.duration(to: clock.now)
            let left = (use == .empty ? emptyLimit : limit) - idle
            guard left > .zero else { return }
            // What is in it may go meanwhile, and work may end.
            try await clock.sleep(until: clock.now.advanced(by: min(left, emptyLimit)), tolerance: nil)
        }
    }
}
