/// `.echo` — write text among the results.
struct EchoCommand: MetaCommand {
    let words = Argument<[String]>("TEXT")

    var spec: CommandSpec {
        CommandSpec(
            "echo", in: .scripts, "print text to where results go", takes: [words],
            examples: [
                .init(".echo loading the day", "print a line"),
                .init(".echo \"day: ${day}\"", "with the value of a parameter", runs: false),
            ], isImmediate: true)
    }

    func run(_ call: Call, in session: Session) async throws {
        try session.console.result(text: call[words].joined(separator: " ") + "\n")
    }
}
