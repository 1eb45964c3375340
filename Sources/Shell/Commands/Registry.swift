import Text

/// Every meta command, in the order `.help` shows them. A new command is one file and one word here.
enum Registry {
    static let all: [any MetaCommand] = [
        ConnectCommand(), ProfilesCommand(), WhoamiCommand(), StatusCommand(), DebugCommand(), ReadonlyCommand(),
        ClustersCommand(), ClusterCommand(), NodeTypesCommand(), EventsCommand(),
        ContextCommand(), SessionCommand(), CommandCommand(), LangCommand(), TargetCommand(),
        WarehousesCommand(), WarehouseCommand(), StatementCommand(), QueriesCommand(), StatsCommand(), TagCommand(),
        ParamCommand(), ParamsCommand(), UnparamCommand(),
        CatalogsCommand(), SchemasCommand(), TablesCommand(), VolumesCommand(), FunctionsCommand(), DescribeCommand(),
        UseCommand(),
        LsCommand(), PutCommand(), GetCommand(), RmCommand(), MkdirCommand(), CatCommand(), ImportCommand(),
        BackgroundCommand(), JobsCommand(), WaitCommand(), ResultCommand(), CancelCommand(),
        ModeCommand(), RowsCommand(), NullCommand(), WidthCommand(), PromptCommand(), TimingCommand(),
        OutputCommand(), OnceCommand(), LastCommand(), BrowseCommand(), ExportCommand(),
        ImageCommand(), PlotCommand(), SummaryCommand(), PagerCommand(),
        ReadCommand(), RecordCommand(), SaveCommand(), HistoryCommand(), GsetCommand(), GexecCommand(), IfCommand(),
        ElifCommand(), ElseCommand(), EndifCommand(), RerunCommand(), EditCommand(),
        WatchCommand(), ExpectCommand(), EchoCommand(), OnerrorCommand(), StrictCommand(),
        APICommand(),
        HelpCommand(), TutorialCommand(), BellCommand(), TitleCommand(), ShCommand(), CdCommand(), QuitCommand(),
    ]

    /// The commands' signatures, in the order of `all`: each is made once.
    static let specs: [CommandSpec] = all.map(\.spec)

    /// Where in `all` a command is, by every name that it has.
    private static let places: [String: Int] = {
        var found: [String: Int] = [:]
        for (place, spec) in specs.enumerated() {
            for name in [spec.name] + spec.aliases { found[name] = place }
        }
        return found
    }()

    static let names = Set(places.keys)

    /// What people type from habit, without a dot, and the line that each means.
    static let habits: [String: String] = {
        var found: [String: String] = [:]
        for spec in specs { for word in spec.habits { found[word] = "." + spec.name } }
        return found
    }()

    static func spec(named name: String) -> CommandSpec? { places[name].map { specs[$0] } }

    /// - Throws: `UsageError` with the nearest names when there is no such command.
    static func command(named name: String) throws -> (any MetaCommand, spec: CommandSpec) {
        if let place = places[name] { return (all[place], specs[place]) }
        let near = Spelling.nearest(to: name, among: specs.map(\.name))
        let hint =
            near.isEmpty
            ? "type .help for all commands" : "did you mean \(near.map { "." + $0 }.joined(separator: " or "))?"
        throw UsageError("there is no command .\(name)", hint: hint)
    }
}
