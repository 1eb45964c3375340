/// The connection was lost after a statement or command had been sent, and before its id came: it may have run, may be running, or
/// may never have arrived. Nothing was sent again.
package struct SubmissionLost: Error, Sendable, Equatable {
    /// What was submitted.
    package enum Work: Sendable, Equatable {
        case statement
        case command(contextID: String)
    }

    package let work: Work
    package let cause: TransportError

    package init(work: Work, cause: TransportError) {
        self.work = work
        self.cause = cause
    }
}

extension SubmissionLost: CustomStringConvertible {
    package var description: String {
        switch work {
        case .statement: "\(cause): the statement may or may not have run"
        case .command: "\(cause): the code may or may not have run"
        }
    }
}
