import Results

/// Reads the many forms in which the service says no (API/README.md) into one `APIError`.
enum ErrorBody {
    /// The error of a reply that is no success, or that is a success in the wrong form.
    static func error(_ response: HTTPResponse, request: HTTPRequest) -> APIError {
        let head = response.head
        let text = String(decoding: response.body.prefix(1 << 20), as: UTF8.self).trimmingSpaces()
        let (code, message) = explanation(of: head, text: text, request)
        return APIError(
            status: head.status, code: code, message: message, requestID: head.requestID ?? requestID(in: text),
            method: request.method, path: path(of: request.url), retryAfter: RetryAfter.wait(of: head))
    }

    /// - Throws: `APIError` for a reply that is not a success, or a page for people.
    static func checkSuccess(_ stream: HTTPStream, _ request: HTTPRequest) async throws {
        let isPage = stream.head["content-type"]?.lowercased().hasPrefix("text/html") == true
        guard stream.head.isSuccess, !isPage else {
            let body = try await stream.body.collect(upTo: 1 << 20)
            throw error(HTTPResponse(head: stream.head, body: body), request: request)
        }
    }

    /// Path of an absolute URL, without query.
    static func path(of url: String) -> String {
        let tail = url.firstRange(of: "://").map { url[$0.upperBound...] } ?? url[...]
        return String(tail.drop { $0 != "/" }.prefix { $0 != "?" })
    }

    /// Whether a body is a web page: some replies call one `text/plain`, or nothing at all.
    static func isHTML(_ head: HTTPHead, _ text: String) -> Bool {
        if head["content-type"]?.lowercased().hasPrefix("text/html") == true { return true }
        let start = text.prefix(15).lowercased()
        return start.hasPrefix("<!doctype html") || start.hasPrefix("<html")
    }

    private static func explanation(
        of head: HTTPHead, text: String, _ request: HTTPRequest
    ) -> (code: String, message: String) {
        if (300..<400).contains(head.status) { return redirect(head, request) }
        if isHTML(head, text) { return page(head, text) }
        if head.isSuccess { return (APIError.notJSON, "the reply is not JSON: \(excerpt(text))") }
        if text.isEmpty { return (statusCode(head.status), phrase(head.status)) }
        if let json = try? JSONValue.parse(text), case .object = json { return fields(json, head.status) }
        if let coded = codeBeforeColon(text) { return coded }
        return (statusCode(head.status), excerpt(text))
    }

    /// The JSON forms: standard, API 1.2, SCIM.
    private static func fields(_ json: JSONValue, _ status: Int) -> (code: String, message: String) {
        // API 1.2 puts all it has into `error`; OAuth endpoints put a code there and the text beside it.
        if let error = json["error"]?.text {
            if let description = json["error_description"]?.text { return (error.uppercased(), description) }
            return (exceptionCode(error) ?? statusCode(status), error)
        }
        if let detail = json["detail"]?.text {
            // A literal "null" is what SCIM sends when it failed inside.
            let type = json["scimType"]?.text.flatMap { $0.isEmpty || $0 == "null" ? nil : $0 }
            let message =
                detail == "null" ? "SCIM API Internal Error" : [type, detail].compactMap { $0 }.joined(separator: " ")
            return ("SCIM_\(json["status"]?.scalarText ?? String(status))", message)
        }
        // `error_code` can be a number or a numeric string: that is the status once more, not a code.
        let given = (json["error_code"] ?? json["code"])?.scalarText ?? ""
        let code = given.isEmpty || Int(given) != nil ? statusCode(Int(given) ?? status) : given
        let message = (json["message"] ?? json["error_description"])?.text ?? ""
        return (code, message.isEmpty ? phrase(status) : message)
    }

