/// `.output` — where results go from now on.
struct OutputCommand: MetaCommand {
    let target = Argument<FilePath?>("FILE", "a file, or '|COMMAND'; without it results go to standard output again")

    var spec: CommandSpec {
        CommandSpec(
            "output", in: .results, "send results to a file or command", takes: [target],
            flags: [ExportCommand.serviceCSV],
            details: """
                The file's name says the format (csv, tsv, json, jsonl, md, html, sql, arrow) and, with .gz or .zst behind \
                it, the compression; any other name gets the current mode. It is written under a temporary name, and has \
                its own when .output is given again or dbsh ends.
                """,
            examples: [.init(".output out.csv", "results go to out.csv"), .init(".output", "back to the screen")])
    }

    func run(_ call: Call, in session: Session) async throws {
        let target = call[target]
        if target == nil, call[ExportCommand.serviceCSV] { throw UsageError("--service-csv needs a file", spec) }
        try await session.console.sendResults(
            to: target.map { try .named(session.target($0.path), serviceCSV: call[ExportCommand.serviceCSV]) })
    }
}

/// `.once` — where the results of the next cell go.
struct OnceCommand: MetaCommand {
    let target = Argument<FilePath>("FILE", "a file, or '|COMMAND'")

    var spec: CommandSpec {
        CommandSpec(
            "once", in: .results, "send the next cell's results to a file or command", takes: [target],
            flags: [ExportCommand.serviceCSV],
            details: """
                Names work as with .output. A name in .arrow asks the service for its own Arrow stream, --service-csv for its \
                own CSV (see .export).
                """,
            examples: [.init(".once top.json", "as JSON"), .init(".once '|less -S'", "into a pager")])
    }

    func run(_ call: Call, in session: Session) async throws {
        // A `.once` that nothing was written to is replaced.
        try await session.console.endOnce()
        session.console.sendNextResults(
            to: try .named(session.target(call[target].path), serviceCSV: call[ExportCommand.serviceCSV]))
    }
}

extension Session {
    /// `|COMMAND` as it is; a file beside the script that names it.
    fileprivate func target(_ text: String) -> String { text.hasPrefix("|") ? text : resolve(text) }
}
