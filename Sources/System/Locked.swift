import Glibc

/// A value behind a pthread mutex.
///
/// `Synchronization.Mutex` would do, but ThreadSanitizer on Linux does not see its futex (that library is not
/// instrumented) and reports every guarded access as a race.
package final class Locked<Value: ~Copyable>: @unchecked Sendable {
    private var value: Value
    // Allocated once and freed in deinit: a pthread mutex must not move in memory.
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)

    package init(_ value: consuming sending Value) {
        self.value = value
        pthread_mutex_init(mutex, nil)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    package func withLock<R, E: Error>(_ body: (inout sending Value) throws(E) -> sending R) throws(E) -> sending R {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body(&value)
    }
}
