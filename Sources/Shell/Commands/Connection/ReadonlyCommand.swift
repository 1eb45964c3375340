import Databricks

/// `.readonly` — refuse what writes.
struct ReadonlyCommand: MetaCommand {
    let state = Argument<Switch?>("on|off")

    var spec: CommandSpec {
        CommandSpec(
            "readonly", in: .connection, "refuse everything that may write, including all code on clusters",
            takes: [state],
            details: """
                A statement that writes is refused before it is sent, and so is one that may write, such as BEGIN … END,
                EXECUTE IMMEDIATE or CALL. dbsh --read-only and dbsh_read_only = true in a profile do the same.
                """,
            examples: [.init(".readonly on", "allow only reading"), .init(".readonly off", "allow writing again")],
            isImmediate: true)
    }

    func run(_ call: Call, in session: Session) async throws {
        if let state = call[state] {
            Self.set(state, in: session)
        } else {
            let isOn = session.settings.isReadOnly ?? (session.workspace.client?.connection.isReadOnly ?? false)
            try session.console.result(text: isOn ? "on" : "off")
        }
    }

    static func set(_ state: Switch, in session: Session) {
        session.settings.isReadOnly = state == .on
    }
}
