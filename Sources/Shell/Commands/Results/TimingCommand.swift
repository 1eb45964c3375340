/// `.timing` — say how long cells take.
struct TimingCommand: MetaCommand {
    let state = Argument<Switch?>("on|off")

    var spec: CommandSpec {
        CommandSpec(
            "timing", in: .results, "show how long each cell took", takes: [state],
            details: "At a terminal the footer always shows it; this also shows it in scripts, on stderr.",
            examples: [.init(".timing on", "show times"), .init(".timing off", "do not show times")], isImmediate: true)
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
