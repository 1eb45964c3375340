import Databricks
import Results
import System

/// `dbsh sessions` — the sessions that are kept on this machine.
struct SessionsSubcommand: Subcommand {
    var spec: ProgramSpec {
        ProgramSpec(
            "sessions", "list the sessions that are kept (--session NAME)",
            sharing: [Options.mode] + Options.formats + [Options.quiet, Options.color, Options.errors],
            details: """
                Reads files only: whether a context is still there is found out when the session is used.
                python is the process on this machine that keeps Python for serverless compute (.help serverless).
                dbsh -c '.session forget NAME' ends one.
                """,
            examples: [.init("dbsh sessions", "names, hosts, contexts, and which process has one")])
    }

    func run(_ call: Call, in program: ProgramContext) async throws -> Int32 {
        var settings = Settings()
        if let mode = call.inOrder([Options.mode] + Options.formats).last {
            settings.mode = mode.format
            settings.choosesByWidth = mode.format == nil
        }
        settings.isQuiet = call.has(Options.quiet)
        let presenter = ResultPresenter(console: program.console, settings: settings, last: nil)
        let all = SessionRecord.kept(in: program.environment.stateDirectory + "/sessions")
        try presenter.show(
            [
                .text("name"), .text("host"), .text("contexts"), .text("python"), .whole("sql_session"),
                .text("language"),
                .text("parameters"), .text("used"), .number("process"),
            ],
            rows: all.map { entry in
                let content = entry.content
                return [
                    entry.name, content.host, content.contexts.map(\.id).joined(separator: ","),
                    content.pythons.map { String($0.process) }.joined(separator: ","), content.sqlSession?.id,
                    content.language?.rawValue, content.parameters.map(\.name).joined(separator: ","), entry.used?.text,
                    entry.process.map(String.init),
                ]
            })
        try await program.console.finish()
        return 0
    }
}
