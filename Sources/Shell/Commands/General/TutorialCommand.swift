/// `.tutorial` — a tour of five minutes.
struct TutorialCommand: MetaCommand {
    let state = Argument<Switch?>("on|off")

    var spec: CommandSpec {
        CommandSpec(
            "tutorial", in: .general, "take a five-minute tour", takes: [state],
            details: """
                Each step puts a cell at the prompt: Enter runs it, Ctrl-C skips it. .tutorial off ends the tour.
                It works in any workspace; the local one (dbsh --local) is the safest.
                """,
            examples: [.init(".tutorial", "start the tour", runs: false), .init(".tutorial off", "end it")],
            isImmediate: true,
            traits: .isUnpaged)
    }

    func run(_ call: Call, in session: Session) async throws {
        if call[state] == .off { return session.tutorial = nil }
        guard session.isInteractive else { throw UsageError("the tutorial needs a terminal") }
        session.tutorial = Tutorial()
    }
}
