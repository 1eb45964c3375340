import Glibc

/// A value behind a pthread mutex, which ThreadSanitizer understands.
package final class Guarded<Value>: @unchecked Sendable {
    private var value: Value
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)

    package init(_ value: sending Value) {
        self.value = value
        pthread_mutex_init(mutex, nil)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    package func withLock<R>(_ body: (inout sending Value) throws -> sending R) rethrows -> sending R {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body(&value)
    }
}

/// A list that grows, and that tests wait for.
package final class Journal<Entry: Sendable>: Sendable {
    private struct Waiter {
        let count: Int
        let continuation: CheckedContinuation<[Entry], Never>
    }

    private struct State {
        var entries: [Entry] = []
        var waiters: [Waiter] = []
    }

    private let state = Guarded(State())

    package init() {}

    /// All entries so far.
    package var entries: [Entry] { state.withLock { $0.entries } }

    package func append(_ entry: Entry) {
        let (entries, ready) = state.withLock { state in
            state.entries.append(entry)
            let count = state.entries.count
            let ready = state.waiters.filter { $0.count <= count }
            state.waiters.removeAll { $0.count <= count }
            return (state.entries, ready)
        }
        ready.forEach { $0.continuation.resume(returning: entries) }
    }

    /// Returns when there are `count` entries or more.
    @discardableResult
    package func waitFor(_ count: Int) async -> [Entry] {
        await withCheckedContinuation { continuation in
            let entries: [Entry]? = state.withLock { state in
                if state.entries.count >= count { return state.entries }
                state.waiters.append(Waiter(count: count, continuation: continuation))
                return nil
            }
            if let entries { continuation.resume(returning: entries) }
        }
    }

    /// Waits until the entries are as wanted; false when that takes longer than `timeout`.
    package func wait(
        timeout: Duration = PtySession.timeout, until isTrue: @escaping @Sendable ([Entry]) -> Bool
    ) async -> Bool {
        let deadline = ContinuousClock.now + timeout
        while ContinuousClock.now < deadline {
            let known = entries
            if isTrue(known) { return true }
            await next(after: known.count, before: deadline)
        }
        return isTrue(entries)
    }

    /// Returns when there are more than `count` entries, or at the deadline.
    private func next(after count: Int, before deadline: ContinuousClock.Instant) async {
        let once = Guarded<CheckedContinuation<Void, Never>?>(nil)
        let finish: @Sendable () -> Void = {
            let continuation = once.withLock { continuation in
                defer { continuation = nil }
                return continuation
            }
            continuation?.resume()
        }
        await withCheckedContinuation { continuation in
            once.withLock { $0 = continuation }
            Task {
                await waitFor(count + 1)
                finish()
            }
            Task {
                try await Task.sleep(until: deadline)
                finish()
            }
        }
    }
}
