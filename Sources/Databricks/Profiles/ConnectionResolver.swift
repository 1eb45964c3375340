/// Finds out which workspace to use, as whom, from arguments, environment and profile: the official SDKs' rules, except
/// where a profile is asked for on the command line, which follows the Databricks CLI (API/README.md).
package enum ConnectionResolver {
    /// Resolves a connection without any network.
    /// - Parameters:
    ///   - environment: the process's variables.
    ///   - home: the user's home directory, where `.databrickscfg` is.
    /// - Throws: `ProfileError`, `InvalidHost`, `CredentialError`.
    package static func resolve(
        _ arguments: ConnectionArguments, environment: [String: String], home: String
    ) throws -> Connection {
        var search = ConnectionSearch(arguments: arguments, environment: environment, home: home)
        return try search.resolve()
    }

    /// The host and the account that a connection would be made to, whether or not it can be signed in to.
    /// - Throws: `ProfileError`, `InvalidHost`.
    package static func place(
        _ arguments: ConnectionArguments, environment: [String: String], home: String
    ) throws -> (host: HostURL, accountID: String?)? {
        var search = ConnectionSearch(arguments: arguments, environment: environment, home: home)
        try search.search()
        guard let host = try search.settings["host"].map({ try HostURL($0) }) else { return nil }
        return (host, search.settings["account_id"] ?? host.accountID)
    }
}

/// One search for a connection: what was asked, what was found, and what was looked at, for the error that says so.
struct ConnectionSearch {
    let arguments: ConnectionArguments
    let environment: [String: String]
    let path: String
    /// The user's home directory.
    let home: String
    var settings = Settings()
    var profile: String?
    /// Why that profile is used.
    var reason = ""
    /// Why the configuration file told nothing, as a sentence.
    var aboutFile = ""

    init(arguments: ConnectionArguments, environment: [String: String], home: String) {
        self.arguments = arguments
        self.environment = environment.filter { !$0.value.isEmpty }
        for variable in Attribute.all.filter(\.isSecret).flatMap(\.variables) {
            self.environment[variable].map(KnownSecrets.add)
        }
        for variable in Voucher.secretVariables {
            self.environment[variable].map(KnownSecrets.add)
        }
        self.home = home
        path = ConfigurationFile.path(arguments.configFile, environment, home: home)
    }

    mutating func resolve() throws -> Connection {
        try search()
        // A way to sign in without a host is reported as such, before anything that the way itself lacks.
        let type = try authType()
        guard let host = settings["host"] else {
            throw CredentialError.incomplete(
                authType: type, missing: ["host (DATABRICKS_HOST)"], explanation: aboutFile)
        }
        return try Connection(
            host: host, credential: try credential(type, host: try HostURL(host)), profile: profile,
            accountID: settings["account_id"], workspaceID: settings["workspace_id"],
            clusterID: settings["cluster_id"], isServerless: try isServerless(),
            warehouseID: settings["warehouse_id"], isReadOnly: isReadOnly, promptColor: settings["dbsh_prompt_color"],
            queryTags: settings["dbsh_query_tags"], stagingVolume: settings["dbsh_staging_volume"],
            sources: settings.origins())
    }

    /// Fills the settings from all there is.
    mutating func search() throws {
        fillFromArguments()
        if let name = arguments.profile {
            // A profile that was asked for brings its own credentials: the environment's belong to another workspace,
            // and must not be sent to this one. Only where to work is still taken from there.
            settings.fill(from: environment, only: Attribute.workplace)
            try load(name, askedBy: arguments.profileSource)
        } else {
            settings.fill(from: environment)
            try loadImpliedProfile()
        }
    }

    /// `serverless_compute_id`, which has one value, and goes with no cluster (the official SDKs' rules).
    /// - Throws: `ProfileError`.
    private func isServerless() throws -> Bool {
        guard let value = settings["serverless_compute_id"] else { return false }
        func origin(_ name: String) -> String { "\(name) (\(settings.source(of: name) ?? ""))" }
        guard value == "auto" else {
            throw ProfileError.serverlessValue(value, origin: origin("serverless_compute_id"))
        }
        guard settings["cluster_id"] == nil || arguments.choosesCompute else {
            throw ProfileError.twoComputes(origin("cluster_id"), origin("serverless_compute_id"))
        }
        return true
    }

