/// `.pager` — page what does not fit the window.
struct PagerCommand: SwitchCommand {
    let value = Argument<Switch?>("on|off")

    var spec: CommandSpec {
        CommandSpec(
            "pager", in: .results, "show or set whether long results go through a pager", takes: [value],
            details: """
                The pager is $DBSH_PAGER, $PAGER, or less -SRFX, and is used for results taller than the window. Scripts are
                never paged. The time in the footer does not include the pager.
                """,
            examples: [.init(".pager off", "no pager"), .init(".pager on", "use a pager (the default)")],
            isImmediate: true)
    }

    static var setting: ReferenceWritableKeyPath<Session, Bool> { \.settings.pages }
}
