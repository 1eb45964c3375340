/// The service does not know the SQL session any more (it was idle for long, or the warehouse was replaced), so the statement
/// was not run. It is not sent again by itself: without what the session held it could mean something else.
struct StatementSessionLost: Error {
    /// What the service said.
    let message: String
}

/// Why a local workspace could not be started, worded for a person.
nonisolated package struct LocalWorkspaceNotStarted: Error {
    package let message: String
    package let hint: String?

    package init(message: String, hint: String?) {
        self.message = message
        self.hint = hint
    }
}
