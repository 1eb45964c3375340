/// A workspace and the right to use it: all that a `Client` needs to know.
package struct Connection: Sendable {
    /// `https://host[:port]`, without path.
    package let host: String
    package let credential: any Credential
    /// The profile it came from, if any.
    package let profile: String?
    package let accountID: String?
    /// Sent as `X-Databricks-Workspace-Id` when known.
    package let workspaceID: String?
    package let clusterID: String?
    /// Code runs on serverless compute.
    package let isServerless: Bool
    package let warehouseID: String?
    /// The profile (or the environment) says that nothing may be written: `dbsh_read_only`.
    package let isReadOnly: Bool
    /// The volume, or folder of one, in which files to be loaded are staged: `dbsh_staging_volume`, as written.
    package let stagingVolume: String?
    /// How the prompt is to be coloured, so that one workspace is not taken for another: `dbsh_prompt_color`, as written.
    package let promptColor: String?
    /// Tags that statements are to be sent with: `dbsh_query_tags`, as written.
    package let queryTags: String?
    /// Where each setting was found, for `.status`: attribute name and source, such as `host` and `DATABRICKS_HOST`, in
    /// the order of the official attribute table. Never a value.
    package let sources: [(attribute: String, source: String)]

    /// - Parameter host: an address or a pasted URL.
    /// - Throws: `InvalidHost`.
    package init(
        host: String, credential: any Credential, profile: String? = nil, accountID: String? = nil,
        workspaceID: String? = nil, clusterID: String? = nil, isServerless: Bool = false, warehouseID: String? = nil,
        isReadOnly: Bool = false, promptColor: String? = nil, queryTags: String? = nil, stagingVolume: String? = nil,
        sources: [(attribute: String, source: String)] = []
    ) throws {
        let url = try HostURL(host)
        self.host = url.text
        self.credential = credential
        self.profile = profile
        self.accountID = accountID ?? url.accountID
        self.workspaceID = workspaceID ?? url.workspaceID
        self.clusterID = clusterID
        self.isServerless = isServerless
        self.warehouseID = warehouseID
        self.isReadOnly = isReadOnly
        self.promptColor = promptColor
        self.queryTags = queryTags
        self.stagingVolume = stagingVolume
        self.sources = sources
    }

    package var authType: AuthType { credential.authType }
}
