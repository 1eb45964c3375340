import Results

/// Everything that dbsh takes, as JSON, from the same declarations as help: options, subcommands, commands, formats, exit codes.
struct Specification {
    let program: ProgramSpec
    let subcommands: [ProgramSpec]
    let commands: [CommandSpec]

    var json: JSONValue {
        .object([
            .init("dbsh", .string(Version.number)), .init("usage", .string(program.usage)),
            .init(
                "options", .array(program.groups.flatMap { group in group.flags.map { Self.json($0, group.title) } })),
            .init("subcommands", .array(subcommands.map(Self.json))),
            .init("commands", .array(commands.map(Self.json))),
            .init(
                "formats",
                .array(
                    Format.allCases.map {
                        .object([
                            .init("name", .string($0.rawValue)), .init("note", .string($0.note)),
                            .init("file_endings", .array($0.fileEndings.map(JSONValue.string))),
                        ])
                    })),
            .init(
                "exit_codes",
                .array(
                    Report.ExitCode.allCases.map {
                        .object([
                            .init("code", .count(Int($0.rawValue))), .init("meaning", .string($0.meaning)),
                        ])
                    })),
            .init(
                "topics",
                .array(
                    Topic.all.map {
                        .object([.init("name", .string($0.name)), .init("summary", .string($0.summary))])
                    })),
        ])
    }

    private static func json(_ spec: ProgramSpec) -> JSONValue {
        .object(
            head(spec) + [
                .init("options", .array(spec.groups.flatMap(\.flags).map { json($0, nil) })),
                .init("options_of_dbsh", .array(spec.shared.map { .string($0.name) })),
            ] + tail(spec))
    }

    private static func json(_ spec: CommandSpec) -> JSONValue {
        .object(
            head(spec) + [
                .init("section", .string(spec.section.rawValue)),
                .init("aliases", .array(spec.aliases.map { .string("." + $0) })),
                .init("options", .array(spec.flags.map { json($0, nil) })),
            ] + tail(spec))
    }

    private static func head(_ spec: any Signature) -> [JSONValue.Member] {
        [
            .init("name", .string(spec.title)), .init("summary", .string(spec.summary)),
            .init("usage", .string(spec.usage)), .init("arguments", .array(spec.arguments.map { json($0) })),
        ]
    }

    private static func tail(_ spec: any Signature) -> [JSONValue.Member] {
        [
            .init("details", .string(spec.details)),
            .init(
                "examples",
                .array(
                    spec.examples.map {
                        .object([.init("text", .string($0.text)), .init("explanation", .string($0.explanation))])
                    })),
        ]
    }

    private static func json(_ flag: any AnyFlag, _ group: String?) -> JSONValue {
        .object(
            [
                .init("name", .string(flag.name)), .init("short", .text(flag.short)),
                .init("value", .text(flag.label)), .init("value_is_optional", .bool(flag.valueIsOptional)),
                .init("repeats", .bool(flag.repeats)), .init("values", values(flag.candidates)),
                .init("help", .string(flag.help)),
            ] + (group.map { [.init("group", .string($0))] } ?? []))
    }

    private static func json(_ argument: any AnyArgument) -> JSONValue {
        .object([
            .init("name", .string(argument.label)), .init("is_optional", .bool(argument.usage.hasPrefix("["))),
            .init("takes_rest", .bool(argument.takesRest)), .init("values", values(argument.candidates)),
            .init("help", .string(argument.help)),
        ])
    }

    /// The words that are allowed; null where anything is, or what there is is not known here.
    private static func values(_ source: CandidateSource) -> JSONValue {
        if case .words(let words) = source { .array(words.map { .string($0.text) }) } else { .null }
    }
}
