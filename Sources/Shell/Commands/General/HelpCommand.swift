import Text

/// `.help` — what can be typed.
struct HelpCommand: MetaCommand {
    let command = Argument<String?>("COMMAND|TOPIC", from: .commands)

    var spec: CommandSpec {
        CommandSpec(
            "help", in: .general, "list all commands, or explain a command or topic", takes: [command],
            details: "Topics: " + Topic.all.map(\.name).joined(separator: ", ")
                + "; and the magics of cells: .help %run.",
            examples: [
                .init(".help", "list all commands"), .init(".help mode", "explain .mode"),
                .init(".help keys", "explain a topic"),
            ], isImmediate: true, traits: .isHelp, aliases: ["?"], habits: ["help", "?"])
    }

    func run(_ call: Call, in session: Session) async throws {
        guard let name = call[command] else {
            return try show(Help.overview, session)
        }
        if let text = Help.text(about: name) { return try show(text, session) }
        let plain = (name.hasPrefix(".") ? String(name.dropFirst()) : name).lowercased()
        let near = Spelling.nearest(to: plain, among: Topic.all.map(\.name))
        do { _ = try Registry.command(named: plain) } catch let error as UsageError
            where !near.isEmpty && !name.hasPrefix(".")
        {
            throw UsageError(
                "there is no command or topic \(plain)",
                hint: "did you mean .help \(near.joined(separator: " or .help "))?"
                    + (error.hint.map { " Or: \($0)" } ?? ""))
        }
    }

    private func show(_ text: String, _ session: Session) throws {
        try Help.show(text, on: session.console, session.environment)
    }
}