    /// `dbsh_read_only`: anything but a clear no means yes, since it is there to protect.
    private var isReadOnly: Bool {
        settings["dbsh_read_only"].map { !["false", "no", "off", "0"].contains($0.lowercased()) } ?? false
    }

    private mutating func fillFromArguments() {
        settings.fill("host", arguments.host, from: "--host")
        settings.fill("token", arguments.token?.reveal(), from: "the token typed in")
        settings.fill("client_id", arguments.clientID, from: "--client-id")
        settings.fill("client_secret", arguments.clientSecret?.reveal(), from: "the secret typed in")
        settings.fill("scopes", arguments.scopes.joined(separator: " "), from: "--scopes")
        settings.fill("dbsh_token_url", arguments.tokenURL, from: "--token-url")
        settings.fill("account_id", arguments.accountID, from: "--account-id")
        settings.fill("workspace_id", arguments.workspaceID, from: "--workspace-id")
        settings.fill("cluster_id", arguments.clusterID, from: "--cluster")
        settings.fill("warehouse_id", arguments.warehouseID, from: "--warehouse")
        settings.fill("auth_type", arguments.authType, from: "--auth-type")
    }

    /// No profile on the command line: `DATABRICKS_CONFIG_PROFILE`, else the file's default. As in the SDKs the file is
    /// not even read when a host or any credential is set already and no profile is named.
    private mutating func loadImpliedProfile() throws {
        if let name = environment["DATABRICKS_CONFIG_PROFILE"] {
            return try load(name, askedBy: "DATABRICKS_CONFIG_PROFILE")
        }
        if settings.families.isEmpty, let host = arguments.host {
            return try loadProfile(for: host)
        }
        let set = settings.origins().filter { $0.attribute == "host" || isCredential($0.attribute) }
        guard set.isEmpty else {
            let names = set.map(\.source).joined(separator: " and ")
            aboutFile =
                "\(path) was not read, because \(names) \(set.count == 1 ? "is" : "are") set and no profile is named"
            return
        }
        guard let file = try ConfigurationFile.read(path: path) else {
            aboutFile = "There is no \(path)"
            return
        }
        if let name = file.defaultProfile {
            return try load(name, askedBy: "default_profile of \(path)")
        }
        reason = "nothing else is configured"
        guard let section = file.profile("DEFAULT") else {
            let names = file.profiles.map(\.name)
            aboutFile =
                "\(path) has no DEFAULT profile" + (names.isEmpty ? "" : "; it has \(names.joined(separator: ", "))")
            return
        }
        use(section)
    }

    private func isCredential(_ name: String) -> Bool {
        Attribute.all.contains { $0.name == name && $0.family != nil }
    }

    /// A host alone was given, without credentials: the one profile for that host has them.
    private mutating func loadProfile(for host: String) throws {
        let wanted = try HostURL(host).text
        let matching = try ConfigurationFile.read(path: path)?.profiles.filter { section in
            section["host"].flatMap { try? HostURL($0).text } == wanted
        }
        // Who says how to sign in needs none of them, and cannot mean two.
        guard let first = matching?.first, arguments.authType == nil || matching?.count == 1 else {
            aboutFile = matching == nil ? "There is no \(path)" : "No profile of \(path) is for \(wanted)"
            return
        }
        reason = "it is the one for \(wanted)"
        guard matching?.count == 1 else {
            throw ProfileError.ambiguousHost(wanted, profiles: matching?.map(\.name) ?? [])
        }
        use(first)
    }

    private mutating func load(_ name: String, askedBy source: String) throws {
        reason = "asked for by \(source)"
        guard name != ConfigurationFile.settingsSection else { throw ProfileError.reservedName(name) }
        let file = try ConfigurationFile.read(path: path)
        guard let section = file?.profile(name) else {
            // SDKs let a missing DEFAULT pass in silence when nobody insisted on it; here somebody named it.
            throw ProfileError.missing(
                profile: name, path: path, source: source, available: file?.profiles.map(\.name))
        }
        use(section)
    }

    private mutating func use(_ section: ConfigurationFile.Profile) {
        profile = section.name
        settings.fill(from: section)
        aboutFile = "Profile \(section.name) of \(path) was read"
    }
}
