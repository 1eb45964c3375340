/// `.echo` — write text among the results.
struct EchoCommand: MetaCommand {
    let words = Argument<[String]>("TEXT")

    var spec: CommandSpec {
        CommandSpec(
            "echo", in: .scripts, "write text where results go", takes: [words],
            examples: [
                .init(".echo loading the day", "a line"),
                .init(".echo \"day: ${day}\"", "with a parameter", runs: false),
            ], isImmediate: true)
    }

    func run(_ call: Call, in session: Session) async throws {
        try session.console.result(text: call[words].joined(separator: " ") + "\n")
    }
}
