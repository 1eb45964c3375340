/// `.output` — where results go from now on.
struct OutputCommand: MetaCommand {
    let target = Argument<ResultTarget?>(
        "FILE", "a file, or |COMMAND; without it, results go to standard output again")

    var spec: CommandSpec {
        CommandSpec(
            "output", in: .results, "send results to a file or command", takes: [target],
            flags: [ExportCommand.serviceCSV],
            details: """
                The ending of the file name sets the format (\(FileFormat.endings)); \
                otherwise the current mode is used. The file is written under a temporary \
                name and renamed when .output is given again or dbsh exits.
                """,
            examples: [
                .init(".output out.csv", "send results to out.csv"), .init(".output", "back to standard output"),
            ])
    }

    func run(_ call: Call, in session: Session) async throws {
        let target = call[target]
        if target == nil, call[ExportCommand.serviceCSV] { throw UsageError("--service-csv needs a file", spec) }
        try await session.console.sendResults(
            to: target.map { try .named(session.target($0.text), serviceCSV: call[ExportCommand.serviceCSV]) })
    }
}

/// `.once` — where the results of the next cell go.
struct OnceCommand: MetaCommand {
    let target = Argument<ResultTarget>("FILE", "a file, or |COMMAND")

    var spec: CommandSpec {
        CommandSpec(
            "once", in: .results, "send the next cell's results to a file or command", takes: [target],
            flags: [ExportCommand.serviceCSV],
            details: """
                File names work as with .output. A name ending in .arrow requests the service's own Arrow stream, --service-csv \
                its own CSV (see .export).
                """,
            examples: [.init(".once top.json", "write JSON"), .init(".once |less -S", "send to a pager")])
    }

    func run(_ call: Call, in session: Session) async throws {
        // A `.once` that nothing was written to is replaced.
        try await session.console.endOnce()
        session.console.sendNextResults(
            to: try .named(session.target(call[target].text), serviceCSV: call[ExportCommand.serviceCSV]))
    }
}

extension Session {
    /// `|COMMAND` as it is; a file beside the script that names it.
    fileprivate func target(_ text: String) -> String { text.hasPrefix("|") ? text : paths.resolve(text) }
}
