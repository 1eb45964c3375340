/// `.bell` — ring when a long cell ends.
struct BellCommand: SettingCommand {
    enum Off: String, WordChoice { case off }

    let value = Argument<Either<Off, Int>?>("SECONDS|off")

    var spec: CommandSpec {
        CommandSpec(
            "bell", in: .general, "ring the terminal bell when a long-running cell ends", takes: [value],
            examples: [
                .init(".bell 10", "ring after cells that took 10 seconds or more"),
                .init(".bell off", "do not ring (the default)"),
            ],
            isImmediate: true)
    }

    static func text(in session: Session) -> String { session.settings.bellAfter.map(String.init) ?? "off" }

    static func set(_ value: Either<Off, Int>, in session: Session) {
        session.settings.bellAfter = if case .other(let seconds) = value { seconds } else { nil }
    }
}

/// `.title` — say in the terminal's title what runs.
struct TitleCommand: SwitchCommand {
    let value = Argument<Switch?>("on|off")

    var spec: CommandSpec {
        CommandSpec(
            "title", in: .general, "show what is running in the terminal's title", takes: [value],
            details: "The previous title is restored by .title off and on exit, if the terminal supports that.",
            examples: [
                .init(".title on", "dbsh: select …"), .init(".title off", "leave the title alone (the default)"),
            ], isImmediate: true)
    }

    static var setting: ReferenceWritableKeyPath<Session, Bool> { \.settings.setsTitle }
}
