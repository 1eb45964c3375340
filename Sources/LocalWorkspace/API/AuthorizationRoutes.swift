/// The page on which a person signs in, for clients that send a browser there (RFC 6749 §3.1). There is one person, so the page has one
/// button.
enum AuthorizationRoutes {
    static func routes(
        _ logins: BrowserLogins, userName: String, accountID: String, base: @escaping @Sendable () -> String
    ) -> [Route] {
        ["/oidc", "/oidc/accounts/{account}"].flatMap { level in
            [
                Route("GET", level + "/v1/authorize", needsCredential: false) { request in
                    try OAuthRoutes.requireAccount(request, accountID)
                    return ask(request, logins, userName)
                },
                Route("POST", level + "/v1/authorize", needsCredential: false) { request in
                    try OAuthRoutes.requireAccount(request, accountID)
                    let form = try FormBody(request.body)
                    guard
                        let target = logins.decide(
                            form["request"] ?? "", allows: form["decision"] == "allow",
                            issuer: base() + request.path.dropLast("/v1/authorize".count))
                    else {
                        return page("Begin again", "<p>This page has been answered, or is too old.</p>", status: 400)
                    }
                    return HTTPResponse(
                        status: 303, headers: [("Location", target), ("Cache-Control", "no-store")], body: .bytes([]))
                },
            ]
        }
    }

    private static func ask(_ request: HTTPRequest, _ logins: BrowserLogins, _ userName: String) -> HTTPResponse {
        // Who cannot be trusted with an answer is not sent one (RFC 6749 §4.1.2.1): the person is told instead.
        guard request.argument("client_id") == BrowserLogins.client else {
            return page("Unknown application", "<p>The client_id is not known here.</p>", status: 400)
        }
        guard let redirect = request.argument("redirect_uri"), isLoopback(redirect) else {
            return page(
                "Not a place to return to", "<p>The redirect_uri must be http://localhost with a port.</p>", status: 400
            )
        }
        let login = BrowserLogins.Request(
            redirect: redirect, challenge: request.argument("code_challenge") ?? "",
            state: request.argument("state") ?? "", scope: request.argument("scope") ?? "")
        if let problem = problem(request) {
            let target = BrowserLogins.redirect(login, [("error", problem.code), ("error_description", problem.text)])
            return HTTPResponse(status: 302, headers: [("Location", target)], body: .bytes([]))
        }
        let id = logins.begin(login)
        return page(
            "Sign in to the local workspace",
            """
            <p>dbsh wants to work as <b>\(escaped(userName))</b> and will come back to \(escaped(redirect)).</p>
            <form method="post"><input type="hidden" name="request" value="\(id)">
            <button name="decision" value="allow" autofocus>Sign in</button>
            <button name="decision" value="deny" class="deny">No</button></form>
            """, status: 200)
    }

    private static func problem(_ request: HTTPRequest) -> (code: String, text: String)? {
        guard request.argument("response_type") == "code" else {
            return ("unsupported_response_type", "Only code is supported.")
        }
        guard request.argument("code_challenge_method") == "S256",
            (43...128).contains(request.argument("code_challenge")?.utf8.count ?? 0)
        else { return ("invalid_request", "A code_challenge of the method S256 is needed.") }
        guard request.argument("state")?.isEmpty == false else { return ("invalid_request", "A state is needed.") }
        return nil
    }

    /// `http://localhost:PORT` or `http://127.0.0.1:PORT`, any port (RFC 8252 §7.3).
    private static func isLoopback(_ redirect: String) -> Bool {
        for host in ["http://localhost:", "http://127.0.0.1:"] where redirect.hasPrefix(host) {
            let port = redirect.dropFirst(host.count)
            return UInt16(port.hasSuffix("/") ? port.dropLast() : port) != nil
        }
        return false
    }

    private static func page(_ title: String, _ body: String, status: Int) -> HTTPResponse {
        let text = """
            <!doctype html><html lang="en"><head><meta charset="utf-8"><title>\(title)</title>
            <link rel="icon" href="data:,"><style>body{font:1.1rem system-ui,sans-serif;max-width:32rem;margin:18vh auto;padding:0 1rem}
            button{font:inherit;padding:.5rem 1.5rem}.deny{border:0;background:none;text-decoration:underline}</style></head>
            <body><h1>\(title)</h1>\(body)</body></html>
            """
        return HTTPResponse(
            status: status,
            headers: [
                ("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "no-store"),
                ("X-Frame-Options", "DENY"),
                ("Referrer-Policy", "no-referrer"),
            ], body: .bytes(Array(text.utf8)))
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing("\"", with: "&quot;")
    }
}
