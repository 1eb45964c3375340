import Databricks

/// `.readonly` — refuse what writes.
struct ReadonlyCommand: SettingCommand {
    let value = Argument<Switch?>("on|off")

    var spec: CommandSpec {
        CommandSpec(
            "readonly", in: .connection, "refuse everything that may write, including all code on clusters",
            takes: [value],
            details: """
                A statement that writes is refused before it is sent, and so is one that may write, such as BEGIN … END,
                EXECUTE IMMEDIATE or CALL. dbsh --read-only and dbsh_read_only = true in a profile do the same.
                """,
            examples: [.init(".readonly on", "allow only reading"), .init(".readonly off", "allow writing again")],
            isImmediate: true)
    }

    static func text(in session: Session) -> String {
        session.settings.isReadOnly ?? session.workspace.client?.connection.isReadOnly ?? false ? "on" : "off"
    }

    static func set(_ value: Switch, in session: Session) { session.settings.isReadOnly = value == .on }
}
