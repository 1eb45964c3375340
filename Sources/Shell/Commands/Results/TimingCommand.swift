/// `.timing` — say how long cells take.
struct TimingCommand: MetaCommand {
    let state = Argument<Switch?>("on|off")

    var spec: CommandSpec {
        CommandSpec(
            "timing", in: .results, "say how long each cell took", takes: [state],
            details: "The footer at a terminal says it anyway; this says it in scripts too, on stderr.",
            examples: [.init(".timing on", "times from now on"), .init(".timing off", "no more")], isImmediate: true)
    }

    func run(_ call: Call, in session: Session) async throws {
        if let state = call[state] {
            Self.set(state, in: session)
        } else {
            try session.console.result(text: session.settings.showsTiming ? "on" : "off")
        }
    }

    static func set(_ state: Switch, in session: Session) {
        session.settings.showsTiming = state == .on
    }
}
