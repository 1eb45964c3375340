/// `.bell` — ring when a long cell ends.
struct BellCommand: MetaCommand {
    let seconds = Argument<String?>("SECONDS|off")

    var spec: CommandSpec {
        CommandSpec(
            "bell", in: .general, "ring the terminal bell when a long-running cell ends", takes: [seconds],
            examples: [
                .init(".bell 10", "ring after cells that took 10 seconds or more"),
                .init(".bell off", "do not ring (the default)"),
            ],
            isImmediate: true)
    }

    func run(_ call: Call, in session: Session) async throws {
        switch call[seconds] {
        case nil: try session.console.result(text: session.settings.bellAfter.map { "\($0)" } ?? "off")
        case "off"?: session.settings.bellAfter = nil
        case let text?:
            guard let count = Int(text), count >= 0 else {
                throw UsageError("SECONDS must be a whole number or off, not “\(text)”", call.spec)
            }
            session.settings.bellAfter = count
        }
    }
}

/// `.title` — say in the terminal's title what runs.
struct TitleCommand: MetaCommand {
    let state = Argument<Switch?>("on|off")

    var spec: CommandSpec {
        CommandSpec(
            "title", in: .general, "show what is running in the terminal's title", takes: [state],
            details: "The previous title is restored by .title off and on exit, if the terminal supports that.",
            examples: [
                .init(".title on", "dbsh: select …"), .init(".title off", "leave the title alone (the default)"),
            ], isImmediate: true)
    }

    func run(_ call: Call, in session: Session) async throws {
        if let state = call[state] {
            session.settings.setsTitle = state == .on
        } else {
            try session.console.result(text: session.settings.setsTitle ? "on" : "off")
        }
    }
}
