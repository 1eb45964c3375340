/// `.help` — what can be typed.
struct HelpCommand: MetaCommand {
    let command = Argument<String?>("COMMAND", from: .commands)

    var spec: CommandSpec {
        CommandSpec(
            "help", in: .general, "show all commands, or one in detail", takes: [command],
            examples: [.init(".help", "all commands"), .init(".help mode", "one of them")], isImmediate: true)
    }

    func run(_ call: Call, in session: Session) async throws {
        guard let name = try call(command) else {
            return try session.console.result(text: Help.overview)
        }
        let plain = name.hasPrefix(".") ? String(name.dropFirst()) : name
        try session.console.result(text: Help.text(for: try Registry.command(named: plain.lowercased()).spec))
    }
}
