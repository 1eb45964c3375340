/// `.pager` — page what does not fit the window.
struct PagerCommand: SettingCommand {
    let value = Argument<Settings.PagerUse?>("on|help|off")

    var spec: CommandSpec {
        CommandSpec(
            "pager", in: .results, "show or set what goes through a pager", takes: [value],
            details: """
                The pager is $DBSH_PAGER, $PAGER, or less -SRFX, and gets what is taller than the window. By default a result \
                shows as many rows as fit; with .pager on, all rows go to the pager. Scripts \
                are never paged. The time in the footer does not include the pager.
                """,
            examples: [.init(".pager on", "results too"), .init(".pager off", "no pager, not even for help")],
            isImmediate: true)
    }

    static func text(in session: Session) -> String { session.settings.pager.rawValue }
    static func set(_ value: Settings.PagerUse, in session: Session) { session.settings.pager = value }
}

extension Settings.PagerUse: WordChoice {
    var note: String {
        switch self {
        case .on: "results too"
        case .help: "only help texts; the default"
        case .off: "nothing"
        }
    }
}
