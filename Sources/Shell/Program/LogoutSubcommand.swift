import Databricks

/// `dbsh logout`: forget a login that `dbsh login` has kept.
struct LogoutSubcommand: Subcommand {
    let host = Argument<String?>("HOST", "the workspace's URL; default: the only one that is signed in to")
    let accountID = Flag<String?>("--account-id", value: "ID", "the account; only with an accounts host")

    var spec: ProgramSpec {
        ProgramSpec(
            "logout", "forget a login of dbsh login", takes: [host], flags: [accountID],
            details: """
                Profiles, tokens and the Databricks CLI's own logins stay as they are.
                """,
            examples: [.init("dbsh logout dbc-1234.cloud.databricks.com", "dbsh login signs in again")])
    }

    func run(_ call: Call, in program: ProgramContext) async throws -> Int32 {
        let environment = program.environment
        let cache = TokenCache.own(environment.variables, home: environment.home)
        let key = try key(call, cache)
        guard try await cache.forget(key) else {
            let names = try cache.names().map(HostURL.typed).joined(separator: ", ")
            throw UsageError(
                "there is no login for \(HostURL.typed(key))",
                hint: names.isEmpty ? "there is none at all" : "there is \(names)")
        }
        program.console.say("signed out of \(HostURL.typed(key))")
        return 0
    }

    private func key(_ call: Call, _ cache: TokenCache) throws -> String {
        if let typed = call[host] {
            let url = try HostURL(typed)
            return TokenCache.key(host: url.text, accountID: call[accountID] ?? url.accountID)
        }
        let names = try cache.names()
        guard let only = names.first else { throw UsageError("nobody is signed in", hint: "dbsh login signs in") }
        guard names.count == 1 else {
            throw UsageError("which login?", hint: "there is \(names.map(HostURL.typed).joined(separator: ", "))")
        }
        return only
    }
}
