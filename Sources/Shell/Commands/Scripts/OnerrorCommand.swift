/// `.onerror` — whether scripts stop at a failing cell.
struct OnerrorCommand: SettingCommand {
    let value = Argument<Settings.OnError?>("stop|continue")

    var spec: CommandSpec {
        CommandSpec(
            "onerror", in: .scripts, "show or set what a script does when a cell fails", takes: [value],
            details: "After a failure, the exit code is 1 even if the script continued.",
            examples: [
                .init(".onerror continue", "run the remaining cells"), .init(".onerror stop", "stop (the default)"),
            ],
            isImmediate: true)
    }

    static func text(in session: Session) -> String { session.settings.onError.rawValue }

    static func set(_ value: Settings.OnError, in session: Session) { session.settings.onError = value }
}

extension Settings.OnError: WordChoice {}
