/// `.debug` — show the requests that are made.
struct DebugCommand: SettingCommand {
    let value = Argument<String?>(
        "on|off|FILE", "show on stderr, do not show, or write to a file that only you can read", from: .files)

    var spec: CommandSpec {
        CommandSpec(
            "debug", in: .connection, "show every request and its reply", takes: [value],
            details: """
                Shows method, URL, headers, body, status, time and request id of every request, including retries. Long bodies
                are truncated; tokens, client secrets, passwords and presigned URLs are shown as ***. --debug with any command
                shows the requests of that command only; dbsh --debug shows all from the start.
                """,
            examples: [
                .init(".debug on", "show requests on stderr"),
                .init(".debug requests.log", "write them to a file", runs: false),
                .init(".debug off", "stop"), .init(".debug", "show the current setting"),
            ], isImmediate: true)
    }

    static func text(in session: Session) -> String {
        switch session.workspace.trace.destination {
        case .nowhere: "off"
        case .errors: "on"
        case .file(_, let path): path
        }
    }

    static func set(_ value: String, in session: Session) throws {
        let trace = session.workspace.trace
        switch value {
        case "on": trace.send(to: .errors)
        case "off": trace.send(to: .nowhere)
        default:
            try trace.send(toFile: session.paths.resolve(value), shown: value)
            session.console.say("requests are written to \(value)")
        }
    }
}
