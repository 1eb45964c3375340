import Databricks

/// `.readonly` — change nothing in the workspace.
struct ReadonlyCommand: SettingCommand {
    let value = Argument<Switch?>("on|off")

    var spec: CommandSpec {
        CommandSpec(
            "readonly", in: .connection, "refuse what changes the workspace", takes: [value],
            details: """
                Refused before it is sent: SQL that writes, and SQL that dbsh cannot tell to be reading only (BEGIN … END, EXECUTE
                IMMEDIATE, CALL, functions that run any code such as reflect and http_request); all code on clusters; .api with any
                method but GET and HEAD, except for questions such as clusters/events; starting, stopping and restarting clusters
                and warehouses, also by a statement that would start a stopped one (dbsh --start allows starting); cancelling what
                another session runs. EXPLAIN, USE, SET, temporary views and calls of user-defined functions pass.
                The profile's key dbsh_read_only turns it on too. What dbsh --read-only has turned on stays on.
                """,
            examples: [.init(".readonly on", "allow only reading"), .init(".readonly off", "allow writing again")],
            isImmediate: true)
    }

    static func text(in session: Session) -> String { session.workspace.gate.readOnly == nil ? "off" : "on" }

    static func set(_ value: Switch, in session: Session) throws {
        guard session.workspace.gate.choose(readOnly: value == .on) else {
            throw UsageError(
                "dbsh was started with --read-only, which holds for the whole session",
                hint: "start dbsh without it to write")
        }
    }
}
