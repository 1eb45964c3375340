/// `.quit` — leave.
struct QuitCommand: MetaCommand {
    var spec: CommandSpec {
        CommandSpec(
            "quit", in: .general, "leave dbsh", details: "Ctrl-D at an empty prompt does the same.",
            examples: [.init(".quit", "exit; execution contexts are destroyed")], isImmediate: true,
            traits: .isUnrecorded,
            aliases: ["exit", "q"],
            habits: ["exit", "quit", "exit()", "quit()", "\\q"])
    }

    func run(_ call: Call, in session: Session) async throws { session.wantsToQuit = true }
}
