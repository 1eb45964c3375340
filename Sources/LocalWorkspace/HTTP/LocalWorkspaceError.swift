/// Why the local workspace could not start or go on: one sentence, and what can be done about it.
package struct LocalWorkspaceError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What went wrong, one sentence.
    package let message: String
    /// What the user can do, if anything.
    package let hint: String?

    package init(_ message: String, hint: String? = nil) {
        self.message = message
        self.hint = hint
    }

    package var description: String { hint.map { "\(message) \($0)" } ?? message }
}
