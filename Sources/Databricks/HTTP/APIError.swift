/// The service answered, and the answer is no. Made of every form of error body there is (API/README.md).
package struct APIError: Error, Sendable, Equatable {
    /// HTTP status. 200 with `code == APIError.notJSON` is the login page.
    package let status: Int
    /// The service's own code, such as `RESOURCE_DOES_NOT_EXIST`; derived from the status where the body has none.
    package let code: String
    /// One or more lines of text from the server. Data: to be made harmless before it is shown.
    package let message: String
    /// `x-request-id` of the reply; support asks for it.
    package let requestID: String?
    package let method: String
    /// Path without host and query, such as `/api/2.1/clusters/get`.
    package let path: String
    /// What `Retry-After` asked for.
    package let retryAfter: Duration?

    package init(
        status: Int, code: String, message: String, requestID: String? = nil, method: String, path: String,
        retryAfter: Duration? = nil
    ) {
        self.status = status
        self.code = code
        self.message = message
        self.requestID = requestID
        self.method = method
        self.path = path
        self.retryAfter = retryAfter
    }

    /// Code of a reply that should have been JSON and is not: a login page, a proxy's page, a cut-off text.
    package static let notJSON = "NOT_JSON"
    /// Code of a login page of Databricks: the host serves many workspaces and was not told which, or wants a person.
    package static let loginPage = "LOGIN_PAGE"
    /// Code of another web page where data should be: a captive portal, a proxy or another site answers.
    package static let foreignPage = "FOREIGN_PAGE"
    /// Code of a redirect that says the network is not allowed in (API/README.md).
    package static let privateLink = "PRIVATE_LINK_VALIDATION_ERROR"

    /// The credential is missing, wrong or expired.
    package var isUnauthenticated: Bool { status == 401 || code == "UNAUTHENTICATED" || code == Self.loginPage }
    /// The credential is fine, the right is missing.
    package var isPermissionDenied: Bool { status == 403 || code == "PERMISSION_DENIED" }

    /// The workspace lets in only some networks (an IP access list), and this is none of them. There is no code for it: the text is
    /// the service's (API/README.md).
    package var isRefusedNetwork: Bool {
        guard isPermissionDenied else { return false }
        let text = message.lowercased()
        return text.contains("ip acl") || text.contains("ip access list") || text.contains("source ip address")
    }

    /// What was asked for does not exist. clusters/get says so with 400 INVALID_PARAMETER_VALUE, which the official
    /// SDKs map too.
    package var isNotFound: Bool {
        if status == 404 || code == "RESOURCE_DOES_NOT_EXIST" || code == "NOT_FOUND" { return true }
        return code == "INVALID_PARAMETER_VALUE" && path.hasSuffix("/clusters/get")
            && message.hasPrefix("Cluster ") && message.contains("does not exist")
    }
}

extension APIError: CustomStringConvertible {
    package var description: String { "\(message) (\(method) \(path): \(status) \(code))" }
}
