/// `.prompt` — what the prompt says.
struct PromptCommand: MetaCommand {
    let template = Argument<String?>("TEMPLATE", "text with fields in braces")
    let reset = Flag("--default", "the prompt as dbsh has it")

    var spec: CommandSpec {
        CommandSpec(
            "prompt", in: .results, "show or set what the prompt says", takes: [template], flags: [reset],
            details: """
                {language}, {catalog}, {schema}, {place} (catalog.schema), {target} (the warehouse or cluster), {host},
                {profile}, {session} (of --session), {marks} (session, read-only, transaction). A line in rc.dbsh keeps it for good. The profile's key
                dbsh_prompt_color (red, yellow, green, blue, magenta, cyan) colours the prompt of one workspace.
                """,
            examples: [
                .init(".prompt '{place}@{host} {marks}> '", "one of your own"),
                .init(".prompt --default", "as at first"),
            ], isImmediate: true)
    }

    func run(_ call: Call, in session: Session) async throws {
        if call[reset] {
            session.settings.prompt = nil
        } else if let text = call[template] {
            session.settings.prompt = try PromptTemplate(text)
        } else {
            try session.console.result(text: session.settings.prompt.map { "'\($0.text)'" } ?? "default")
        }
    }
}
