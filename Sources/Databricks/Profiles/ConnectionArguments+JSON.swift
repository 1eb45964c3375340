import Results

/// The arguments as another process of dbsh gets them, through a pipe: the secrets are in it.
extension ConnectionArguments {
    package var json: JSONValue {
        .fields([
            ("profile", profile.map(JSONValue.string)), ("profile_source", .string(profileSource)),
            ("host", host.map(JSONValue.string)),
            ("token", (token?.reveal()).map(JSONValue.string)), ("client_id", clientID.map(JSONValue.string)),
            ("client_secret", (clientSecret?.reveal()).map(JSONValue.string)),
            ("scopes", .array(scopes.map(JSONValue.string))),
            ("token_url", tokenURL.map(JSONValue.string)), ("account_id", accountID.map(JSONValue.string)),
            ("workspace_id", workspaceID.map(JSONValue.string)),
            ("cluster_id", clusterID.map(JSONValue.string)), ("warehouse_id", warehouseID.map(JSONValue.string)),
            ("chooses_compute", .bool(choosesCompute)), ("auth_type", authType.map(JSONValue.string)),
            ("config_file", configFile.map(JSONValue.string)),
        ])
    }

    package init(json: JSONValue) {
        func text(_ name: String) -> String? { json[name]?.text }
        self.init(
            profile: text("profile"), host: text("host"), token: text("token").map { Secret($0) },
            accountID: text("account_id"), workspaceID: text("workspace_id"), clusterID: text("cluster_id"),
            warehouseID: text("warehouse_id"), authType: text("auth_type"), configFile: text("config_file"))
        profileSource = text("profile_source") ?? profileSource
        clientID = text("client_id")
        clientSecret = text("client_secret").map { Secret($0) }
        scopes = (json["scopes"]?.elements ?? []).compactMap(\.text)
        tokenURL = text("token_url")
        choosesCompute = json["chooses_compute"]?.bool ?? false
    }
}
