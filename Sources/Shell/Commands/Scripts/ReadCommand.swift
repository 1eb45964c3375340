/// `.read` — run a script inside the session.
struct ReadCommand: MetaCommand {
    let file = Argument<FilePath>("FILE")

    var spec: CommandSpec {
        CommandSpec(
            "read", in: .scripts, "run a script in this session", takes: [file],
            details: """
                In a script, a relative path starts at the script's own directory. The script stops at its first failing cell
                unless .onerror is continue. A script cannot read itself.
                """,
            examples: [.init(".read load.dbsh", "run its cells as if they were typed", runs: false)], isImmediate: true,
            traits: .runsCells)
    }

    func run(_ call: Call, in session: Session) async throws {
        try await ScriptRunner(session: session).read(call[file].path)
    }
}
