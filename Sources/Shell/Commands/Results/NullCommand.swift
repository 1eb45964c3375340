/// `.null` — what stands for NULL.
struct NullCommand: MetaCommand {
    let text = Argument<String?>("TEXT", "what stands for NULL; '' for nothing")
    let reset = Flag("--default", "what each format says by itself")

    var spec: CommandSpec {
        CommandSpec(
            "null", in: .results, "show or set what stands for NULL", takes: [text], flags: [reset],
            details: """
                By default NULL in tables, nothing in csv (where the empty string is ""), \\N in tsv. JSON and insert have \
                their own NULL, which this does not change.
                """,
            examples: [.init(".null ∅", "a sign of its own"), .init(".null --default", "as at first")])
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
