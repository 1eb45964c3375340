/// How clients find out where to sign in, and the tokens of OAuth 2.0 at workspace and account level: for service principals (RFC 6749
/// section 4.4) and for people who came from `AuthorizationRoutes`. None of this wants a token.
enum OAuthRoutes {
    /// - Parameter issued: called when a token was given out, before its answer goes.
    static func routes(
        _ credentials: Credentials, _ logins: BrowserLogins, workspaceID: String, accountID: String,
        base: @escaping @Sendable () -> String, issued: @escaping @Sendable () async -> Void
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
            .json("POST", "/oidc/v1/token", needsCredential: false) { request in
                let answer = try token(request, credentials, logins)
                await issued()
                return answer
            },
            .json("POST", account + "/v1/token", needsCredential: false) { request in
                try requireAccount(request, accountID)
                let answer = try token(request, credentials, logins)
                await issued()
                return answer
            },
        ]
    }

    /// - Throws: `APIError` when the path names another account.
    static func requireAccount(_ request: HTTPRequest, _ accountID: String) throws {
        guard request.pathParameters["account"] ?? accountID == accountID else {
            throw APIError.notFound("Account \(request.pathParameters["account"] ?? "") does not exist")
        }
    }

    /// Authorization server metadata (RFC 8414).
    private static func metadata(_ issuer: String) -> JSON {
        [
            "issuer": .string(issuer), "authorization_endpoint": .string(issuer + "/v1/authorize"),
            "token_endpoint": .string(issuer + "/v1/token"),
            "grant_types_supported": ["client_credentials", "authorization_code", "refresh_token"],
            "response_types_supported": ["code"], "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
            "scopes_supported": ["all-apis", "offline_access"],
        ]
    }

    private static func token(
        _ request: HTTPRequest, _ credentials: Credentials, _ logins: BrowserLogins
    ) throws -> JSON {
        let form = try FormBody(request.body)
        switch form["grant_type"] {
        case "client_credentials"?: return try principalToken(request, form, credentials)
        case "authorization_code"?:
            try requirePublicClient(form)
            let scope = try logins.redeem(
                code: form["code"] ?? "", verifier: form["code_verifier"] ?? "", redirect: form["redirect_uri"] ?? "")
            return reply(credentials.issueAccessToken(), scope, credentials, refresh: logins.refreshToken(for: scope))
        case "refresh_token"?:
            try requirePublicClient(form)
            let scope = try logins.redeem(refreshToken: form["refresh_token"] ?? "")
            return reply(credentials.issueAccessToken(), scope, credentials, refresh: logins.refreshToken(for: scope))
        case nil: throw APIError.oauth(400, "invalid_request", "grant_type is missing.")
        default:
            throw APIError.oauth(
                400, "unsupported_grant_type",
                "Only client_credentials, authorization_code and refresh_token are supported here.")
        }
    }

    private static func requirePublicClient(_ form: FormBody) throws {
        guard form["client_id"] == BrowserLogins.client else {
            throw APIError.oauth(401, "invalid_client", "Client authentication failed")
        }
    }

    private static func reply(_ token: String, _ scope: String, _ credentials: Credentials, refresh: String?) -> JSON {
        let reply: JSON = [
            "access_token": .string(token), "token_type": "Bearer",
            "expires_in": .integer(credentials.accessTokenLifetime.components.seconds), "scope": .string(scope),
        ]
        return refresh.map { reply.adding(["refresh_token": .string($0)]) } ?? reply
    }

    private static func principalToken(
        _ request: HTTPRequest, _ form: FormBody, _ credentials: Credentials
    ) throws -> JSON {
        let basic = request.header("authorization").flatMap(BasicCredential.init(header:))
        // RFC 6749 section 2.3.1: id and secret are form-encoded before they go into the header.
        let clientID = basic.flatMap { percentDecoded(Array($0.user.utf8)) } ?? form["client_id"]
        let clientSecret = basic.flatMap { percentDecoded(Array($0.password.utf8)) } ?? form["client_secret"]
        guard let clientID, let clientSecret else {
            throw APIError.oauth(401, "invalid_client", "Client authentication failed")
        }
        let token = try credentials.issueAccessToken(clientID: clientID, clientSecret: clientSecret)
        return reply(token, form["scope"] ?? "all-apis", credentials, refresh: nil)
    }
}
