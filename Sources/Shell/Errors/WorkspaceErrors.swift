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

/// The workspace refuses statements with query tags, which are a preview.
struct QueryTagsRefused: Error {
    /// What the service said.
    let message: String

    /// The refusal, when it is about the tags; else the error as it is. The service has no code of its own for it.
    nonisolated static func explaining(_ error: any Error, of request: StatementRequest) -> any Error {
        let message = (error as? APIError)?.message ?? (error as? StatementError)?.message
        func isAbout(_ text: String) -> Bool {
            let text = text.lowercased()
            return ["query_tag", "query tag", "querytag"].contains { text.contains($0) }
        }
        guard !request.queryTags.isEmpty, let message, isAbout(message), !isAbout(request.statement) else {
            return error
        }
        return QueryTagsRefused(message: message)
    }
}

/// A cluster makes no execution context, and it will not the next time.
struct ContextRefused: Error, CustomStringConvertible {
    /// What it is called.
    let cluster: String
    let cause: APIError

    var description: String { "cluster \(cluster) refuses to make an execution context: \(cause.message)." }
}
