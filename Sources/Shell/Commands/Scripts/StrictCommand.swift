/// `.strict` — whether a result that the service cut short is a failure.
struct StrictCommand: SwitchCommand {
    let value = Argument<Switch?>("on|off")

    var spec: CommandSpec {
        CommandSpec(
            "strict", in: .scripts, "make a result that the service cut short a failure", takes: [value],
            details: """
                A result that is cut short is shown all the same, and dbsh always says so on stderr. With this on, the cell has
                failed too, and a script ends with exit code 1.
                """,
            examples: [.init(".strict on", "a cut result fails its cell"), .init(".strict off", "it is only said")],
            isImmediate: true)
    }

    static var setting: ReferenceWritableKeyPath<Session, Bool> { \.settings.isStrict }
}
