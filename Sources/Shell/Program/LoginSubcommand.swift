import Databricks
import Terminal
import Text

/// `dbsh login`: sign in to a workspace with the browser.
struct LoginSubcommand: Subcommand {
    let host = Argument<String?>("HOST", "the workspace's URL; default: the one that is configured")
    let profile = Flag<String?>(
        "--profile", short: "-p", value: "NAME", "write it to ~/.databrickscfg under this name", from: .profiles)
    let accountID = Flag<String?>("--account-id", value: "ID", "the account; only with an accounts host")

    var spec: ProgramSpec {
        ProgramSpec(
            "login", "sign in to a workspace with the browser", takes: [host], flags: [profile, accountID],
            details: """
                Opens $BROWSER, or the desktop's browser, and waits until you have signed in. Over SSH, open the address that is
                shown in a browser anywhere, and paste the address at which it ends up.
                The login is kept in ~/.local/state/dbsh, readable by you only, and refreshed by itself. From then on the host
                alone is enough: dbsh --host HOST, or DATABRICKS_HOST. dbsh logout HOST forgets it.
                """,
            examples: [
                .init("dbsh login dbc-1234.cloud.databricks.com", "then: dbsh --host dbc-1234.cloud.databricks.com"),
                .init("dbsh login dbc-1234.cloud.databricks.com --profile dev", "then: dbsh --profile dev"),
            ])
    }

    func run(_ call: Call, in program: ProgramContext) async throws -> Int32 {
        let (environment, console) = (program.environment, program.console)
        let writer = try ProfileWriter(environment.variables, home: environment.home)
        let asker = Asker(environment)
        let place = try await place(call, writer, asker, environment)
        let user = try await Interrupts.shared.cancelling {
            let signIn = BrowserSignIn(environment: environment) { console.say($0) }
            return try await signIn.run(host: place.host, accountID: place.accountID)
        }
        let host = HostURL.typed(place.host.text)
        console.say("signed in to \(host)" + (user.map { " as \($0)" } ?? ""))
        var name = call[profile]
        if name == nil { name = await proposedProfile(place.host.text, writer, asker) }
        if let name {
            try writer.write(name, host: place.host.text, accountID: place.accountID)
            console.say("profile \(name) is in \(writer.path): dbsh --profile \(name)")
        } else {
            console.say("from now on this is enough: dbsh --host \(host)")
        }
        await asker.close()
        return 0
    }

    private func place(
        _ call: Call, _ writer: ProfileWriter, _ asker: Asker, _ environment: ShellEnvironment
    ) async throws -> (host: HostURL, accountID: String?) {
        if let typed = call[host] ?? call[profile].flatMap(writer.host(of:)) {
            let url = try HostURL(typed)
            return (url, call[accountID] ?? url.accountID ?? environment["DATABRICKS_ACCOUNT_ID"])
        }
        if call[profile] == nil,
            let found = try ConnectionResolver.place(
                .init(), environment: environment.variables, home: environment.home)
        {
            return (found.host, call[accountID] ?? found.accountID)
        }
        guard let answer = await asker.ask("URL of the workspace: "), !answer.isEmpty else {
            throw UsageError("which workspace?", hint: "dbsh login HOST names it")
        }
        let url = try HostURL(answer)
        return (url, call[accountID] ?? url.accountID)
    }

    /// Offers to write a profile, unless there is one for the host.
    private func proposedProfile(_ host: String, _ writer: ProfileWriter, _ asker: Asker) async -> String? {
        guard writer.profiles(for: host).isEmpty else { return nil }
        while let name = await asker.ask("Name of a profile for it in \(writer.path) (empty: none): "), !name.isEmpty {
            if let other = writer.host(of: name) {
                asker.say("profile \(name) is there already, for \(other)")
            } else if name.contains(where: { "[]#;\n".contains($0) }) || name == ConfigurationFile.settingsSection {
                asker.say("\(name) cannot be the name of a profile")
            } else {
                return name
            }
        }
        return nil
    }
}
