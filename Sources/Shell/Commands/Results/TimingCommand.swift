/// `.timing` — say how long cells take.
struct TimingCommand: SwitchCommand {
    let value = Argument<Switch?>("on|off")

    var spec: CommandSpec {
        CommandSpec(
            "timing", in: .results, "show how long each cell took", takes: [value],
            details: """
                At a terminal the footer always shows it; this also shows it in scripts, on stderr, and at a terminal the id \
                of the statement or command.
                """,
            examples: [.init(".timing on", "show times"), .init(".timing off", "do not show times")], isImmediate: true)
    }

    static var setting: ReferenceWritableKeyPath<Session, Bool> { \.settings.showsTiming }
}
