import Databricks

/// `.connect` — use another workspace from now on.
struct ConnectCommand: MetaCommand {
    let target = Argument<String?>("PROFILE|HOST", "a profile of ~/.databrickscfg, or a host", from: .profiles)
    let login = Flag("--login", "sign in to the host with the browser")
    let clientID = Flag<String?>(
        "--client-id", value: "ID", "sign in as this service principal; dbsh asks for its secret")
    let tokenURL = Flag<String?>("--token-url", value: "URL", "the token endpoint of the service principal")
    let scopes = Flag<String?>(
        "--scopes", value: "SCOPES", "the OAuth scopes, separated by commas or spaces (default all-apis)")
    let accountID = Flag<String?>("--account-id", value: "ID", "the account id; only with an accounts host")

    var spec: CommandSpec {
        CommandSpec(
            "connect", in: .connection, "connect to another workspace", takes: [target],
            flags: [login, clientID, tokenURL, scopes, accountID],
            details: """
                A name without a dot is a profile. For a host, dbsh asks for a token without echo and keeps it in memory only;
                an empty answer uses what is configured for that host: a profile, the environment, or the login of the
                Databricks CLI. With --login, you sign in with the browser (dbsh login --help says more); with --client-id,
                dbsh asks for the service principal's secret.
                Without an argument it connects as at startup: from the environment, then from a profile.
                The execution contexts of the previous connection are destroyed.
                """,
            examples: [
                .init(".connect dev", "use the profile [dev]", runs: false),
                .init(".connect https://adb-1.2.azuredatabricks.net", "asks for a token", runs: false),
                .init(".connect dbc-1.cloud.databricks.com --login", "sign in with the browser", runs: false),
                .init(".connect dbc-1.cloud.databricks.com --client-id 8d1c", "asks for a secret", runs: false),
            ], traits: .isUnpaged)
    }

    func run(_ call: Call, in session: Session) async throws {
        let arguments = try await call[login] ? signIn(call, session) : arguments(call, session)
        // Resolved before anything is closed: a wrong name leaves the session as it is.
        let connection = try ConnectionResolver.resolve(
            arguments, environment: session.environment.variables, home: session.environment.home)
        if let kept = session.kept {
            session.console.say("session \(kept.name) stays as it is at \(session.workspace.host ?? "")")
            kept.leave()
        }
        await session.workspace.reconnect(.configured(arguments))
        let client = try await session.workspace.connected()
        guard !HostURL.isAccounts(connection.host) else {
            // Accounts have no current user: their first list of anything proves the credential as well.
            return session.console.say("connected to \(connection.host) (\(connection.authType))")
        }
        let user = try await client.currentUser.me()
        session.workspace.user = user.userName
        session.console.say("connected to \(client.connection.host) as \(user.userName)")
    }

    /// Signs in with the browser, at the host that is named or at the present one.
    private func signIn(_ call: Call, _ session: Session) async throws -> ConnectionArguments {
        guard call[clientID] == nil else {
            throw UsageError(
                "--login and --client-id contradict each other", hint: "a service principal has no browser")
        }
        var asked = ConnectionArguments()
        asked.profileSource = spec.title
        if let target = call[target] {
            if Self.isHost(target) { asked.host = target } else { asked.profile = target }
        } else {
            asked = session.workspace.arguments
        }
        let (variables, home) = (session.environment.variables, session.environment.home)
        guard let place = try ConnectionResolver.place(asked, environment: variables, home: home) else {
            throw UsageError("which host?", hint: ".connect HOST --login names it")
        }
        let signIn = BrowserSignIn(environment: session.environment) { [console = session.console] in console.say($0) }
        let account = call[accountID] ?? place.accountID
        _ = try await signIn.run(host: place.host, accountID: account)
        asked.host = place.host.text
        asked.accountID = account
        asked.authType = AuthType.externalBrowser.rawValue
        return asked
    }

    private static func isHost(_ target: String) -> Bool { target.contains(".") || target.contains(":") }

    private func arguments(_ call: Call, _ session: Session) async throws -> ConnectionArguments {
        var arguments = ConnectionArguments()
        arguments.profileSource = spec.title
        arguments.tokenURL = call[tokenURL]
        arguments.accountID = call[accountID]
        arguments.scopes = (call[scopes] ?? "").split { $0 == "," || $0 == " " }.map(String.init)
        let target = call[target]
        let isHost = target.map(Self.isHost) ?? false
        if isHost { arguments.host = target } else { arguments.profile = target }
        if let id = call[clientID] {
            arguments.clientID = id
            arguments.authType = AuthType.oauthM2M.rawValue
            arguments.clientSecret =
                try await secret("Secret of \(id): ", session) ?? configuredSecret(session, of: id, call)
        } else if isHost, let host = target, let token = try await secret("Token for \(host): ", session) {
            arguments.token = token
            arguments.authType = AuthType.pat.rawValue
        }
        return arguments
    }

    /// Asks for a secret without echo; nil when the answer is empty or nobody can be asked.
    private func secret(_ question: String, _ session: Session) async throws -> Secret? {
        guard let ask = session.prompter?.askSecret else { return nil }
        guard let answer = await ask(question) else { throw CancellationError() }
        return answer.isEmpty ? nil : answer
    }

    /// In a script nobody can be asked: the secret is the environment's.
    private func configuredSecret(_ session: Session, of id: String, _ call: Call) throws -> Secret {
        guard let secret = session.environment["DATABRICKS_CLIENT_SECRET"] else {
            throw UsageError(
                "the secret of \(id) is needed",
                hint: "type it at the prompt, or set DATABRICKS_CLIENT_SECRET or a profile; it is never an argument")
        }
        return Secret(secret)
    }
}
