import System

/// Whether `Interrupts.cancelling` still waits for its body. A second Ctrl-C detaches the body; what it does from then on must not
/// show any more: the terminal belongs to the prompt and to the cells after it.
package final class Attachment: Sendable {
    /// That of the innermost body this code runs in; nil outside of all.
    @TaskLocal static var current: Attachment?

    private let outer: Attachment?
    private let hasEnded = Locked(false)

    init(within outer: Attachment?) { self.outer = outer }

    func end() { hasEnded.withLock { $0 = true } }

    private var isDetached: Bool { hasEnded.withLock { $0 } || (outer?.isDetached ?? false) }

    /// Whether this code runs in a body that was left to itself.
    package static var isDetached: Bool { current?.isDetached ?? false }
}
