/// `.onerror` — whether scripts stop at a failing cell.
struct OnerrorCommand: MetaCommand {
    let choice = Argument<Settings.OnError?>("stop|continue")

    var spec: CommandSpec {
        CommandSpec(
            "onerror", in: .scripts, "show or set what a script does when a cell fails", takes: [choice],
            details: "After a failure, the exit code is 1 even if the script continued.",
            examples: [
                .init(".onerror continue", "run the remaining cells"), .init(".onerror stop", "stop (the default)"),
            ],
            isImmediate: true)
    }

    func run(_ call: Call, in session: Session) async throws {
        if let choice = call[choice] {
            Self.set(choice, in: session)
        } else {
            try session.console.result(text: session.settings.onError.rawValue)
        }
    }

    static func set(_ choice: Settings.OnError, in session: Session) {
        session.settings.onError = choice
    }
}

extension Settings.OnError: WordChoice {}
