/// `.null` — what stands for NULL.
struct NullCommand: MetaCommand {
    let text = Argument<String?>("TEXT", "the text shown for NULL; '' for nothing")
    let reset = Flag("--default", "go back to the default of each format")

    var spec: CommandSpec {
        CommandSpec(
            "null", in: .results, "show or set how NULL is shown", takes: [text], flags: [reset],
            details: """
                The default is NULL in tables, nothing in csv (where an empty string is ""), and \\N in tsv. JSON and insert \
                always use their own null.
                """,
            examples: [.init(".null ∅", "show NULL as ∅"), .init(".null --default", "go back to the default")])
    }

    func run(_ call: Call, in session: Session) async throws {
        if call[reset] {
            session.settings.nullText = nil
        } else if let text = call[text] {
            session.settings.nullText = text
        } else {
            try session.console.result(text: session.settings.nullText.map { "'\($0)'" } ?? "default")
        }
    }
}
