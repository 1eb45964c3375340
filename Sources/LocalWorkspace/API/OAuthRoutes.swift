/// How clients find out where to sign in, and OAuth 2.0 client credentials (RFC 6749 section 4.4), at workspace and
/// account level. None of this wants a token.
enum OAuthRoutes {
    static func routes(
        _ credentials: Credentials, workspaceID: String, accountID: String, base: @escaping @Sendable () -> String
    ) -> [Route] {
        let account = "/oidc/accounts/{account}"
        return [
            .json("GET", "/.well-known/databricks-config", needsCredential: false) { _ in
                [
                    "oidc_endpoint": .string(base() + "/oidc"), "account_id": .string(accountID),
                    "workspace_id": .string(workspaceID), "host_type": "workspace",
                ]
            },
            .json("GET", "/oidc/.well-known/oauth-authorization-server", needsCredential: false) { _ in
                metadata(base() + "/oidc")
            },
            .json("GET", account + "/.well-known/oauth-authorization-server", needsCredential: false) { request in
                try requireAccount(request, accountID)
                return metadata(base() + "/oidc/accounts/" + accountID)
            },
            .json("POST", "/oidc/v1/token", needsCredential: false) { try token($0, credentials) },
            .json("POST", account + "/v1/token", needsCredential: false) { request in
                try requireAccount(request, accountID)
                return try token(request, credentials)
            },
        ]
    }

    private static func requireAccount(_ request: HTTPRequest, _ accountID: String) throws {
        guard request.pathParameters["account"] == accountID else {
            throw APIError.notFound("Account \(request.pathParameters["account"] ?? "") does not exist")
        }
    }

    /// Authorization server metadata (RFC 8414).
    private static func metadata(_ issuer: String) -> JSON {
        [
            "issuer": .string(issuer), "authorization_endpoint": .string(issuer + "/v1/authorize"),
            "token_endpoint": .string(issuer + "/v1/token"), "grant_types_supported": ["client_credentials"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "scopes_supported": ["all-apis"],
        ]
    }

    private static func token(_ request: HTTPRequest, _ credentials: Credentials) throws -> JSON {
        let form = try FormBody(request.body)
        guard let grant = form["grant_type"] else {
            throw APIError.oauth(400, "invalid_request", "grant_type is missing.")
        }
        guard grant == "client_credentials" else {
            throw APIError.oauth(400, "unsupported_grant_type", "Only client_credentials is supported here.")
        }
        let basic = request.header("authorization").flatMap(BasicCredential.init(header:))
        // RFC 6749 section 2.3.1: id and secret are form-encoded before they go into the header.
        let clientID = basic.flatMap { percentDecoded(Array($0.user.utf8)) } ?? form["client_id"]
        let clientSecret = basic.flatMap { percentDecoded(Array($0.password.utf8)) } ?? form["client_secret"]
        guard let clientID, let clientSecret else {
            throw APIError.oauth(401, "invalid_client", "Client authentication failed")
        }
        let token = try credentials.issueAccessToken(clientID: clientID, clientSecret: clientSecret)
        return [
            "access_token": .string(token), "token_type": "Bearer",
            "expires_in": .integer(credentials.accessTokenLifetime.components.seconds),
            "scope": .string(form["scope"] ?? "all-apis"),
        ]
    }
}
