/// `.tutorial` — a tour of five minutes.
struct TutorialCommand: MetaCommand {
    let state = Argument<Switch?>("on|off")

    var spec: CommandSpec {
        CommandSpec(
            "tutorial", in: .general, "take a tour of five minutes", takes: [state],
            details: """
                Each step puts a cell at the prompt: Enter runs it, Ctrl-C drops it and goes on. .tutorial off ends the tour.
                The local workspace (dbsh --local) is the place for it, but any will do.
                """,
            examples: [.init(".tutorial", "begin", runs: false), .init(".tutorial off", "enough")], isImmediate: true,
            traits: .isUnpaged)
    }

    func run(_ call: Call, in session: Session) async throws {
        if call[state] == .off { return session.tutorial = nil }
        guard session.isInteractive else { throw UsageError("the tutorial needs a terminal") }
        session.tutorial = Tutorial()
    }
}
