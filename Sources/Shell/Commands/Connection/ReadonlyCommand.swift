import Databricks

/// `.readonly` — refuse what writes.
struct ReadonlyCommand: MetaCommand {
    let state = Argument<Switch?>("on|off")

    var spec: CommandSpec {
        CommandSpec(
            "readonly", in: .connection, "refuse statements that write, and all code on clusters", takes: [state],
            details: """
                What writes is refused before anything is sent; so is what dbsh cannot tell to be reading only, such as
                BEGIN … END, EXECUTE IMMEDIATE and CALL. --read-only and the profile's key dbsh_read_only turn it on too.
                """,
            examples: [.init(".readonly on", "only reading from now on"), .init(".readonly off", "writing again")],
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
