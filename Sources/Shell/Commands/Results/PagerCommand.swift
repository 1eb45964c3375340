/// `.pager` — page what does not fit the window.
struct PagerCommand: MetaCommand {
    let state = Argument<Switch?>("on|off")

    var spec: CommandSpec {
        CommandSpec(
            "pager", in: .results, "show results that do not fit the window through a pager", takes: [state],
            details: """
                The pager is $DBSH_PAGER, else $PAGER, else less -SRFX. Scripts are never paged, and the time in the footer
                ends before the pager begins.
                """,
            examples: [.init(".pager off", "everything runs through"), .init(".pager on", "the default")],
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
