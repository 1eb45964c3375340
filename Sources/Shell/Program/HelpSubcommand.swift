import Text

/// `dbsh help` — explain dbsh, a subcommand, or something of the prompt.
struct HelpSubcommand: Subcommand {
    let subject = Argument<String?>(
        "SUBCOMMAND|.COMMAND|TOPIC",
        "a subcommand; a command of the prompt, such as .mode; commands for a list of these; a topic, such as keys",
        from: .either(.subcommands, .commands))

    /// The word for the list of the commands of the prompt.
    private static let commands = "commands"

    var spec: ProgramSpec {
        ProgramSpec(
            "help", "explain dbsh, a subcommand, a command of the prompt, or a topic", takes: [subject],
            examples: [
                .init("dbsh help test", "the options of dbsh test"), .init("dbsh help .export", "as .help export does"),
                .init("dbsh help keys", "what the keys do"),
            ])
    }

    func run(_ call: Call, in program: ProgramContext) async throws -> Int32 {
        try Help.show(try text(about: call[subject]), on: program.console, program.environment)
        return 0
    }

    private func text(about subject: String?) throws -> String {
        let help = CommandLineHelp(subcommands: Subcommands.all)
        guard let subject else { return help.text(for: ShellProgram().spec) }
        if let subcommand = Subcommands.all.first(where: { $0.spec.name == subject }) {
            return help.text(for: subcommand.spec)
        }
        if subject == Self.commands { return Help.overview }
        if let text = Help.text(about: subject) { return text }
        if subject.hasPrefix(".") { _ = try Registry.command(named: String(subject.dropFirst()).lowercased()) }
        let near = Spelling.nearest(
            to: subject,
            among: Subcommands.all.map(\.spec.name) + Registry.specs.map { ".\($0.name)" }
                + Topic.all.map(\.name) + [Self.commands])
        let hint = near.isEmpty ? "dbsh --help lists the subcommands, dbsh help commands those of the prompt" : nil
        throw UsageError(
            "there is no subcommand, command or topic \(subject)",
            hint: hint ?? "did you mean dbsh help \(near.joined(separator: " or dbsh help "))?")
    }
}
