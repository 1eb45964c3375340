import System

/// A result is not what `.expect` says.
struct ExpectationFailed: Error {
    /// One line: what was expected and what the result is.
    let message: String
    var detail: String?
}

/// A script that was read from another has failed; what failed in it has been reported there.
struct ScriptFailed: Error {
    let path: String
    let exitCode: Report.ExitCode
}

/// A command of this machine ended with a status other than 0.
struct CommandEnded: Error {
    let status: ExitStatus
    /// The command, where it is not the cell itself.
    var command: String?
}
