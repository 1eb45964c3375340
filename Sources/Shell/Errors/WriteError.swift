import System

/// A file that could not be written to its end.
nonisolated struct WriteError: Error {
    enum Reason: Equatable {
        /// errno(3).
        case code(Int32)
        /// How the compressor ended, and what it said.
        case compressor(String, ExitStatus, String)
        /// A result in it did not come to its end, which was reported then.
        case brokenOff
    }

    let path: String
    let reason: Reason
    /// It is written piece by piece, and what was written before stays.
    let leavesPart: Bool

    init(path: String, reason: Reason, leavesPart: Bool = false) {
        self.path = path
        self.reason = reason
        self.leavesPart = leavesPart
    }
}
