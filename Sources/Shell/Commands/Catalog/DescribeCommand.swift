/// `.describe` — the columns of a table or view.
struct DescribeCommand: MetaCommand {
    let name = Argument<String>(
        "NAME", "a table or view; with catalog and schema if they are not the current ones")

    var spec: CommandSpec {
        CommandSpec(
            "describe", in: .catalog, "list the columns of a table or view", takes: [name],
            examples: [.init(".describe samples.nyctaxi.trips", "column names and types")])
    }

    func run(_ call: Call, in session: Session) async throws {
        try await SQLRunner(session: session).run("DESCRIBE TABLE " + SQLName.quoted(path: call[name]))
    }
}
