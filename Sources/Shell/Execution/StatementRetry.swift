import Databricks
import SQL

/// `--retry-cell N`: sends a statement once more that only reads, when it failed for a reason that may pass.
struct StatementRetry {
    let session: Session

    /// - Throws: what the last attempt throws.
    func run<T>(_ statement: String, _ attempt: () async throws -> T) async throws -> T {
        let retries = session.settings.retries
        // Inside a transaction an error ends it: the statement alone would mean something else.
        let mayRetry = retries > 0 && !session.workspace.sessions.isInTransaction && SQLText.mayRunAgain(statement)
        guard mayRetry else { return try await attempt() }
        for number in 1... {
            do { return try await attempt() } catch  where number <= retries && Self.mayPass(error) {
                let pause = Duration.milliseconds(500 << min(number - 1, 6))
                session.console.say(
                    "attempt \(number) of \(retries + 1) failed: \(session.report(error).headline); "
                        + "the statement only reads, and is sent again in \(pause.shortText)")
                session.log.note { $0.attempts = number + 1 }
                try await Task.sleep(for: pause)
            }
        }
        preconditionFailure("the loop ends with a result or an error")
    }

    /// Whether the same statement may succeed a moment later: not what is wrong in it, or with its data.
    static func mayPass(_ error: any Error) -> Bool {
        switch error {
        case let error as StatementError:
            // Connections, resources, operators, the system, the engine itself (SQL standard; XX is Spark's).
            ["08", "40", "53", "57", "58", "XX"].contains(error.sqlState.map { String($0.prefix(2)) })
                || transient.contains(error.errorCode ?? "")
        case let error as APIError: error.status == 429 || error.status >= 500
        case let error as TransportError: error.kind != .unavailable
        case is SubmissionLost: true
        default: false
        }
    }

    /// Codes of the Statement Execution API that say that the service, not the statement, is at fault (API README).
    private static let transient: Set<String> = [
        "ABORTED", "DEADLINE_EXCEEDED", "INTERNAL_ERROR", "IO_ERROR", "RESOURCE_EXHAUSTED", "SERVICE_UNDER_MAINTENANCE",
        "TEMPORARILY_UNAVAILABLE", "WORKSPACE_TEMPORARILY_UNAVAILABLE",
    ]
}
