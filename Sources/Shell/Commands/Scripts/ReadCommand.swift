/// `.read` — run a script inside the session.
struct ReadCommand: MetaCommand {
    let file = Argument<FilePath>("FILE")

    var spec: CommandSpec {
        CommandSpec(
            "read", in: .scripts, "run a script's cells in this session", takes: [file],
            details: """
                A relative path is looked for beside the script that reads it. The script stops at its first failing cell
                unless dbsh was started with --on-error continue. A script cannot read itself.
                """,
            examples: [.init(".read load.dbsh", "its cells, as if typed", runs: false)], isImmediate: true,
            traits: .runsCells)
    }

    func run(_ call: Call, in session: Session) async throws {
        try await ScriptRunner(session: session).read(call[file].path)
    }
}
