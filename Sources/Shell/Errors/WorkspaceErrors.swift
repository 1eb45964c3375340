import Databricks

/// The service does not know the SQL session any more (it was idle for long, or the warehouse was replaced), so the statement
/// was not run. It is not sent again by itself: without what the session held it could mean something else.
struct StatementSessionLost: Error {
    /// What the service said.
    let message: String
}

/// A context of a kept session is gone, and its variables with it: nothing of the script is run.
struct KeptSessionLost: Error {
    /// The session's name.
    let name: String
    let loss: ContextLost
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

/// Only SQL can answer, and the warehouse that would run it is stopped: it is not started for a look.
struct WarehouseStopped: Error {
    let name: String
}
