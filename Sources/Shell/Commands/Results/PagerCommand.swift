/// `.pager` — page what does not fit the window.
struct PagerCommand: MetaCommand {
    let state = Argument<Switch?>("on|off")

    var spec: CommandSpec {
        CommandSpec(
            "pager", in: .results, "show or set whether long results go through a pager", takes: [state],
            details: """
                The pager is $DBSH_PAGER, $PAGER, or less -SRFX, and is used for results taller than the window. Scripts are
                never paged. The time in the footer does not include the pager.
                """,
            examples: [.init(".pager off", "no pager"), .init(".pager on", "use a pager (the default)")],
            isImmediate: true)
    }

    func run(_ call: Call, in session: Session) async throws {
        if let state = call[state] {
            session.settings.pages = state == .on
        } else {
            try session.console.result(text: session.settings.pages ? "on" : "off")
        }
    }
}
