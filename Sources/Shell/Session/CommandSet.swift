/// The meta commands, as the session and the runners of cells see them. The program passes them to the session, so that
/// nothing below the commands depends on any of them.
protocol CommandSet {
    /// Every name that a command can be typed by.
    var names: Set<String> { get }
    /// The traits of the command of that name; none when there is no such command.
    func traits(of name: String) -> CommandTraits
    /// Parses a line, `.name words`.
    /// - Throws: `UsageError`.
    func prepare(_ line: String, in session: Session) throws -> PreparedCommand
}

extension CommandSet {
    /// The traits of the cell's command; none for other cells.
    func traits(of cell: Cell) -> CommandTraits {
        if case .meta = cell.content { traits(of: cell.metaName) } else { [] }
    }
}

/// A command that is ready to run.
struct PreparedCommand {
    /// It waits for nothing, so it runs without the handling of Ctrl-C.
    let isImmediate: Bool
    /// Its requests are shown (`--debug`).
    let showsRequests: Bool
    let run: @MainActor @Sendable () async throws -> Void
}
