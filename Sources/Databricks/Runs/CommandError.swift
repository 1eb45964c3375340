/// A command ended without success. Text in it comes from the server: data, to be made harmless before it is shown.
package struct CommandError: Error, Sendable {
    /// One line, such as `ZeroDivisionError: division by zero`.
    package let summary: String
    /// The traceback, for Python with ANSI colours; a long JVM stack for SQL and Scala.
    package let cause: String?
    /// What the command had printed and shown before it failed, where the service tells (the local workspace does).
    package let output: CommandResult?
    package let language: Language?
    package let contextID: String
    package let commandID: String
    /// Somebody else cancelled it.
    package let isCancelled: Bool
    /// The command took its context along (its process has ended), and with it every variable.
    package let endedContext: Bool

    package init(
        summary: String, cause: String?, output: CommandResult? = nil, language: Language?, contextID: String,
        commandID: String, isCancelled: Bool = false, endedContext: Bool = false
    ) {
        self.output = output
        self.endedContext = endedContext
        self.summary = summary
        self.cause = cause
        self.language = language
        self.contextID = contextID
        self.commandID = commandID
        self.isCancelled = isCancelled
    }
}

extension CommandError: CustomStringConvertible {
    package var description: String { summary }
}

/// The context is gone, and with it every variable: a new one has to be made. Nothing is run again by itself.
package struct ContextLost: Error, Sendable, Equatable {
    package enum Reason: Sendable, Equatable {
        /// The cluster does not run; `message` is what it says about that.
        case cluster(state: ClusterState, message: String?)
        /// The cluster runs, and does not know the context or says it is not ready.
        case context(detail: String)
    }

    package let clusterID: String
    package let contextID: String
    package let reason: Reason
    /// The code that was to run was refused: nothing of it has run.
    package var cameBefore = false

    /// Its cluster has stopped: there is nothing left of it. A state that nobody knows says nothing about that.
    var diedWithCluster: Bool {
        guard case .cluster(let state, _) = reason else { return false }
        return [.terminated, .terminating, .pending, .restarting, .error].contains(state)
    }

    package init(clusterID: String, contextID: String, reason: Reason) {
        self.clusterID = clusterID
        self.contextID = contextID
        self.reason = reason
    }
}

extension ContextLost: CustomStringConvertible {
    package var description: String {
        switch reason {
        case .cluster(let state, let message):
            "the context is lost: the cluster is \(state)" + (message.map { " (\($0))" } ?? "")
        case .context(let detail):
            "the context is lost: \(detail)"
        }
    }
}

/// The cluster runs, and a context on it does not become ready.
package struct ContextFailed: Error, Sendable, Equatable {
    package let clusterID: String
    package let detail: String
    /// What the service says of it; nil when nothing.
    package let reason: String?

    package init(clusterID: String, detail: String, reason: String? = nil) {
        self.clusterID = clusterID
        self.detail = detail
        self.reason = reason
    }
}

extension ContextFailed: CustomStringConvertible {
    package var description: String {
        "no execution context could be made on the cluster: \(detail)" + (reason.map { "; \($0)" } ?? "")
    }
}

/// The task that waited for remote work was cancelled. Thrown in place of `CancellationError` once something was sent,
/// because then it matters whether the service has stopped too.
package struct RunCancelled: Error, Sendable, Equatable {
    /// Id of the statement or command; nil when not even the reply to its submission came in time.
    package let id: String?
    /// The service has said that it is over. When false it may still be running.
    package let isConfirmed: Bool

    package init(id: String?, isConfirmed: Bool) {
        self.id = id
        self.isConfirmed = isConfirmed
    }
}
