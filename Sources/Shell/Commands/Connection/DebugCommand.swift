/// `.debug` — show the requests that are made.
struct DebugCommand: MetaCommand {
    let target = Argument<String?>("on|off|FILE", "stderr, nowhere, or a file that only you can read", from: .files)

    var spec: CommandSpec {
        CommandSpec(
            "debug", in: .connection, "show every request and its reply", takes: [target],
            details: """
                Method, URL, headers, body, status, time and request id of every request, also of those that are repeated. Long
                bodies are cut; tokens, client secrets, passwords and presigned links are shown as ***. --debug after any one
                command shows the requests of that command alone, and dbsh --debug shows all from the start.
                """,
            examples: [
                .init(".debug on", "on stderr"), .init(".debug requests.log", "in a file", runs: false),
                .init(".debug off", "no more"), .init(".debug", "where they are shown"),
            ], isImmediate: true)
    }

    func run(_ call: Call, in session: Session) async throws {
        let trace = session.workspace.trace
        switch call[target] {
        case nil:
            let text =
                switch trace.destination {
                case .nowhere: "off"
                case .errors: "on"
                case .file(_, let path): path
                }
            try session.console.result(text: text)
        case "on": trace.send(to: .errors)
        case "off": trace.send(to: .nowhere)
        case let path?:
            try trace.send(toFile: session.resolve(path), shown: path)
            session.console.say("requests are written to \(path)")
        }
    }
}
