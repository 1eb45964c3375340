import System

/// Opens the connection while the user types: at the first key after the prompt, and again when keys come after a pause, since
/// servers close connections that are idle. One connection at a time, and no request.
nonisolated final class EarlyConnection: Sendable {
    private let lastOpened = Locked<ContinuousClock.Instant?>(nil)
    private let open: @Sendable () -> Void
    /// Shorter than servers keep idle connections; asking again costs nothing while one is open.
    private static let interval = Duration.seconds(10)

    init(open: @escaping @Sendable () -> Void) { self.open = open }

    /// The user is about to type.
    func promptAppears() { lastOpened.withLock { $0 = nil } }

    /// Called on the editor's thread.
    func keyWasPressed() {
        let isDue = lastOpened.withLock { last in
            let now = ContinuousClock.now
            if let last, now - last < Self.interval { return false }
            last = now
            return true
        }
        if isDue { open() }
    }
}
