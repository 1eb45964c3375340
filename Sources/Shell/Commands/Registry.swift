import Text

/// Every meta command, in the order `.help` shows them. A new command is one file and one word here.
enum Registry {
    static let all: [any MetaCommand] = [
        ConnectCommand(), ProfilesCommand(), WhoamiCommand(), StatusCommand(), DebugCommand(), ReadonlyCommand(),
        ClustersCommand(), ClusterCommand(), NodeTypesCommand(), EventsCommand(),
        ContextCommand(), CommandCommand(), LangCommand(), TargetCommand(),
        WarehousesCommand(), WarehouseCommand(), StatementCommand(), ParamCommand(), ParamsCommand(), UnparamCommand(),
        CatalogsCommand(), SchemasCommand(), TablesCommand(), DescribeCommand(), UseCommand(),
        BackgroundCommand(), JobsCommand(), WaitCommand(), ResultCommand(), CancelCommand(),
        ModeCommand(), RowsCommand(), NullCommand(), WidthCommand(), TimingCommand(),
        OutputCommand(), OnceCommand(), LastCommand(), ExportCommand(),
        ImageCommand(), PlotCommand(), PagerCommand(),
        ReadCommand(), RecordCommand(), SaveCommand(), HistoryCommand(), GsetCommand(), RerunCommand(), EditCommand(),
        WatchCommand(), ExpectCommand(), EchoCommand(), OnerrorCommand(),
        APICommand(),
        HelpCommand(), TutorialCommand(), BellCommand(), TitleCommand(), ShCommand(), CdCommand(), QuitCommand(),
    ]

    /// Other names people type for a command.
    static let aliases = ["exit": "quit", "q": "quit", "?": "help"]

    static let names: Set<String> = Set(all.map(\.spec.name)).union(aliases.keys)

    /// - Throws: `UsageError` with the nearest names when there is no such command.
    static func command(named name: String) throws -> any MetaCommand {
        let wanted = aliases[name] ?? name
        if let command = all.first(where: { $0.spec.name == wanted }) { return command }
        let near = Spelling.nearest(to: name, among: all.map(\.spec.name))
        let hint =
            near.isEmpty
            ? "type .help for all commands" : "did you mean \(near.map { "." + $0 }.joined(separator: " or "))?"
        throw UsageError("there is no command .\(name)", hint: hint)
    }
}
