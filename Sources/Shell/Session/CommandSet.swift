/// The meta commands as the session and what runs cells see them. The program gives a session its commands, so that nothing
/// below the commands depends on any of them.
protocol CommandSet {
    /// Every name that a command can be typed by.
    var names: Set<String> { get }
    /// What is to be known of the command of that name; nothing when there is none.
    func traits(of name: String) -> CommandTraits
    /// Reads a line, `.name words`, up to the point where the command can run.
    /// - Throws: `UsageError`.
    func prepare(_ line: String, in session: Session) throws -> PreparedCommand
}

extension CommandSet {
    /// The traits of the command that a cell is; nothing for other cells.
    func traits(of cell: Cell) -> CommandTraits {
        if case .meta = cell.content { traits(of: cell.metaName) } else { [] }
    }
}

/// A command whose line was read.
struct PreparedCommand {
    /// It waits for nothing: it is run as it is, without arrangements to stop it.
    let isImmediate: Bool
    /// Its requests are shown (`--debug`).
    let showsRequests: Bool
    let run: @MainActor @Sendable () async throws -> Void
}
