import Databricks

/// `.connect` — use another workspace from now on.
struct ConnectCommand: MetaCommand {
    let target = Argument<String?>("PROFILE|HOST", "a profile of ~/.databrickscfg, a host, or local", from: .profiles)

    var spec: CommandSpec {
        CommandSpec(
            "connect", in: .connection, "connect to another workspace", takes: [target],
            details: """
                A name without a dot is a profile. For a host the token is asked for, without echo, and kept in memory only.
                Without an argument the connection is made as at the start: environment, then profile.
                The execution contexts made so far are destroyed.
                """,
            examples: [
                .init(".connect dev", "the profile [dev]", runs: false),
                .init(".connect https://adb-1.2.azuredatabricks.net", "asks for a token", runs: false),
            ])
    }

    func run(_ call: Call, in session: Session) async throws {
        var arguments = ConnectionArguments()
        if let target = try call(target) {
            if target.contains(".") || target.contains(":") {
                arguments.host = target
                guard let token = await session.askSecret?("Token for \(target): "), !token.isEmpty else {
                    throw UsageError(
                        "a token is needed for \(target)",
                        hint: "type it at the prompt, or set DATABRICKS_TOKEN or a profile; it is never an argument")
                }
                arguments.token = token
            } else {
                arguments.profile = target
            }
        }
        // Resolved before anything is closed: a wrong name leaves the session as it is.
        _ = try ConnectionResolver.resolve(
            arguments, environment: session.environment.variables, home: session.environment.home)
        await session.workspace.reconnect(.configured(arguments))
        let client = try await session.workspace.connected()
        let user = try await client.currentUser.me()
        session.console.say("connected to \(client.connection.host) as \(user.userName)")
    }
}
