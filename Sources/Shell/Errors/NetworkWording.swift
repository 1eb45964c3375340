import Databricks
import SQL
import System
import Text

/// Errors of requests: what the service, or the way to it, refused.
extension Report {
    init(api error: APIError, host: String) {
        switch true {
        case error.code == APIError.loginPage:
            self.init(
                "\(host) wants to know which workspace: \(error.message)",
                hint:
                    "a host of many workspaces needs the id: --host with ?o=ID, as the browser shows it, or workspace_id "
                    + "(DATABRICKS_WORKSPACE_ID); with it, check the credentials", exitCode: .unreachable)
        case error.code == APIError.foreignPage:
            self.init(
                "somebody else answers for \(host): \(error.message)",
                hint:
                    "a captive portal or a proxy: open any page in the browser to see what it wants, or check the host",
                exitCode: .unreachable)
        case error.code == APIError.privateLink:
            self.init(
                "\(host) can be reached by its private network (private link) only, and this is another one",
                hint: "connect through that network, such as a VPN, or ask an administrator for public access",
                exitCode: .unreachable)
        case error.isRefusedNetwork:
            self.init(
                "\(host) does not let this network in: \(error.message)",
                hint:
                    "its IP access list has other addresses: use the company's network or VPN, or ask an administrator",
                exitCode: .unreachable)
        case error.isUnauthenticated:
            self.init(
                "\(host) does not accept the credentials: \(error.message)",
                hint: "check the credentials; .status shows where they come from, .connect asks for others",
                exitCode: .unreachable)
        case error.isPermissionDenied:
            self.init(
                "\(host) refuses this: \(error.message)",
                hint: "check the token (.status shows where it comes from), or ask for the permission",
                exitCode: .unreachable)
        default:
            self.init(error.message.isEmpty ? "\(host) answered \(error.status)" : error.message)
            hint = Self.advice(error)
        }
        var facts = ["\(error.method) \(error.path)", "status \(error.status)", error.code]
        if let id = error.requestID { facts.append("request \(id)") }
        detail = "  " + facts.filter { !$0.isEmpty }.joined(separator: " · ")
    }

    /// What to do about a refusal, by its code.
    private static func advice(_ error: APIError) -> String? {
        switch error.code {
        case _ where error.isNotFound && (error.path.hasSuffix("/list") || error.path.hasSuffix("/sql/warehouses")):
            "is \(error.path) of this service? check the host (.status shows it)"
        case _ where error.isNotFound && error.path.contains("/clusters/"): ".clusters lists the clusters"
        case _ where error.isNotFound && error.path.contains("/sql/warehouses"): ".warehouses lists the warehouses"
        case _ where error.isNotFound && error.path.contains("/sql/statements"):
            "the service keeps a statement for 12 hours or so"
        case "RESOURCE_EXHAUSTED", "REQUEST_LIMIT_EXCEEDED": "too many requests at once: wait a little"
        case "INVALID_STATE": "it was changed by somebody else meanwhile: look again"
        case "TEMPORARILY_UNAVAILABLE", "DEADLINE_EXCEEDED": "the service is busy or under maintenance: try again later"
        case "ClusterNotReadyException": "the cluster is still starting: .cluster start waits for it"
        case "ENDPOINT_NOT_FOUND": "check the path: /2.0/… stands for /api/2.0/…"
        case APIError.notJSON: "is the host a workspace? a proxy may be answering in its place"
        default: nil
        }
    }

    /// Nobody knows whether it ran: what to look at.
    init(lost error: SubmissionLost) {
        self.init(transport: error.cause)
        switch error.work {
        case .statement:
            headline += "; the statement may or may not have run"
            hint = "dbsh did not send it again: look at what it changes, or in the workspace's query history"
        case .command:
            headline += "; the code may or may not have run"
            hint = "dbsh did not send it again: look at its variables and at what it writes; the context is still there"
        }
    }

    init(transport error: TransportError) {
        switch error.kind {
        case .resolve:
            self.init(error.summary, hint: "check the host's name and the connection")
        case .connect:
            self.init(
                error.summary, detail: "  " + error.message, hint: "is the host right, and a VPN or proxy needed?")
        case .tls:
            self.init(
                error.description, hint: "a company proxy may need its certificate: set SSL_CERT_FILE to it")
        case .timeout:
            self.init(error.summary, detail: "  " + error.message)
        case .unavailable:
            self.init(error.description, hint: "install libcurl 7.85 or later (Debian: libcurl4)")
        default:
            self.init(error.description)
        }
        if error.mayHaveArrived {
            hint = "the request may have reached the workspace; dbsh did not send it again"
        }
        exitCode = .unreachable
    }
}
