/// What the command line or `.connect` says about a connection. Beats everything else; nil leaves a setting to the
/// environment and the profile.
package struct ConnectionArguments: Sendable {
    package var profile: String?
    /// What the user named it with, for messages.
    package var profileSource = "--profile"
    package var host: String?
    package var token: Secret?
    /// A service principal: its application id and its secret, what its tokens shall allow, and where they are given out.
    package var clientID: String?
    package var clientSecret: Secret?
    package var scopes: [String] = []
    package var tokenURL: String?
    package var accountID: String?
    package var workspaceID: String?
    package var clusterID: String?
    package var warehouseID: String?
    /// Where code runs is said elsewhere on the command line: what environment and profile say of it cannot contradict.
    package var choosesCompute = false
    package var authType: String?
    /// Path of the configuration file, instead of `~/.databrickscfg`.
    package var configFile: String?

    package init(
        profile: String? = nil, host: String? = nil, token: Secret? = nil, accountID: String? = nil,
        workspaceID: String? = nil, clusterID: String? = nil, warehouseID: String? = nil, authType: String? = nil,
        configFile: String? = nil
    ) {
        self.profile = profile
        self.host = host
        self.token = token
        self.accountID = accountID
        self.workspaceID = workspaceID
        self.clusterID = clusterID
        self.warehouseID = warehouseID
        self.authType = authType
        self.configFile = configFile
    }
}
