import Databricks
import Glibc

/// Signs a person in with the browser, and tells them what to do meanwhile. The login is kept for all later sessions.
struct BrowserSignIn {
    let environment: ShellEnvironment
    let say: @MainActor (String) -> Void

    /// - Returns: who is signed in; nil at an account, which has no current user.
    /// - Throws: what signing in throws, `CancellationError`.
    func run(host: HostURL, accountID: String?) async throws -> String? {
        let variables = environment.variables
        let transport = CurlTransport(.init(environment: variables))
        do {
            let user = try await run(host, accountID ?? host.accountID, transport)
            await transport.shutdown()
            return user
        } catch {
            await transport.shutdown()
            throw error
        }
    }

    private func run(_ host: HostURL, _ accountID: String?, _ transport: CurlTransport) async throws -> String? {
        let variables = environment.variables
        let nobody = Client(
            connection: try Connection(host: host.text, credential: Anonymous()), transport: transport,
            version: Version.number)
        let login = BrowserLogin(
            nobody.network, accountID: accountID,
            port: environment["DATABRICKS_OAUTH_CALLBACK_PORT"].flatMap(UInt16.init))
        try await login.run(
            keeping: .own(variables, home: environment.home),
            pastedOn: environment.inputIsTerminal ? environment.standardInput : nil
        ) { notice in
            Task { @MainActor in tell(notice, host) }
        }
        guard !HostURL.isAccounts(host.text) else { return nil }
        var arguments = ConnectionArguments(host: host.text, authType: AuthType.externalBrowser.rawValue)
        arguments.accountID = accountID
        let connection = try ConnectionResolver.resolve(arguments, environment: variables, home: environment.home)
        let client = Client(connection: connection, transport: transport, version: Version.number)
        return try await client.currentUser.me().userName
    }

    private func tell(_ notice: BrowserLogin.Notice, _ host: HostURL) {
        switch notice {
        case .open(let url):
            say("sign in to \(HostURL.typed(host.text)) with the browser; Ctrl-C gives up")
            say(url)
            if environment.inputIsTerminal {
                say("if the browser runs elsewhere (SSH), paste the address at which it ends up, and Enter")
            }
            let say = say
            BrowserProgram(environment.variables).open(url) {
                Task { @MainActor in say("no browser could be opened here: open the address by hand") }
            }
        case .foreignAnswer:
            say("an answer that belongs to another login was refused (its state is not the one of this login)")
        case .unusablePaste:
            say("that is not the address at which the browser ends up: it has a code and a state in it")
        }
    }
}