    /// `ClusterNotReadyException: Cluster …` of API 1.2 has its code before the colon, in Java's spelling.
    private static func exceptionCode(_ text: String) -> String? {
        let name = text.prefix { $0 != ":" }
        guard name.endIndex < text.endIndex, name.hasSuffix("Exception") || name.hasSuffix("Error"),
            name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "." || $0 == "_" })
        else { return nil }
        return String(name)
    }

    /// `MALFORMED_REQUEST: some text` as plain text.
    private static func codeBeforeColon(_ text: String) -> (code: String, message: String)? {
        let code = text.prefix { $0 != ":" }
        guard code.count > 2, code.endIndex < text.endIndex,
            code.utf8.allSatisfy({ (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) || $0 == UInt8(ascii: "_") })
        else { return nil }
        return (String(code), text[code.endIndex...].dropFirst().trimmingSpaces())
    }

    private static func page(_ head: HTTPHead, _ text: String) -> (code: String, message: String) {
        let words = ["pre", "title", "h1"].lazy.compactMap { element(String($0), in: text) }.first
        // 511: Network Authentication Required (RFC 6585 §6).
        if head.isSuccess || head.status == 511 {
            let title = words.map { " (\($0))" } ?? ""
            // Databricks' own pages name it, if only as the place of their scripts.
            return text.lowercased().contains("databricks")
                ? (APIError.loginPage, "it answers with its login page instead of data\(title)")
                : (APIError.foreignPage, "a web page came instead of data\(title)")
        }
        return (statusCode(head.status), words ?? phrase(head.status))
    }

    /// Text of the first `<name>…</name>`.
    private static func element(_ name: String, in page: String) -> String? {
        let lower = page.lowercased()
        // Lower-casing may change lengths outside ASCII; then indices do not match and the page's words are not needed.
        guard lower.utf8.count == page.utf8.count, let open = lower.firstRange(of: "<\(name)>"),
            let close = String(lower[open.upperBound...]).firstRange(of: "</\(name)>")
        else { return nil }
        let length = String(lower[open.upperBound...])[..<close.lowerBound].utf8.count
        let start = lower[..<open.upperBound].utf8.count
        let bytes = Array(page.utf8)[start..<(start + length)]
        let words = HTMLText.plain(String(decoding: bytes, as: UTF8.self)).trimmingSpaces()
        return words.isEmpty ? nil : words
    }

    /// Redirects are never followed with credentials; the two that mean something are told apart.
    private static func redirect(_ head: HTTPHead, _ request: HTTPRequest) -> (code: String, message: String) {
        let target = head["location"] ?? ""
        if target.contains("error=private-link-validation-error") {
            return (
                APIError.privateLink,
                "the workspace can be reached through its private network (private link) only; this is another one"
            )
        }
        let host = HostURL.authority(of: target)
        let isElsewhere = target.contains("://") && host != HostURL.authority(of: request.url)
        if !isElsewhere || host.contains("databricks"), target.contains("/login") || target.contains("/oidc/") {
            return (APIError.loginPage, "it sends to its login page instead of data")
        }
        // 301 and 308 are said of something that has moved for good.
        if isElsewhere, ![301, 308].contains(head.status) {
            return (APIError.foreignPage, "the answer leads elsewhere, to \(host)")
        }
        return ("REDIRECTED", "the server redirects to \(Redaction.url(target)), which is not followed")
    }

    private static func requestID(in text: String) -> String? {
        guard let json = try? JSONValue.parse(text) else { return nil }
        return json.elements("details").lazy.compactMap { $0["request_id"]?.text }.first
    }

    private static func excerpt(_ text: String) -> String {
        text.isEmpty ? "it is empty" : text.count <= 400 ? text : text.prefix(400) + "…"
    }

    /// A code for replies that bring none: the status's name in capitals, as the official SDKs do.
    private static func statusCode(_ status: Int) -> String {
        switch status {
        case 401: "UNAUTHENTICATED"
        case 403: "PERMISSION_DENIED"
        case 404: "NOT_FOUND"
        case 429: "RESOURCE_EXHAUSTED"
        case 500: "INTERNAL_ERROR"
        case 503: "TEMPORARILY_UNAVAILABLE"
        case 504: "DEADLINE_EXCEEDED"
        default: phrase(status).uppercased().split(separator: " ").joined(separator: "_")
        }
    }

    /// Reason phrases of RFC 9110 §15.
    private static func phrase(_ status: Int) -> String {
        switch status {
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 409: "Conflict"
        case 413: "Content Too Large"
        case 429: "Too Many Requests"
        case 500: "Internal Server Error"
        case 501: "Not Implemented"
        case 502: "Bad Gateway"
        case 503: "Service Unavailable"
        case 504: "Gateway Timeout"
        default: "HTTP \(status)"
        }
    }
}
