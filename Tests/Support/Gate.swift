import Dispatch

/// Holds up a reply of a `FaultServer` until the test has seen what it wants to see.
package final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)

    package init() {}

    /// Lets everybody through from now on.
    package func open() { semaphore.signal() }

    /// Blocks the calling thread until the gate is open; false when that takes too long for any test.
    func pass() -> Bool {
        guard semaphore.wait(timeout: .now() + .seconds(240)) == .success else { return false }
        semaphore.signal()
        return true
    }
}
